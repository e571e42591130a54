"""Request documents of service certificates (protocol.md 12.6)."""

from __future__ import annotations

from typing import Final

from azure_iaas.endpoint.contracts import Contract

CERTIFICATE_FILE: Final = Contract(
    "CertificateFile",
    {"Data": "text", "CertificateFormat": "text", "Password": "verbatim"},
    frozenset({"Data", "CertificateFormat"}),
)
