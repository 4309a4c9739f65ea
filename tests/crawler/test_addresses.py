"""Where answers come from: redirects inside the authority and out of it, old TLS, pages and files that move."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storage.captures import CaptureRow
from storage.evidence.store import EvidenceStore
from tests.crawler.made import DAY, PDF, Watch, article_page, section
from tests.servers.web import Door, Page, RedirectsTo, Site

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def neighbour() -> Iterator[Site]:
    """Another host."""
    with Site() as neighbour:
        yield neighbour


class KnownElseRedirects:
    """304 to whoever has the page, else a redirect."""

    def __init__(self, location: str) -> None:
        self.location = location

    def serve(self, door: Door, page: Page) -> None:
        """Answer by what the client has."""
        if door.headers.get("If-None-Match"):
            door.send(304, b"")
        else:
            door.send(302, b"", [("Location", self.location)])


def captures(watch: Watch, kind: str) -> list[CaptureRow]:
    with watch.database.session() as session:
        return list(session.scalars(select(CaptureRow).where(CaptureRow.kind == kind).order_by(CaptureRow.id)))


def test_redirect_to_the_www_host_of_the_authority_is_followed(watch: Watch, site: Site, neighbour: Site) -> None:
    section(neighbour, "notices", rows=3)
    site.troubles["/notices/"] = RedirectsTo(f"{neighbour.url}/notices/")
    report = watch.visit(site, ["notices"], file_hosts=[neighbour.url.removeprefix("http://")])["notices"]
    assert (report.status, report.listed, report.fetched) == ("ok", 3, 3)


def test_redirect_of_a_request_with_dont_filter_does_not_leave_the_authority(
    watch: Watch, site: Site, neighbour: Site
) -> None:
    section(site, "notices", rows=3)
    watch.visit(site, ["notices"])
    (kept,) = captures(watch, "list")
    EvidenceStore(watch.evidence).path(kept.sha256).unlink()  # 304 is no use then: asked again, with dont_filter
    site.troubles["/notices/"] = KnownElseRedirects(f"{neighbour.url}/notices/")
    report = watch.visit(site, ["notices"], TOMORROW)["notices"]
    assert report.status == "degraded"
    assert "does not own" in (report.reason or "")
    assert site.targets()[-2:] == ["/notices/", "/notices/"]
    assert neighbour.asked == []


def test_old_article_edited_under_its_address_and_its_file_under_a_new_download_id(watch: Watch, site: Site) -> None:
    section(site, "rules", rows=1)
    watch.settings = watch.settings.model_copy(update={"rotation_days": 1})
    url = next(url for url in site.pages if "/c/" in url)
    for identity in ("63712", "963712"):
        site.pages[f"/resource/download?ID={identity}"] = Page(PDF, "application/octet-stream")
    for day, identity in enumerate(("63712", "963712")):
        site.pages[url] = article_page("关于规则的公告", DAY, [("规则", f"/resource/download?ID={identity}")])
        watch.visit(site, ["rules"], DAY + timedelta(days=day))
    first, second = captures(watch, "article")
    assert second.previous_id == first.id
    assert [target for target in site.targets() if "download" in target][-1].endswith("=963712")
    assert [row.url.rpartition("=")[2] for row in captures(watch, "file")] == ["63712"], "the same file, which moved"
    assert len(list(EvidenceStore(watch.evidence).hashes())) == 4  # a list, two articles, one file


def tls_context(folder: Path) -> ssl.SSLContext:
    """TLS with a certificate that nobody has signed but its owner."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


@pytest.fixture
def old_server(tmp_path: Path) -> Iterator[Site]:
    """A server that speaks TLS 1.0 and nothing else. One without RFC 5746 cannot be made with OpenSSL 3."""
    context = tls_context(tmp_path)
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    site = Site()
    site._server.socket = context.wrap_socket(site._server.socket, server_side=True)
    with site:
        yield site


