"""Limits of what requests may hold, in one table (protocol.md chapters 10 and 14).

Names with a pattern of their own (hosted services, deployments, roles, disks, images, accounts, affinity
groups) have their length in it, beside their handlers. Role sizes limit data disks and LUNs (``catalogue``),
and what a subscription may hold is set when the service is made (``world.Quotas``).
"""

from __future__ import annotations

from typing import Final

LABEL_CHARACTERS: Final = 100
DESCRIPTION_CHARACTERS: Final = 1024
PROPERTIES: Final = 50
"""Extended properties of a hosted service or storage account."""
PROPERTY_VALUE_CHARACTERS: Final = 255
COMPUTER_NAME_CHARACTERS: Final = 15
HOST_NAME_CHARACTERS: Final = 64
USER_NAME_CHARACTERS: Final = {"Linux": 32, "Windows": 20}
"""By operating system. Unverified for Windows: clients checked it, and Windows takes no longer one."""
PASSWORD_CHARACTERS: Final = (6, 72)
CUSTOM_DATA_BYTES: Final = 65_535
DISK_GIGABYTES: Final = (1, 1023)
MANAGEMENT_CERTIFICATES: Final = 100
