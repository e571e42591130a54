"""What a service's refusal leaves out: the value it is about, and the call that helps. Pure.

The service's texts ("Messages seen", protocol.md 7.3) mostly say neither. ``service_message`` of an error
stays as the service wrote it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from azure_iaas.errors import quoted

if TYPE_CHECKING:
    from azure_iaas.wire.messages import RawRequest


class _Hint(NamedTuple):
    text: re.Pattern[str]
    element: str | None
    advice: str


HINTS: Final = tuple(
    _Hint(re.compile(text), element, advice)
    for text, element, advice in (
        (r"image source is not valid", "SourceImageName", "list_os_images() shows which there are"),
        (r"location constraint is not valid", "Location", "list_locations() shows which there are"),
        (r"affinity group does not exist", "AffinityGroup", "list_affinity_groups() shows which there are"),
        (r"parameter 'RoleSize' is invalid", None, "list_role_sizes() shows which there are"),
        (r"hosted service does not exist", None, "list_hosted_services() shows which there are"),
        (r"deployment slot \w+ is occupied", None, "add_role() adds a machine to the deployment there"),
        (r"while it still contains deployments", None, "delete_deployment() deletes them"),
    )
)


def hint(message: str, request: RawRequest) -> str | None:
    """Give what helps with a refusal, or None.

    Args:
        message: the service's text.
        request: what was refused; an element of its document may be named.
    """
    for known in HINTS:
        if not known.text.search(message):
            continue
        value = None if known.element is None else _value_of(known.element, request.body)
        return known.advice if value is None else f"{quoted(value)}; {known.advice}"
    return None


def _value_of(element: str, body: bytes) -> str | None:
    """An element's text in a document of ours, XML or JSON."""
    name = re.escape(element)
    found = re.search(rf'<{name}>([^<]+)</|"{name}":\s*"([^"]+)"', body.decode("utf-8", "replace"))
    return (found[1] or found[2]) if found else None
