"""``ComputeCapabilities``, which several answers hold."""

from __future__ import annotations

from functools import cache

from azure_iaas.emulator.catalogue import ROLE_SIZES
from azure_iaas.endpoint.documents import Fragment, Items, Struct, Value


@cache
def compute_capabilities() -> Fragment:
    """``ComputeCapabilities``: the same everywhere, so it is written once."""
    sizes = sorted(ROLE_SIZES.values(), key=lambda size: size.name)
    web_worker: list[Value] = [size.name for size in sizes if size.web_worker]
    machines: list[Value] = [size.name for size in sizes]
    return Fragment.of(
        Struct(
            [
                ("WebWorkerRoleSizes", Items("RoleSize", web_worker)),
                ("VirtualMachinesRoleSizes", Items("RoleSize", machines)),
            ]
        )
    )
