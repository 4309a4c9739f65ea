"""Is this the page, or one of the things that come in its place with status 200, 202, 412 or 521?

What is judged is structure and length: how much text there is outside tags and scripts, how many links, what the
title says, whether anything marks an article (day of publication, a file, a breadcrumb). A word alone never decides:
a notice about the maintenance of a system is a notice.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from crawler.pages.charset import decode

_LOOK_AT = 400_000
_FILE_STARTS = (
    b"%PDF",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
)


class AnswerKind(Enum):
    """What an answer is."""

    PAGE = "page"
    NOT_MODIFIED = "not_modified"
    MOVED = "moved"
    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    LOGIN = "login"
    RATE_LIMITED = "rate_limited"
    CHALLENGE = "challenge"
    MAINTENANCE = "maintenance"
    EMPTY_TEMPLATE = "empty_template"
    SCRIPT_SHELL = "script_shell"
    SERVER_ERROR = "server_error"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict on one answer, and the reason in English, fit for a report."""

    kind: AnswerKind
    reason: str

    @property
    def is_page(self) -> bool:
        """Whether the answer is what was asked for (or says that it has not changed)."""
        return self.kind in (AnswerKind.PAGE, AnswerKind.NOT_MODIFIED)


def judge_answer(status: int, headers: Mapping[str, str], body: bytes, url: str) -> Answer:
    """Return what an answer is, and why; never fails. `url` is the address that answered (for login redirects)."""
    lower = {str(name).lower(): str(value) for name, value in headers.items()}
    if verdict := _by_status(status, lower):
        return verdict
    if body.startswith(_FILE_STARTS):
        return Answer(AnswerKind.PAGE, "a file")
    look = _Look.at(body, lower.get("content-type"), url)
    for judge in _JUDGES:
        if verdict := judge(status, look):
            return verdict
    if status >= 400:
        return _refused(status)
    if status in (202,) and look.words < 200:
        return Answer(AnswerKind.CHALLENGE, f"status {status} with {look.words} characters of text")
    return Answer(AnswerKind.PAGE, f"{look.words} characters of text, {look.links} links")


def says_missing(text: str) -> bool:
    """Whether a short text says that what was asked for does not exist, is closed, or must be asked for again."""
    return len(text) < 120 and any(sign.search(text) for sign in (_NOT_FOUND, _MAINTENANCE, _RATE, _EMPTY))


def _by_status(status: int, headers: Mapping[str, str]) -> Answer | None:
    if status == 304:
        return Answer(AnswerKind.NOT_MODIFIED, "status 304")
    if 300 <= status < 400:
        return Answer(AnswerKind.MOVED, f"status {status} to {headers.get('location', 'nowhere')}")
    if status in (404, 410):
        return Answer(AnswerKind.NOT_FOUND, f"status {status}")
    if status == 401:
        return Answer(AnswerKind.LOGIN, "status 401")
    if status == 429:
        return Answer(AnswerKind.RATE_LIMITED, "status 429")
    return None


def _refused(status: int) -> Answer:
    if status in (412, 521):
        return Answer(AnswerKind.CHALLENGE, f"status {status}, as script challenges answer")
    if status >= 500:
        return Answer(AnswerKind.SERVER_ERROR, f"status {status}")
    return Answer(AnswerKind.FORBIDDEN, f"status {status}")


@dataclass(frozen=True, slots=True)
class _Look:
    """What can be seen of a page without parsing it; every step takes time in proportion to its length."""

    url: str
    markup: str
    title: str
    text: str
    scripts: str
    words: int
    links: int
    is_markup: bool

    @classmethod
    def at(cls, body: bytes, content_type: str | None, url: str) -> "_Look":
        markup = decode(body[:_LOOK_AT], content_type).text
        shown, scripts = _without_scripts(markup)
        title = re.search(r"<title[^<>]{0,200}>([^<]{0,500})", shown, re.I)
        text = " ".join(re.sub(r"<[^<>]*>", " ", shown).replace("&nbsp;", " ").split())
        return cls(
            url, shown, title.group(1).strip() if title else "", text, scripts,
            len(text.replace(" ", "")), len(re.findall(r"<a\s", shown, re.I)), "<" in markup[:2000],
        )  # fmt: skip

    @property
    def is_short(self) -> bool:
        """Whether there is too little for a page of a site: a message, perhaps with a link or two."""
        return self.words < 500 and self.links < 10

    @property
    def is_article(self) -> bool:
        """Whether something marks an article: a day of publication, a file, a place in the site."""
        return bool(_ARTICLE.search(self.markup))


