"""Scrapy's settings: every component that is switched on, and why it has its place."""

import os
import shutil
from importlib.util import find_spec
from typing import Any

from crawler.config import CrawlSettings
from crawler.section import Authority

BOT_NAME = "rulewatch"
SPIDER_MODULES = ["crawler.spiders"]

ROBOTSTXT_OBEY = True  # once a host and run, before anything else is asked there
COOKIES_ENABLED = True  # ASP.NET pages its lists by session
REFERRER_POLICY = "no-referrer"  # nobody needs to know where we read an address
METAREFRESH_ENABLED = False  # pages that reload themselves would be fetched in circles
REDIRECT_MAX_TIMES = 5
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the section's verdict says it
DOWNLOAD_FAIL_ON_DATALOSS = False  # a wrong Content-Length over a whole file is common; crawler.visit.files decides
DOWNLOAD_WARNSIZE = 0
STATS_DUMP = False
DOWNLOADER_STATS = False  # crawler.extensions counts what a report tells; nobody reads these
LOGSTATS_INTERVAL = 0
LOG_LEVEL = "WARNING"
URLLENGTH_LIMIT = 4000
WARN_ON_GENERATOR_RETURN_VALUE = False  # parses the callback's source anew for every page
CONCURRENT_ITEMS = 1  # Scrapy starts so many tasks for every response; ours yields a handful of items
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
}

DOWNLOADER_MIDDLEWARES: dict[str, int | None] = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # lets redirects of retried requests out
    "crawler.middlewares.OwnHostsOnly": 50,  # first of all, so that not even robots.txt of another host is asked for
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # takes an error page for a file without rules
    "crawler.middlewares.ObeyRobots": 100,  # in its place
    "crawler.middlewares.NotThePage": 540,  # behind the retries (550): judges what is left after them
    "crawler.middlewares.ConditionalRequests": 560,  # 304 becomes the stored page before it is judged
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # hides broken bodies
    "crawler.middlewares.Unpack": 590,  # in its place
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # lists are bounded by list_pages, articles by their files
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # errors are judged by health.py, kept as evidence
}
ITEM_PIPELINES = {"crawler.pipelines.Keep": 100}
EXTENSIONS: dict[str, int | None] = {
    "crawler.extensions.OwnMemory": 0,
    "crawler.extensions.VisitReport": 500,
    "scrapy.extensions.memusage.MemoryUsage": None,  # OwnMemory in its place
    "scrapy.extensions.remote_control.RemoteControl": None,  # no door into the process; as None, not even loaded
    "scrapy.extensions.telnet.TelnetConsole": None,
}


def scrapy_settings(crawl: CrawlSettings, authority: Authority | None = None) -> dict[str, Any]:
    """Return the settings that depend on ours, for all authorities or for one."""
    values: dict[str, Any] = {
        "USER_AGENT": crawl.user_agent,
        "ROBOTSTXT_USER_AGENT": "Rulewatch",
        "DOWNLOAD_DELAY": crawl.delay_seconds,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if crawl.delay_seconds else 8,
        "AUTOTHROTTLE_ENABLED": bool(crawl.delay_seconds),
        "AUTOTHROTTLE_START_DELAY": crawl.delay_seconds,
        "DOWNLOAD_TIMEOUT": crawl.timeout_seconds,
        "DOWNLOAD_MAXSIZE": int(max(crawl.page_megabytes, crawl.file_megabytes) * 1_000_000),
        "RETRY_TIMES": crawl.retries,
        "RETRY_ENABLED": crawl.retries > 0,
        "CLOSESPIDER_TIMEOUT": crawl.longest_minutes * 60,
        "MEMUSAGE_LIMIT_MB": crawl.memory_megabytes,
        "MEMUSAGE_CHECK_INTERVAL_SECONDS": 2,
    }
    if authority is not None and any(section.render for section in authority.sections) and can_render():
        values |= _browser(authority, crawl)
    if authority is not None:
        values["DOWNLOAD_VERIFY_CERTIFICATES"] = authority.verify_certificates
        if authority.legacy_tls:
            values["DOWNLOADER_CLIENTCONTEXTFACTORY"] = "crawler.tls.LegacyContextFactory"
            values["DOWNLOAD_TLS_MIN_VERSION"] = "TLSv1.0"  # Twisted forbids it by an option that nothing takes back
    return values


def can_render() -> bool:
    """Whether the optional extra is there: scrapy-playwright (rulewatch[browser])."""
    return find_spec("scrapy_playwright") is not None


def _browser(authority: Authority, crawl: CrawlSettings) -> dict[str, Any]:
    """Pages of sections with `render = true` go through Chromium, which may load only from the authority's hosts."""
    handler = "scrapy_playwright.handler.ScrapyPlaywrightDownloadHandler"
    launch: dict[str, Any] = {"headless": True, "args": ["--disable-dev-shm-usage"]}
    if (program := shutil.which("chromium") or shutil.which("chromium-browser")) is not None:
        launch["executable_path"] = program
    if os.geteuid() == 0:
        launch["args"].append("--no-sandbox")
    return {
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch,
        "PLAYWRIGHT_ABORT_REQUEST": lambda request: not authority.owns(request.url),
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": crawl.timeout_seconds * 1000,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
    }
