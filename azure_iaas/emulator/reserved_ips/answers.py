"""Reserved addresses as they are answered (protocol.md 12.10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from azure_iaas.endpoint.documents import Struct

if TYPE_CHECKING:
    from azure_iaas.emulator.state import ReservedIP


def ip_answer(ip: ReservedIP) -> Struct:
    """``ReservedIP``."""
    in_use = bool(ip.service_name)
    return Struct(
        [
            ("Name", ip.name),
            ("Address", ip.address),
            ("Id", ip.id),
            ("Label", ip.label or None),
            ("State", "Created"),
            ("InUse", True if in_use else None),
            ("ServiceName", ip.service_name or None),
            ("DeploymentName", ip.deployment_name or None),
            ("Location", ip.location),
        ]
    )
