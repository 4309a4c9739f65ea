"""Old servers: TLS as it was before OpenSSL 3, for one authority that asks for it by `legacy_tls = true`.

Allows unsafe legacy renegotiation (RFC 5746 is not spoken), TLS 1.0 and weak ciphers. Whether the certificate is
verified stays as it is set.
"""

from typing import Any

from OpenSSL import SSL
from scrapy.core.downloader.contextfactory import _get_creator_context, _ScrapyClientContextFactory

_OP_LEGACY_SERVER_CONNECT = 0x4
_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION = 0x40000


class LegacyContextFactory(_ScrapyClientContextFactory):
    """Scrapy's TLS contexts, with what OpenSSL 3 switched off switched on again."""

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802  (Twisted's name)
        """Return the connection creator for a host."""
        creator = super().creatorForNetloc(hostname, port)
        _relax(_get_creator_context(creator))
        return creator


def _relax(context: SSL.Context) -> None:
    context.set_options(_OP_LEGACY_SERVER_CONNECT | _OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_cipher_list(b"DEFAULT@SECLEVEL=0")
