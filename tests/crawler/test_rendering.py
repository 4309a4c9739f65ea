"""Pages that only a script fills: through Chromium where the extra is installed, and nothing else is loaded."""

import shutil
from collections.abc import Iterator

import pytest

from crawler.run import crawl
from crawler.settings import can_render
from tests.crawler.made import DAY, Watch, article_page, authority
from tests.servers.web import Page, Site

SCRIPT = """<html><head><title>公告</title></head><body><div class="list"><ul id="l"></ul></div>
<img src="{foreign}/pixel.png"><script>
for (let n = 1; n < 9; n++) document.getElementById("l").innerHTML +=
  `<li><a href="/c/2026-02-0${{n}}/${{n}}.shtml">关于发布第${{n}}号规则的公告</a><span>2026-02-0${{n}}</span></li>`;
</script></body></html>"""


@pytest.fixture
def neighbour() -> Iterator[Site]:
    """Another host, which the page wants to load from."""
    with Site({"/pixel.png": Page(b"x", "image/png")}) as neighbour:
        yield neighbour


@pytest.mark.skipif(not can_render() or shutil.which("chromium") is None, reason="needs rulewatch[browser]")
def test_list_made_by_a_script_is_rendered_and_loads_nothing_foreign(watch: Watch, site: Site, neighbour: Site) -> None:
    site.pages["/notices/"] = Page(SCRIPT.format(foreign=neighbour.url).encode())
    for n in range(1, 9):
        site.pages[f"/c/2026-02-0{n}/{n}.shtml"] = article_page(f"关于发布第{n}号规则的公告", DAY)
    settings = authority(site, ["notices"])
    settings.sections[0].render = True  # type: ignore[index]
    (report,) = crawl(watch.job(DAY, {"made": settings}))
    assert (report.status, report.listed, report.fetched) == ("ok", 8, 8)
    assert neighbour.asked == []
