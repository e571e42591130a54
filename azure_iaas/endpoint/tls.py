"""TLS of the endpoint, as bytes in and bytes out: no sockets, no event loop.

The server asks for a client certificate and admits any, also none, so that the service can refuse it with an
answer: the real one says 403 with an error document ("Authentication", protocol.md 1.2), while a server on
``ssl`` of the standard library can only break the handshake. The handshake still proves that the client has
the certificate's key.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from OpenSSL import SSL

from azure_iaas.endpoint.certificates import thumbprint

if TYPE_CHECKING:
    from pathlib import Path

    from OpenSSL.crypto import X509

_READ_BYTES = 65536


class TLSBrokenError(Exception):
    """The peer broke TLS: nothing more can be read; what `TLSChannel.outgoing` gives may still be sent."""


def server_context(cert_file: Path, key_file: Path) -> SSL.Context:
    """Make the context of all connections: TLS 1.2 and 1.3, any client certificate, session resumption.

    Args:
        cert_file: server certificate, PEM.
        key_file: its key, PEM.
    """
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.use_certificate_chain_file(str(cert_file))
    context.use_privatekey_file(str(key_file))
    context.set_verify(SSL.VERIFY_PEER, _admit)
    # Without a session id context, a server that asks for certificates refuses every resumed session.
    context.set_session_id(b"azure_iaas")
    # Clients may not make the server repeat the costly part of the handshake.
    context.set_options(SSL.OP_NO_RENEGOTIATION | SSL.OP_NO_COMPRESSION)
    return context


def _admit(connection: SSL.Connection, certificate: X509, error: int, depth: int, ok: int) -> bool:
    return True


class TLSChannel:
    """The server's side of one TLS connection.

    Args:
        context: from `server_context`.
    """

    def __init__(self, context: SSL.Context) -> None:
        self._connection = SSL.Connection(context, None)
        self._connection.set_accept_state()

    def receive(self, data: bytes) -> None:
        """Take bytes that came from the peer."""
        while data:
            data = data[self._connection.bio_write(data) :]

    def handshake(self) -> bool:
        """Go on with the handshake; True once it is done. Then, or before waiting, send `outgoing`.

        Raises:
            TLSBrokenError: it failed.
        """
        try:
            self._connection.do_handshake()
        except SSL.WantReadError:
            return False
        except SSL.Error as error:
            raise TLSBrokenError(_reason(error)) from error
        return True

    def read(self) -> bytes | None:
        """Give decrypted bytes, None when more must come from the peer first, ``b""`` after its last.

        Raises:
            TLSBrokenError: what came isn't TLS.
        """
        try:
            return self._connection.recv(_READ_BYTES)
        except SSL.WantReadError:
            return None
        except SSL.ZeroReturnError:
            return b""
        except SSL.Error as error:
            raise TLSBrokenError(_reason(error)) from error

    def write(self, data: bytes) -> bytes:
        """Encrypt bytes; gives what to send."""
        if data:
            try:
                self._connection.sendall(data)
            except SSL.Error as error:
                raise TLSBrokenError(_reason(error)) from error
        return self.outgoing()

    def close(self) -> bytes:
        """Say goodbye; gives what to send."""
        try:
            self._connection.shutdown()
        except SSL.Error:
            return b""  # the handshake never ended, or broke: there is nobody to say it to
        return self.outgoing()

    def outgoing(self) -> bytes:
        """Give what TLS itself wants to send: handshake, tickets, alerts."""
        pieces = []
        while True:
            try:
                piece = self._connection.bio_read(_READ_BYTES)
            except SSL.Error:
                break
            pieces.append(piece)
            if len(piece) < _READ_BYTES:
                break
        return b"".join(pieces)

    def peer_sha1(self, now: datetime | None = None) -> str | None:
        """Give the thumbprint of the client's certificate; None when there is none that is valid now.

        An expired certificate is refused like an unknown one ("Authentication", protocol.md 1.2).
        """
        certificate = self._connection.get_peer_certificate(as_cryptography=True)
        if certificate is None:
            return None
        now = now or datetime.now(UTC)
        try:
            valid = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
        except ValueError:  # OpenSSL lets through dates that can't be
            return None
        return thumbprint(certificate) if valid else None


def _reason(error: SSL.Error) -> str:
    if error.args and isinstance(error.args[0], list):
        return "; ".join(str(entry[-1]) for entry in error.args[0])
    return str(error) or type(error).__name__
