"""PEM text: its blocks, what is wrong with it, and lending it to OpenSSL, which reads files only."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Blanks at line ends are what OpenSSL drops too; it wants both marks at the beginning of a line.
_BLOCK = re.compile(
    r"^-----BEGIN ([A-Z0-9 ]+)-----[ \t\r\f\v]*\n.*?^-----END \1-----", re.DOTALL | re.MULTILINE
)
_PATH = re.compile(r"[^\r\n]{1,260}\.\w{2,20}")
PATH_GIVEN = "a path was given where PEM text is needed"


def is_der(data: bytes) -> bool:
    """Tell whether it is DER, as PKCS#12 is, and not text."""
    # DER, and so PKCS#12, is a SEQUENCE: byte 0x30 and a long-form length.
    return data[:1] == b"0" and data[1:2] >= b"\x80"


def decode(data: bytes, source: str) -> str:
    """Give the text of a file that should be PEM.

    Raises:
        ConfigurationError: it isn't text.
    """
    if is_der(data):
        raise ConfigurationError(f"{source}: DER or PKCS#12, not PEM; convert it with openssl")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise ConfigurationError(f"{source}: UTF-16 or binary, not PEM text; save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        # OpenSSL doesn't read what stands around the blocks, such as names in another encoding.
        return data.decode("latin-1")


def blocks_of(text: str, source: str, instead: str) -> list[tuple[str, str]]:
    """Give label and text of each PEM block."""
    if not text.strip():
        raise ConfigurationError(f"{source}: empty")
    text = text.removeprefix("\ufeff")
    blocks = [
        (match[1], re.sub(r"[ \t\r\f\v]+$", "", match[0], flags=re.MULTILINE))
        for match in _BLOCK.finditer(text)
    ]
    if not blocks:
        raise ConfigurationError(f"{source}: {_why_not_pem(text, instead)}")
    return blocks


def _why_not_pem(text: str, instead: str) -> str:
    marks = "(-----BEGIN ... ----- to -----END ... -----)"
    if "-----BEGIN" not in text:
        if _PATH.fullmatch(text.strip()):
            return f"{PATH_GIVEN}; use {instead}"
        return f"not PEM {marks}"
    if "\0" in text:
        return "UTF-16 text read as if it were not; read it as UTF-16"
    if "\n" not in text.strip():
        if "\\n" in text:
            return "its line ends are the two characters \\ and n; put real line ends there"
        if "\r" in text.strip():
            return "its lines end with CR alone; put LF or CR LF there"
        return "its line ends are missing"
    if re.search(r"^[ \t]+-----(BEGIN|END)", text, re.MULTILINE):
        return "its lines are indented; PEM begins at the beginning of a line"
    return f"its PEM is cut off {marks}"


_SPELLED: Final = frozenset({"RSA", "EC", "DSA", "DH", "X509", "PKCS7"})
"""First words of labels that are spelled out, and so begin as their first letter sounds."""


def with_article(label: str) -> str:
    """Name what a PEM block holds."""
    first, *others = label.split(" ")
    kind = first if first in _SPELLED else first.lower()
    article = "an" if kind[0] in "aeioERX" else "a"
    return " ".join((article, kind, *map(str.lower, others)))


@contextmanager
def as_file(text: str) -> Iterator[str]:
    """Lend a path to ``text``, since ssl reads certificates from paths only.

    On Linux the file is in memory and has no name; elsewhere it is a 0600 temporary file, removed at once.
    """
    descriptor, path, temporary = _unnamed_file()
    try:
        with open(descriptor, "w", encoding="ascii", errors="replace") as file:
            file.write(text)
            file.flush()
            yield path
    finally:
        if temporary:
            Path(path).unlink(missing_ok=True)


def _unnamed_file() -> tuple[int, str, bool]:
    if hasattr(os, "memfd_create"):
        with suppress(OSError):
            descriptor = os.memfd_create("management-certificate", os.MFD_CLOEXEC)
            path = f"/proc/self/fd/{descriptor}"
            if Path(path).exists():
                return descriptor, path, False
            os.close(descriptor)
    return (*tempfile.mkstemp(suffix=".pem"), True)
