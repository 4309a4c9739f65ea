"""CQC 中国质量认证中心. Folders of the three sections are open (SITES.md): confirm them with `rulewatch probe`."""

from crawler.section import Expectation, Role, Section
from crawler.visit.authority import AuthoritySpider


class CqcSpider(AuthoritySpider):
    """CQC: rules, notices and standard changeovers on a static site of dated folders."""

    name = "cqc"
    base_url = "https://www.cqc.com.cn"
    sections = (
        Section("rules", Role.RULES, "/www/chinese/zyxcprz/rzgz/", "static-shtml", expect=Expectation(rows_at_least=5)),
        Section("notices", Role.NOTICES, "/www/chinese/tzgg/", "static-shtml"),
        Section("changeovers", Role.NOTICES, "/www/chinese/bzhb/", "static-shtml"),
    )
