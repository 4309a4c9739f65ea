"""How a page is asked for: by address, by a form, by JSON, or through a browser."""

from typing import Any

from scrapy import FormRequest, Request

from crawler.pages import json_list
from crawler.pages.records import PageRequest
from crawler.section import Authority, Section

RENDERED = {"playwright": True, "playwright_page_goto_kwargs": {"wait_until": "networkidle"}}
"""Request meta that has a page opened in Chromium until its scripts have fetched what they show."""
NO_BROWSER = "render = true needs a browser, which is not installed: pip install 'rulewatch[browser]'"


def first_page(authority: Authority, section: Section) -> PageRequest:
    """Return how a section's list is asked for first."""
    base = authority.section_url(section)
    return json_list.page_request(section.json, base, section.json.first_page) if section.json else PageRequest(base)


def request_for(page: PageRequest, options: dict[str, Any]) -> Request:
    """Return the request for a page of a list, by GET, by a form, or by JSON."""
    if page.method == "GET":
        return Request(page.url, **options)
    if page.json_body is not None:
        headers = {"Content-Type": "application/json"}
        return Request(page.url, method="POST", body=page.json_body, headers=headers, **options)
    return FormRequest(page.url, method="POST", formdata=list(page.form), **options)


def page_number(section: Section, number: int) -> int | None:
    """Return the number by which a JSON list is asked for its n-th page, None for other lists."""
    return section.json.first_page + number - 1 if section.json else None
