"""Certificates from files, without the keys that may stand beside them."""

from __future__ import annotations

import ssl
from typing import Final

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"
_SEQUENCE: Final = 0x30


def certificate_in(content: bytes) -> bytes:
    """The certificate in a file, DER: of PEM the first one, of DER the whole.

    Raises:
        ValueError: there is none. A file with a key alone, or PKCS#12, is none either: it would send a key.
    """
    text = content.decode("latin-1")
    begin, end = text.find(_BEGIN), text.find(_END)
    if 0 <= begin < end:
        return ssl.PEM_cert_to_DER_cert(text[begin : end + len(_END)])
    if content[:1] == bytes([_SEQUENCE]) and content[_header_length(content) :][:1] == bytes([_SEQUENCE]):
        return content  # keys and PKCS#12 begin with a number inside
    msg = "no certificate in it, PEM or DER"
    raise ValueError(msg)


def _header_length(der: bytes) -> int:
    """Bytes before the content of the outermost DER element."""
    length = der[1] if len(der) > 1 else 0
    return 2 + (length & 0x7F if length & 0x80 else 0)
