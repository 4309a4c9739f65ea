"""CQC: static pages. `index_2.shtml` lists, dated articles, files by `download?ID=` or by an unencoded Chinese name."""

import re
from urllib.parse import parse_qsl, urlsplit

from tests.replica.answer import Answer, Asked, page, redirect
from tests.replica.sites import common
from tests.replica.troubles import Trouble
from tests.replica.world import Article, Section, World

_HOME = "/www/chinese/"
_ARTICLE = re.compile(r"/www/chinese/c/(\d{4}-\d{2}-\d{2})/(\d+)\.shtml")
_INDEX = re.compile(r"(.*/)(?:index(?:_(\d+))?\.shtml)?")
_SIDE_PAGES = {
    "/www/chinese/zxdt/": ("中心动态", "本栏目发布中心的工作动态。"),
    "/www/chinese/txrz/": ("体系认证", "质量管理体系、环境管理体系和职业健康安全管理体系认证。"),
    "/www/chinese/zscx/": ("证书查询", "请输入证书编号或者企业名称进行查询。"),
    "/www/chinese/gywm/": ("关于我们", "中国质量认证中心是经批准设立的质量服务机构。"),
    "/www/chinese/xzzq/": ("下载专区", "申请书、调查表等表格请登录业务系统下载。"),
    "/www/chinese/wzdt/": ("网站地图", "认证规则、通知公告、标准换版、体系认证、证书查询。"),
    "/www/chinese/lxwm/": ("联系我们", "地址：北京市南四环西路188号9区。"),
    "/www/chinese/flsm/": ("法律声明", "未经许可，不得转载本网站内容用于商业目的。"),
    "/www/chinese/wap/": ("手机版", "请使用手机浏览器访问。"),
    "/www/english/": ("English", "The English pages are being prepared."),
}
_ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n"


def answer(world: World, asked: Asked, trouble: Trouble | None) -> Answer:
    """Return what the site answers when all is well; `trouble` may alter the rows of a list."""
    path = asked.path
    fixed = {"/robots.txt": common.robots(_ROBOTS), "/css/site.css": common.style(), "/": redirect(_HOME)}
    if path in fixed:
        return fixed[path]
    if found := _ARTICLE.fullmatch(path):
        article = world.article("cqc", int(found[2]))
        known = article is not None and address(article) == path
        return _article_page(world, article) if known and article else common.not_found()
    if link := world.file_at("cqc", _file_key(asked)):
        return common.file_answer(link)
    if path in _SIDE_PAGES:
        return common.side_page("cqc", world, *_SIDE_PAGES[path])
    return _index(world, path, trouble)


def address(article: Article) -> str:
    """Return the address of an article."""
    return f"/www/chinese/c/{article.published}/{article.number}.shtml"


def _file_key(asked: Asked) -> str:
    query = dict(parse_qsl(urlsplit(asked.target).query))
    return f"{asked.path}?ID={query['ID']}" if "ID" in query else asked.path


def _index(world: World, path: str, trouble: Trouble | None) -> Answer:
    found = _INDEX.fullmatch(path)
    if not found:
        return common.not_found()
    folder, number = found[1], int(found[2] or 1)
    if folder == _HOME:
        return common.with_validators(page(_home(world)), world.looks["cqc"].since)
    section = next((s for s in world.sections_of("cqc") if s.path == folder), None)
    return _list_page(world, section, number, trouble) if section else common.not_found()


def _list_page(world: World, section: Section, number: int, trouble: Trouble | None) -> Answer:
    rows = common.shown(world.listed(section), trouble)
    count = common.pages_of(len(rows), section.page_size)
    if number > count:
        return common.not_found()
    look = world.looks["cqc"]
    here = rows[(number - 1) * section.page_size : number * section.page_size]
    lines = [(a, address(a), common.printed(a.row_title or a.title, look)) for a in here]
    text = common.render(
        "cqc_list.html",
        world=world,
        look=look,
        section=section,
        rows=lines,
        number=number,
        count=count,
        total=len(rows),
        cut=common.cut,
    )
    return common.with_validators(page(text), max([look.since, *(a.edited or a.shown_on for a in rows)]))


def _article_page(world: World, article: Article) -> Answer:
    look = world.looks["cqc"]
    newer, older = world.neighbours(article)
    text = common.render(
        "cqc_article.html",
        world=world,
        look=look,
        article=article,
        section=world.section("cqc", article.section),
        title=common.printed(article.title, look),
        body=common.body_html(article, look),
        views=article.number % 900 + look.views,
        newer=newer,
        older=older,
        address=address,
    )
    days = [look.since, article.edited or article.published, *(n.published for n in (newer,) if n)]
    return common.with_validators(page(text), max(days))


def _home(world: World) -> str:
    newest = [(s, [(a, address(a)) for a in world.listed(s)[:6]]) for s in world.sections_of("cqc")]
    return common.render("cqc_home.html", world=world, look=world.looks["cqc"], newest=newest)
