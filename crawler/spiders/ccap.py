"""CCAP 中汽认证中心. Addresses and family are open (SITES.md): confirm them with `rulewatch probe`."""

from crawler.section import Expectation, Role, Section
from crawler.visit.authority import AuthoritySpider


class CcapSpider(AuthoritySpider):
    """CCAP: rules and notices on an ASP.NET site."""

    name = "ccap"
    base_url = "http://www.ccap.org.cn"
    sections = (
        Section("rules", Role.RULES, "/RuleList.aspx", "aspnet", expect=Expectation(rows_at_least=5)),
        Section("notices", Role.NOTICES, "/NoticeList.aspx", "aspnet"),
    )
