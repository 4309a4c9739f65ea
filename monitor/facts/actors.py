"""Who acts in a sentence: a holder of certificates, the authority, a laboratory, or somebody new who applies."""

import re
from enum import Enum
from functools import lru_cache

from monitor.facts.marks import any_of


class Actor(Enum):
    """The parties of a certification notice; NOBODY where none is named."""

    HOLDER = "holder"
    AUTHORITY = "authority"
    LABORATORY = "laboratory"
    NEWCOMER = "newcomer"
    NOBODY = ""


def actor_at(text: str, position: int) -> Actor:
    """Return who acts at a place of a sentence: the one named last before it."""
    return next((actor for start, end, actor in reversed(_actors(text)) if end <= position), Actor.NOBODY)


@lru_cache(maxsize=64)
def _actors(text: str) -> tuple[tuple[int, int, Actor], ...]:
    """Return where a sentence names whom; asked once a sentence, however many deeds it has."""
    return tuple((*match.span(), Actor(match.lastgroup or "")) for match in _ACTOR.finditer(text) if match.lastgroup)


_HOLDERS = any_of(
    "证书持有[人者方]|持证[人者方]|持证企业|持证单位|持证组织|持有[人者方]|持有[^，。；]{0,30}?证书",
    "获证[者方]|获证企业|获证组织|获证单位|获证客户|获证产品|已获证|已获得|已取得",
    "旧版证书|旧证书|原证书|认证证书|认证委托[人方]|委托[人方]|申请[人方](?!式)",
    "生产企业|生产厂商?|生产者|制造商|贵公司|贵单位|[各有相]关?单位|[各有相]关?企业|企业|客户|工厂",
)
_AUTHORITIES = any_of(
    r"(?:CQC|CCAP)(?!\d)|我中心|本中心|我公司|本公司|(?<![我本])中心|(?:指定)?认证机构|发证机构|各?分中心|各?分支机构|各处室|认证工程师|检查员|审核员|工作人员|项目工程师|检查处|产品[一二三四五六七八九十]处|检查组",
    "评定人员|(?:市场监管|监管)部门|市场监管局|国家认监委|认监委|市场监管总局|标准委",
)
_ADDRESSED = r"(?<![向至到经与被报供给回寄交送])(?<!通知)(?<!登录)(?<!依据)(?<!提交)"
_NO_ACTOR = any_of(
    "颁发|安排的|组织的|委派|认可|批准|网站|官网|业务|系统|产品认证|标志|认证证书|证书|的(?!检查)|自愿|承认|指定|签约|备案|出具|实施规则|认证规则",
    "[^，。；]{0,14}?(?:发布|印发|公告|公布)[^，。；]{0,6}的?[\ue001\ue007\ue009]",
)
_LABORATORIES = "检测机构|检验机构|实验室|签约实验室|指定实验室|检验检测机构"
_NEWCOMERS = any_of(
    "新申请|新的?认证申请|新委托|新的?认证委托|新受理|初次申请|首次申请|初次认证|首次认证|初始认证|新增申请|拟申请|首次委托",
    "新申报|新提交的?认证",
)
_ACTOR = re.compile(
    rf"(?:通知|告知|督促)(?:到|所有|各|相关|有关)*(?:{_HOLDERS})|(?P<newcomer>(?:{_NEWCOMERS})(?:[^，。；]{{0,8}}?(?:企业|委托人|申请人|产品|客户|单位))?)|(?<![向至到达给交])(?<!签约)(?<!指定)(?<!联系)(?<!委托)(?<!选择)(?P<laboratory>{_LABORATORIES})(?!出具的)"
    rf"|{_ADDRESSED}(?P<authority>{_AUTHORITIES})(?!{_NO_ACTOR})|(?P<holder>{_HOLDERS})"
)
