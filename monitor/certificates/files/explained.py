"""The columns of a certificate file, explained: for templates and exports, in the order in which these have them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its names, what it says, an example, and the words that it takes where they are few."""

    name: str
    chinese: str
    says: str
    example: str
    words: tuple[str, ...] = ()

    @property
    def header(self) -> str:
        """Return how a template and an export call the column."""
        return f"{self.name} {self.chinese}"


_DAY = "Day, as 2027-06-30. "
COLUMNS = (
    Column("certificate_no", "证书编号", "Needed. The number as printed on the certificate.", "CQC2016010703748148"),
    Column("holder", "持证人", "Needed. Who holds it, always written the same way.", "Nordlicht Automotive GmbH"),
    Column("contact_email", "邮箱", "Who is written to; several addresses separated by ;", "quality@nordlicht.example"),
    Column("rule", "认证规则", "Needed. The implementation rule it rests on, best with its year.", "CCAP-GZ-5830:2021"),
    Column("product", "产品名称", "The product, best in Chinese as printed.", "儿童约束系统"),
    Column("standards", "标准", "The standards it names, with years, separated by ;", "GB 27887-2011; GB 8410-2006"),
    Column("issued", "发证日期", _DAY + "When it was issued.", "2023-05-16"),
    Column("expires", "有效期至", _DAY + "The last day on which it is valid; empty where it has none.", "2028-05-15"),
    Column("next_surveillance", "下次监督日期", _DAY + "The next surveillance inspection.", "2026-09-30"),
    Column("last_surveillance", "上次监督日期", _DAY + "The last surveillance inspection.", "2025-09-26"),
    Column("cop_due", "CoP到期", _DAY + "By when conformity of production is to be shown.", "2026-12-31"),
    Column("factory", "生产企业", "The factory that makes the product.", "Nordlicht (Suzhou) Co., Ltd."),
    Column("models", "型号", "The models it covers, separated by ;", "NL-100; NL-200"),
    Column("consultant", "负责人", "Who looks after it: an e-mail address or a name.", "li.na@consultancy.example"),
    Column("language", "语言", "The holder's language, as a tag: en, de, zh-CN.", "de"),
    Column("time_zone", "时区", "The holder's time zone, as the IANA database calls it.", "Europe/Berlin"),
    Column("status", "状态", "How it stands with the authority; empty means valid.", "valid",
           ("valid", "suspended", "withdrawn", "cancelled", "expired")),
    Column("frequency", "频率", "How often the contacts hear; empty leaves it as it is, at first immediate.", "weekly",
           ("immediate", "daily", "weekly")),
)  # fmt: skip
