"""Drawn rules as web pages saved to disk: the article, and the page of the authority around it."""

import random
from html import escape

from tests.documents.drawn import words
from tests.documents.drawn.layout import Laid
from tests.documents.drawn.values import Block, Extra, Rule

MENU = ("首页", "机构概况", "认证业务", "公告通知", "资料下载", "联系我们")
COMMENT = "模板 article_v3 结束"
HIDDEN = "打印时间 08:15"


def make_page(rule: Rule, seed: int) -> tuple[bytes, Laid]:
    """Return the page, in UTF-8 or GB 18030, and what stands round the article."""
    chance, laid = random.Random(f"page {seed}"), Laid([])
    body = "".join(_block(rule, block, laid) for block in rule.blocks)
    body += "".join(_extra(name, laid) for name in ("comment", "hidden") if name in rule.look.extras)
    encoding = chance.choice(("utf-8", "gb18030"))
    return _around(chance, rule, body, laid, encoding).encode(encoding), laid


def _around(chance: random.Random, rule: Rule, body: str, laid: Laid, encoding: str) -> str:
    published, visits = words.day(chance), chance.randint(120, 9800)
    where = "您现在的位置：首页 > 资料下载 > 认证规则"
    stamp = f"发布日期：{published}　浏览次数：{visits}"
    others = ["上一篇：关于调整办公时间的说明", "下一篇：实验室名录更新"]
    foot = ["版权所有 车品认证服务中心", f"京ICP备{chance.randint(10**7, 10**8 - 1)}号", f"今日访问：{visits % 97}"]
    laid.furniture += [*MENU, where, stamp, *others, *foot]
    menu = "".join(f'<li><a href="/{at}/">{name}</a></li>' for at, name in enumerate(MENU))
    links = "".join(f'<p><a href="/n/{at}.html">{text}</a></p>' for at, text in enumerate(others))
    feet = "".join(f"<p>{text}</p>" for text in foot)
    return (
        f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>{MENU[0]}-车品认证服务中心</title>'
        "<style>.nav{float:left}</style><script>var hits=1;</script></head><body>"
        f'<div class="header"><ul class="nav">{menu}</ul></div><div class="crumbs">{escape(where)}</div>'
        f'<div class="main"><h1 class="title">{escape(rule.title)}</h1><div class="info">{stamp}</div>'
        f'<div class="content" id="zoom">{body}</div><div class="near">{links}</div></div>'
        f'<div class="footer">{feet}</div></body></html>'
    )


def _block(rule: Rule, block: Block, laid: Laid) -> str:
    printer = _PRINTERS.get(block.kind, _paragraphs)
    return printer(rule, block)


def _paragraphs(rule: Rule, block: Block) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in block.texts)


def _centred(rule: Rule, block: Block) -> str:
    return "".join(f'<p align="center"><b>{escape(text)}</b></p>' for text in block.texts)


def _clause(rule: Rule, block: Block) -> str:
    heading, *body = block.texts
    first = f"<b>{escape(heading)}</b>" if heading else escape(body.pop(0))
    return f"<p>{block.path} {first}</p>" + "".join(f"<p>　　{escape(text)}</p>" for text in body)


def _fees(rule: Rule, block: Block) -> str:
    return "".join(f"<p>{name}{rule.look.leader * 15}{amount}</p>" for name, amount in block.rows)


def _field(rule: Rule, block: Block) -> str:
    before, value, after = block.texts
    return f'<p>{before}<input type="text" value="{value}" readonly>{after}</p>'


def _table(rule: Rule, block: Block) -> str:
    covered = {
        (row + down, column + across)
        for row, column, rows, columns in block.spans
        for down in range(rows)
        for across in range(columns)
        if down or across
    }
    spans = {(row, column): f' rowspan="{rows}" colspan="{columns}"' for row, column, rows, columns in block.spans}
    rows = ""
    for number, row in enumerate(block.rows):
        kept = [at for at in range(len(row)) if (number, at) not in covered]
        if block.ragged and not row[-1]:
            kept = [at for at in kept if row[at]]
        rows += "<tr>" + "".join(f"<td{spans.get((number, at), '')}>{escape(row[at])}</td>" for at in kept) + "</tr>"
    return f'<table border="1">{rows}</table>'


def _extra(kind: str, laid: Laid) -> str:
    text = {"comment": COMMENT, "hidden": HIDDEN}[kind]
    laid.extras.append(Extra(kind, text))
    return f"<!-- {text} -->" if kind == "comment" else f'<p style="display:none">{text}</p>'


_PRINTERS = {
    "clause": _clause, "annex": _clause, "fees": _fees, "field": _field, "table": _table, "title": _centred,
    "spaced": _centred, "code": _centred, "caption": _centred,
}  # fmt: skip
