"""CCAP: an ASP.NET site in GBK. `RuleList.aspx` turns its pages by `__doPostBack`, `NoticeList.aspx` by `?page=2`."""

from tests.replica.answer import Answer, Asked, page, redirect
from tests.replica.sites import common
from tests.replica.troubles import Trouble
from tests.replica.world import Article, Section, World

_SIDE_PAGES = {
    "/about.aspx": ("中心概况", "中汽认证中心有限公司从事汽车、摩托车产品的认证工作。"),
    "/train.aspx": ("培训服务", "内审员、实验室人员等培训。"),
    "/certquery.aspx": ("证书查询", "请输入证书编号进行查询。"),
    "/contact.aspx": ("联系我们", "地址：北京市丰台区南四环西路188号。"),
    "/en/default.aspx": ("English", "Under construction."),
}
_ROBOTS = "User-agent: *\nDisallow: /Admin/\nDisallow: /UserCenter/\n"
_ENCODING = "gb2312"


def answer(world: World, asked: Asked, trouble: Trouble | None) -> Answer:
    """Return what the site answers when all is well; `trouble` may alter the rows of a list."""
    path = asked.path.lower()
    fixed = {"/robots.txt": common.robots(_ROBOTS), "/style.css": common.style(), "/": redirect("/Default.aspx")}
    if path in fixed:
        return fixed[path]
    if path == "/images/top.gif":
        return common.gif()
    if path in _SIDE_PAGES:
        title, text = _SIDE_PAGES[path]
        return _page("plain.html", world, asked, frame="ccap_frame.html", title=title, text=text)
    if path == "/default.aspx":
        return _page("ccap_home.html", world, asked)
    section = next((s for s in world.sections_of("ccap") if s.path.lower() == path), None)
    if section is not None:
        return _list(world, section, asked, trouble)
    if path == "/newsdetail.aspx":
        return _detail(world, asked)
    if path == "/download.aspx":
        link = world.file_at("ccap", f"/DownLoad.aspx?fileid={asked.query.get('fileid', '')}")
        return common.file_answer(link) if link else common.not_found()
    return common.not_found()


def address(article: Article) -> str:
    """Return the address of an article."""
    return f"/NewsDetail.aspx?id={article.number}"


def _page(template: str, world: World, asked: Asked, **values: object) -> Answer:
    """A page in GBK whose meta tag says gb2312, without validators, with a counter and a state of its own."""
    state = f"/wEPDwUKLTk{asked.number:06d}2NzYxMWRk"
    text = common.render(template, world=world, look=world.looks["ccap"], state=state, **values)
    return common.counted(page(text, _ENCODING, content_type="text/html"), asked)


def _list(world: World, section: Section, asked: Asked, trouble: Trouble | None) -> Answer:
    rows = common.shown(world.listed(section), trouble)
    count = common.pages_of(len(rows), section.page_size)
    number = min(max(_page_number(asked, section), 1), count)
    look = world.looks["ccap"]
    here = rows[(number - 1) * section.page_size : number * section.page_size]
    lines = [(a, common.printed(a.row_title or a.title, look), _row_date(a, world)) for a in here]
    return _page(
        "ccap_list.html",
        world,
        asked,
        section=section,
        rows=lines,
        number=number,
        count=count,
        total=len(rows),
        cut=common.cut,
    )


def _row_date(article: Article, world: World) -> str:
    """2025/3/18 in the list of rules; [03-18] in the list of notices, with the year where it is not this one."""
    day = article.shown_on
    if article.section == "rules":
        return f"{day.year}/{day.month}/{day.day}"
    return f"[{day:%m-%d}]" if day.year == world.on.year else f"[{day:%Y-%m-%d}]"


def _page_number(asked: Asked, section: Section) -> int:
    """The page asked for: by the form that `__doPostBack` sends, or by the address."""
    if section.options["paging"] == "postback":
        form = asked.form if asked.method == "POST" and asked.form.get("__VIEWSTATE") else {}
        wanted = form.get("__EVENTARGUMENT", "") if form.get("__EVENTTARGET") == "AspNetPager1" else ""
    else:
        wanted = asked.query.get("page", "")
    return int(wanted) if wanted.isdecimal() else 1


def _detail(world: World, asked: Asked) -> Answer:
    number = asked.query.get("id", "")
    article = world.article("ccap", int(number)) if number.isdecimal() else None
    if article is None:
        return common.not_found()
    look = world.looks["ccap"]
    return _page(
        "ccap_article.html",
        world,
        asked,
        article=article,
        section=world.section("ccap", article.section),
        title=common.printed(article.title, look),
        body=common.body_html(article, look),
        newer=world.neighbours(article)[0],
        older=world.neighbours(article)[1],
    )