_ARTICLE = re.compile(
    r"发布(?:时间|日期)|发文(?:日期|时间)|来源\s*[:：]|当前位置|您(?:的|现在)的?位置"
    r"|name\s*=\s*[\"']?(?:ArticleTitle|PubDate)"
    r"|href\s*=\s*[\"']?[^\"'<>]{1,300}(?:\.(?:pdf|docx?|xlsx?|wps|zip|rar|ofd)\b|download\?|fileid=)",
    re.I,
)
_CHALLENGE = re.compile(
    r"__jsl_clearance|\$_ts\s*=|acw_sc__v2|_0x[0-9a-f]{4}|cf-chl|challenge-platform|aliyun_?waf"
    r"|yundun|safedog|document\.cookie\s*=|"
    r"\beval\s*\(|\barg1\s*=|setCookie\s*\(|geetest|TencentCaptcha",
    re.I,
)
_CHALLENGE_TEXT = re.compile(
    r"人机验证|安全验证|滑动验证|请输入验证码|浏览器安全检查|正在(?:进行)?(?:安全)?(?:验证"
    r"|检测)(?:您的)?(?:浏览器)?|请(?:开启|启用)\s*JavaScript|checking your browser|"
    r"访问(?:被)?(?:拦截|阻断)|疑似(?:攻击|黑客)|网站防火墙|请求(?:存在|包含).{0,8}(?:威胁|不合法"
    r"|攻击)|enable javascript and cookies|access denied|just a moment",
    re.I,
)
_RATE = re.compile(
    r"(?:访问|请求|操作|刷新|查询)(?:过于|太|过)?(?:频繁|频率过[高快]|次数过多|过快)"
    r"|too many requests|rate limit",
    re.I,
)
_MAINTENANCE = re.compile(
    r"(?:维护|升级|改版|检修|建设|调整)\s*中(?!心)|正在(?:进行)?(?:系统|网站|平台|服务器?|数据|例行"
    r"|紧急|日常)*(?:维护|升级|改版|检修|调整)|暂(?:时|停)(?:无法|不能|停止)?(?:访问|服务|使用)"
    r"|under (?:maintenance|construction)|temporarily unavailable|稍后(?:再|重新)?(?:访问|试)"
    r"|网站(?:暂时)?关闭|临时关闭",
    re.I,
)
_PASSWORD = re.compile(r"type\s*=\s*[\"']?password", re.I)
_LOGIN = re.compile(r"登\s*[录陆]|统一身份认证|单点登录|sign ?in|log ?in|\bsso\b|\bcas\b", re.I)
_NOT_FOUND = re.compile(
    r"\b404\b|页面?(?:不存在|已删除|未找到|没有找到|找不到|走丢)|(?:找不到|无法找到|没有找到)(?:该"
    r"|您|你|此|对应|请求|相关|要)*.{0,8}(?:页面|网页|文件|内容|信息|资源|记录)"
    r"|(?:信息|内容|文章|文件|资源|栏目)(?:不存在|已(?:被)?删除|已下线)|(?:访问|请求|查看"
    r"|浏览)的.{0,8}(?:不存在|已(?:被)?删除|未找到)|not found|no such page",
    re.I,
)
_ERROR = re.compile(
    r"Server Error in '|HTTP (?:Status|Error) 50\d|Internal Server Error|Whitelabel Error"
    r"|Bad Gateway|Gateway Time-?out|Service Unavailable|服务器(?:内部)?错误|系统(?:错误|异常|繁忙)"
    r"|程序(?:错误|异常)|出错(?:了|啦)|java\.lang\.|ORA-\d{4,5}|SQLException|Fatal error|Parse error"
    r"|Traceback \(most|Runtime Error|数据库(?:连接)?(?:错误|失败)|连接数据库失败",
    re.I,
)
_EMPTY = re.compile(
    r"暂(?:无|时没有)(?:相关)?(?:数据|信息|内容|记录|文章|公告)|(?:没有|未)(?:找到|查询到)?(?:任何"
    r"|相关|符合条件的)?(?:记录|数据|信息)[！!。.\s]*$|no data|no records"
)
_DATE = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}")
_SHELL = re.compile(r"<div[^<>]{0,200}\bid\s*=\s*[\"']?(?:app|root|main-app|__next|__nuxt|q-app)\b", re.I)
_REFRESH = re.compile(r"http-equiv\s*=\s*[\"']?refresh", re.I)


def _nothing(status: int, look: _Look) -> Answer | None:
    if look.words == 0 and not look.scripts and status < 400 and not _REFRESH.search(look.markup):
        return Answer(AnswerKind.EMPTY_TEMPLATE, "the answer has no text at all")
    return None


def _data(status: int, look: _Look) -> Answer | None:
    if status < 400 and not look.is_markup and look.words > 1:
        return Answer(AnswerKind.PAGE, "not markup (JSON or plain text)") if not _says_rate(look) else None
    return None


