"""Public addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure_iaas.emulator.world import Call


def public_address(call: Call, *parts: str) -> str:
    """A public address that depends on ``parts`` only."""
    third, fourth = call.world.digest("virtual IP", *parts, size=2)
    return f"104.43.{third}.{fourth}"
