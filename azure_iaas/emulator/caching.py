"""Host caching of disks, in either dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from azure_iaas.emulator.world import Call
    from azure_iaas.endpoint.contracts import Values

_CACHING: Final = {"none": "None", "readonly": "ReadOnly", "readwrite": "ReadWrite"}


def caching_of(text: str | None, default: str) -> str:
    """A ``HostCaching`` value, in its exact case.

    Raises:
        Refusal: 400.
    """
    word = (text or "").strip().lower()
    if not word:
        return default
    if word not in _CACHING:
        raise refusals.invalid_value(text, "HostCaching", "None, ReadOnly, ReadWrite")
    return _CACHING[word]


def data_disk_caching(call: Call, values: Values, default: str = "") -> str:
    """Caching of a data disk, said by ``HostCaching`` or by the preview's flags (protocol.md 10.1, 10.3)."""
    # The default changed from ReadOnly to None with the pages of 2014.
    default = default or ("None" if call.version >= "2014-01-01" else "ReadOnly")
    if values.get("DisableReadCache"):
        default = "None"
    elif values.get("EnableWriteCache"):
        default = "ReadWrite"
    return caching_of(values.get("HostCaching"), default)