def _says_rate(look: _Look) -> bool:
    return look.words < 200 and bool(_RATE.search(look.text))


def _challenge(status: int, look: _Look) -> Answer | None:
    bare = look.words < 400 and look.links < 6 and not look.is_article
    if bare and look.scripts and _CHALLENGE.search(look.scripts) and look.words < 150:
        return Answer(
            AnswerKind.CHALLENGE, f"a script that sets a cookie or runs code, and {look.words} characters of text"
        )
    if bare and _CHALLENGE_TEXT.search(look.text):
        return Answer(
            AnswerKind.CHALLENGE, "a short page that asks to prove a browser, or says that a firewall stopped us"
        )
    if status in (412, 521) and bare:
        return Answer(AnswerKind.CHALLENGE, f"status {status}, as script challenges answer")
    return None


def _rate_limited(status: int, look: _Look) -> Answer | None:
    if look.is_short and not look.is_article and _RATE.search(look.text):
        return Answer(AnswerKind.RATE_LIMITED, "a short page that says we come too often")
    return None


def _login(status: int, look: _Look) -> Answer | None:
    if look.words > 800 or look.links > 25 or not _PASSWORD.search(look.markup) or look.is_article:
        return None
    if _LOGIN.search(look.title) or look.words < 300 or re.search(r"login|signin|/sso|/cas/", look.url, re.I):
        return Answer(AnswerKind.LOGIN, "a form that asks for a password, and little else")
    return None


def _maintenance(status: int, look: _Look) -> Answer | None:
    if look.is_short and not look.is_article and _MAINTENANCE.search(look.text):
        return Answer(AnswerKind.MAINTENANCE, "a short page that says the site is being worked on")
    return None


def _not_found(status: int, look: _Look) -> Answer | None:
    if status >= 400:
        return None
    reason = None
    if look.words < 2500 and _NOT_FOUND.search(look.title):
        reason = "the title says that the page does not exist"
    elif look.is_short and _NOT_FOUND.search(look.text):
        reason = "a short text says that the page does not exist"
    return Answer(AnswerKind.NOT_FOUND, f"status {status}, but {reason}") if reason and not look.is_article else None


def _server_error(status: int, look: _Look) -> Answer | None:
    if status >= 400:
        return None
    is_error = _ERROR.search(look.title) or (look.links < 6 and look.words < 4000 and _ERROR.search(look.text[:400]))
    if is_error and not look.is_article:
        return Answer(AnswerKind.SERVER_ERROR, f"status {status}, but the text is a program's error")
    return None


def _script_shell(status: int, look: _Look) -> Answer | None:
    if status >= 400 or look.words >= 120 or look.links > 3 or look.is_article:
        return None
    if _SHELL.search(look.markup) or (look.scripts and look.words < 40):
        return Answer(
            AnswerKind.SCRIPT_SHELL, f"scripts and {look.words} characters of text: the content is fetched by script"
        )
    if _REFRESH.search(look.markup) and look.words < 60:
        return Answer(AnswerKind.SCRIPT_SHELL, "the page only sends the browser elsewhere")
    return None


def _empty_template(status: int, look: _Look) -> Answer | None:
    if status >= 400:
        return None
    if look.words < 1500 and _EMPTY.search(look.text) and not _DATE.search(look.text) and not _is_told_at_length(look):
        return Answer(AnswerKind.EMPTY_TEMPLATE, "the page's frame without content; it says that there is none")
    if look.words < 10 and look.links == 0:
        return Answer(AnswerKind.EMPTY_TEMPLATE, f"{look.words} characters of text and no link")
    return None


def _is_told_at_length(look: _Look) -> bool:
    """Whether the text has sentences enough to be an article in which the words happen to stand."""
    return look.text.count("。") > 3


_JUDGES: tuple[Callable[[int, _Look], Answer | None], ...] = (
    _nothing, _data, _rate_limited, _challenge, _login, _not_found, _maintenance, _server_error, _script_shell,
    _empty_template,
)  # fmt: skip


def _without_scripts(markup: str) -> tuple[str, str]:
    """A page without scripts, styles and comments; and its scripts, with the addresses of those outside."""
    low = markup.lower() if len(markup.lower()) == len(markup) else markup
    shown, scripts, at = [], [], 0
    for opening in re.finditer(r"<(?:(script|style|noscript)\b|!--)", low):
        if opening.start() < at:
            continue
        closing = f"</{opening.group(1)}" if opening.group(1) else "-->"
        end = low.find(closing, opening.end())
        end = len(markup) if end < 0 else end + len(closing)
        shown.append(markup[at : opening.start()])
        if opening.group(1) == "script":
            scripts.append(markup[opening.start() : end])
        at = end
    shown.append(markup[at:])
    return "".join(shown), "\n".join(scripts)
