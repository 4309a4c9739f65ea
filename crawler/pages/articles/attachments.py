"""The files that an article links, in any shape that Chinese content systems give such a link.

A file is known by its extension, by a download address (`download?ID=…`, `DownLoad.aspx?fileid=…`), by a name with an
extension in its text or title, by the box it stands in, or by what its text calls it (附件1：…).
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from bs4.element import Tag

from crawler.pages.articles.filenames import name_from_url
from crawler.pages.links import address_key
from crawler.pages.page import Page, ancestors, attribute, marks, said, tags_in
from crawler.pages.records import Attachment

EXTENSIONS = r"pdf|docx?|wps|wpt|rtf|xlsx?|et|csv|pptx?|dps|zip|rar|7z|tar|gz|ofd|ceb|caj|txt|xml|tiff?"
_FILE_PATH = re.compile(rf"\.(?:{EXTENSIONS})(?:$|[?#;&])", re.I)
_FILE_NAME = re.compile(rf"[^\s.]\.(?:{EXTENSIONS})(?=$|[\s\])）】》（(,，;；])", re.I)
_DOWNLOAD = re.compile(
    r"down_?load|fileid=|file_id=|attach|/accessor|getfile|fileview|downfile|openfile|filedown"
    r"|/resource/download|/(?:down|dl|xiazai|getatt|showfile)\.(?:aspx?|ashx|php|jsp|do|action|cgi)(?=[?#]|$)"
    r"|[?&](?:file|filename|fileurl|attid|annexid|wbfileid)=",
    re.I,
)
_BOX = re.compile(
    r"(?:^|[\s_-])(?:attach\w*|fujian|fj\w{0,6}|annex\w*|enclosure|accessor\w*|file-?_?list|files?"
    r"|appendix|download\w*)(?=$|[\s_\d-])"
)
_CALLED = re.compile(
    r"^\s*[\[(（【]?\s*附\s*[件表录图]\s*[一二三四五六七八九十\d]*\s*(?:[:：.、)）\]】\s]"
    r"|$)",
)
_EMPTY_NAME = re.compile(
    r"^[\[(（【\s]*(?:附件\s*[:：]?|附件\d*下载|点击(?:此处)?(?:下载|查看)|(?:点击|立即"
    r"|文件)?下载(?:附件)?|查看|预览|在线(?:预览|浏览)|打开|pdf|word|此处|这里)[\])）】\s]*$",
    re.I,
)
_SAYS_DOWNLOAD = re.compile(
    r"^[^\w]*(?:点击|立即|文件|附件|全文|规则)?下载(?:附件|文件|全文|文档)?[^\w]*$|^download$", re.I
)
_LINKING = frozenset(("a", "iframe", "embed", "object"))
_CALLING = frozenset(("span", "p", "li", "td", "div", "button", "input", "img", "em", "b", "strong", "label"))
_IN_SCRIPT = re.compile(r"<a\s[^<>]{0,200}href=\\?[\"']?([^\"'\\\s<>]{1,400})[^<>]{0,200}>(.{0,300}?)<\\?/a>", re.I)
_IN_VARIABLE = re.compile(r"append|attach|fujian|annex|\bfj|附件", re.I)
_MENU = re.compile(r"(?:^|[\s_-])(?:nav\w*|menu\w*|foot\w*|top|topbar|crumbs?|sidebar)(?=$|[\s_-])")
_MEDIA = re.compile(r"\.(?:jpe?g|png|gif|bmp|swf|flv|mp[34]|wmv|avi|webm)$", re.I)
_NO_FILE = re.compile(r"\.(?:apk|exe|ipa|css|js|ico)(?:$|[?#])|/app/?$|appdown", re.I)
_PAGE = re.compile(r"\.(?:s?html?|jsp|php|aspx)(?:$|[?#])|/$", re.I)


def attachments_in(page: Page, roots: Iterable[Tag], skipped: Iterable[Tag] = ()) -> tuple[Attachment, ...]:
    """Return the files linked from these elements, in their order, each address once.

    `skipped` are elements inside them that do not belong to the article (menus, foot).
    """
    out = {id(element) for element in skipped}
    found: dict[str, Attachment] = {}
    for root in roots:
        for tag in tags_in(root, _LINKING | _CALLING):
            if tag.name in _CALLING and (not tag.has_attr("onclick") or tag.find("a")):
                continue
            if out and any(id(parent) in out for parent in ancestors(tag)):
                continue
            file = _attachment(page, tag)
            if file and (address_key(file.url) not in found or _is_poor(found[address_key(file.url)].name)):
                found[address_key(file.url)] = file
    return tuple(found.values())


def files_between(page: Page) -> tuple[Attachment, ...]:
    """Return the files of a page that stands between an article and its file: those that it links outside menus."""
    skipped = [tag for tag in page.soup.find_all(True) if _MENU.search(marks(tag)) or tag.name in ("nav", "footer")]
    return attachments_in(page, [page.soup.body] if page.soup.body is not None else [], skipped)


def attachments_in_scripts(page: Page) -> tuple[Attachment, ...]:
    """Return the files that a script writes into the page: `var appendix = '<a href="./P0….pdf">附件1</a>'`."""
    found: dict[str, Attachment] = {}
    for match in _IN_SCRIPT.finditer(page.scripts):
        url, name = page.link(match.group(1)), " ".join(re.sub(r"<[^<>]*>", " ", match.group(2)).split())
        before = page.scripts[max(0, match.start() - 400) : match.start()]
        if url and is_file_address(url) and (_CALLED.match(name) or _IN_VARIABLE.search(before)):
            found.setdefault(address_key(url), Attachment(name or name_from_url(url) or "file", url))
    return tuple(found.values())


def is_file_address(url: str) -> bool:
    """Whether an address alone says that it is a file."""
    path = urlsplit(url).path
    return bool(_FILE_PATH.search(path)) or (bool(_DOWNLOAD.search(url)) and not _NO_FILE.search(url))


def _attachment(page: Page, tag: Tag) -> Attachment | None:
    if tag.name in ("iframe", "embed", "object"):
        return _shown_inside(page, tag)
    url = _address(page, tag)
    if url is None or _NO_FILE.search(url):
        return None
    text, title = said(tag), attribute(tag, "title").strip()
    if not _is_file(tag, url, text, title):
        return None
    return Attachment(_name(tag, url, text, title), url)


def _address(page: Page, tag: Tag) -> str | None:
    for source in (attribute(tag, "href"), attribute(tag, "data-href"), attribute(tag, "data-url")):
        if url := page.link(source):
            return url
    code = attribute(tag, "onclick")
    return page.link(f"javascript:{code}") if code else None


def _is_file(tag: Tag, url: str, text: str, title: str) -> bool:
    parts = urlsplit(url)
    if _FILE_PATH.search(parts.path) or tag.has_attr("download"):
        return True
    if _DOWNLOAD.search(f"{parts.path}?{parts.query}"):
        return True
    if _FILE_NAME.search(text) or _FILE_NAME.search(title) or _SAYS_DOWNLOAD.match(text):
        return True
    if _CALLED.match(_lead(tag)):
        return True
    if _PAGE.search(parts.path) and not parts.query:
        return False
    boxes = [tag, *ancestors(tag, 3)]
    return bool(_CALLED.match(text) or any(_BOX.search(marks(element)) for element in boxes))


def _lead(tag: Tag) -> str:
    """What leads up to a link in its paragraph: 附件：, behind which a page may stand that links the file."""
    pieces = []
    for before in tag.previous_siblings:
        if isinstance(before, Tag) and before.name == "br":
            break
        pieces.append(before.get_text() if isinstance(before, Tag) else str(before))
    return "".join(reversed(pieces))


def _name(tag: Tag, url: str, text: str, title: str) -> str:
    """The name shown to a reader; where it is cut or says only "download", the next best."""
    if re.search(r"(?:…|\.{2,})\s*$", text) and len(title) > len(text):
        text = title
    if not _is_poor(text):
        return text
    for candidate in (title, attribute(tag, "download"), attribute(tag, "data-name"), _before(tag), _in_address(url)):
        if candidate and not _is_poor(candidate):
            return candidate
    return text or title or _in_address(url) or "file"


def _is_poor(name: str) -> bool:
    return not name or bool(_EMPTY_NAME.match(name))


def _before(tag: Tag) -> str:
    """What stands on the line before a link that says only "download"."""
    parent = tag.parent
    line = said(parent) if parent is not None else ""
    line = line.replace(said(tag), "").strip(" ：:[]()（）") if 0 < len(line) < 200 else ""
    return line if len(line) > 2 else ""


def _in_address(url: str) -> str:
    if name := name_from_url(url):
        return name
    arguments = parse_qsl(urlsplit(url).query)
    named = [value for key, value in arguments if re.search(r"name|file|title", key, re.IGNORECASE)]
    return next((value for value in named if _FILE_NAME.search(value)), "")


def _shown_inside(page: Page, tag: Tag) -> Attachment | None:
    """A file shown in the page itself: `<iframe src="x.pdf">`, or a viewer with the file as an argument."""
    source = attribute(tag, "src") or attribute(tag, "data")
    url = page.link(source)
    if url is None:
        return None
    for _, value in parse_qsl(urlsplit(url).query):
        if _FILE_PATH.search(urlsplit(value).path) and (inner := page.link(value)):
            url = inner
    is_shown = tag.name != "iframe" and not _NO_FILE.search(url) and not _MEDIA.search(urlsplit(url).path)
    if not _FILE_PATH.search(urlsplit(url).path) and not is_shown:
        return None
    return Attachment(attribute(tag, "title") or name_from_url(url) or "file", url)