def test_old_tls_is_spoken_only_where_legacy_tls_asks_for_it(watch: Watch, old_server: Site) -> None:
    section(old_server, "notices", rows=2)
    address = {"base_url": old_server.url.replace("http:", "https:"), "verify_certificates": False}
    refused = watch.visit(old_server, ["notices"], **address)["notices"]
    assert refused.status == "unreachable"
    spoken = watch.visit(old_server, ["notices"], TOMORROW, legacy_tls=True, **address)["notices"]
    assert (spoken.status, spoken.fetched) == ("ok", 2), spoken.reason


@pytest.fixture
def https_too(tmp_path: Path) -> Iterator[Site]:
    """A server that speaks HTTP and TLS on one port, as a host does on two: a handshake begins with byte 22."""
    context, site = tls_context(tmp_path), Site()

    def accepted() -> tuple[Any, Any]:
        connection, address = site._server.socket.accept()
        connection.settimeout(10)
        is_tls = connection.recv(1, socket.MSG_PEEK) == b"\x16"
        return (context.wrap_socket(connection, server_side=True) if is_tls else connection), address

    site._server.get_request = accepted  # type: ignore[method-assign]
    with site:
        yield site


class OnlyHttps:
    """Redirects whoever comes by HTTP to the same address by HTTPS."""

    def serve(self, door: Door, page: Page) -> None:
        """Send 301, or by TLS the page."""
        if isinstance(door.connection, ssl.SSLSocket):
            door.send_page(page)
        else:
            door.send(301, b"", [("Location", f"https://{door.headers['Host']}{door.path}")])


def test_redirect_to_https_of_the_same_host_keeps_every_address_under_its_name(watch: Watch, https_too: Site) -> None:
    section(https_too, "rules", rows=2, files=True)
    plain = watch.visit(https_too, ["rules"], role="rules", verify_certificates=False)["rules"]
    assert (plain.status, plain.fetched) == ("ok", 4)
    https_too.troubles = {address: OnlyHttps() for address in https_too.pages}
    watch.settings = watch.settings.model_copy(update={"rotation_days": 1})
    moved = watch.visit(https_too, ["rules"], TOMORROW, role="rules", verify_certificates=False)["rules"]
    assert (moved.status, moved.fetched, moved.not_modified) == ("not_modified", 0, 4 + 1), moved.reason
    assert {asked.status for asked in https_too.asked[-10:]} >= {301, 200}
    kept = [row.url for kind in ("list", "article", "file") for row in captures(watch, kind)]
    assert len(kept) == len(set(kept)) == 5
    assert all(url.startswith("http://") for url in kept)


def test_redirect_to_https_is_followed_on_a_first_visit(watch: Watch, https_too: Site) -> None:
    section(https_too, "notices", rows=2, files=True)
    https_too.troubles = {address: OnlyHttps() for address in https_too.pages}
    report = watch.visit(https_too, ["notices"], verify_certificates=False)["notices"]
    assert (report.status, report.listed, report.fetched) == ("ok", 2, 4), report.reason
    refused = watch.visit(https_too, ["notices"], TOMORROW)["notices"]
    assert refused.status == "unreachable"
    assert "TLS" in (refused.reason or "")


def test_file_that_is_redirected_out_is_not_fetched_and_its_host_is_named(
    watch: Watch, site: Site, neighbour: Site
) -> None:
    section(site, "notices", rows=2, files=True)
    site.troubles["/notices/upload/0.pdf"] = RedirectsTo(f"{neighbour.url}/0.pdf")
    assert watch.visit(site, ["notices"])["notices"].status == "degraded"
    lasting = watch.visit(site, ["notices"], TOMORROW)["notices"]
    assert lasting.status in ("ok", "not_modified"), lasting.reason
    assert neighbour.url.removeprefix("http://") in (lasting.advice or "")
    assert neighbour.asked == []
