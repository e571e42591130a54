"""What is to be done, write by write: the names by which schedule, ledger and journal know them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from azure_iaas.provisioning.plan import RoleId


class StepKind(StrEnum):
    """What one write does."""

    CREATE_SERVICE = "create service"
    CREATE_ROLE = "create role"
    ATTACH_DISK = "attach disk"
    DETACH_DISK = "detach disk"
    DELETE_ROLE = "delete role"
    DELETE_DEPLOYMENT = "delete deployment"
    DELETE_SERVICE = "delete service"


EXPECTED_SECONDS: Final = {
    StepKind.CREATE_SERVICE: 2.0,
    StepKind.CREATE_ROLE: 40.0,
    StepKind.ATTACH_DISK: 32.0,
    StepKind.DETACH_DISK: 31.0,
    StepKind.DELETE_ROLE: 29.0,
    StepKind.DELETE_DEPLOYMENT: 33.0,
    StepKind.DELETE_SERVICE: 2.0,
}
"""Recorded medians ("Life of an accepted request", protocol 6.1): they order chains; nothing waits."""


DELETIONS: Final = frozenset(
    {StepKind.DETACH_DISK, StepKind.DELETE_ROLE, StepKind.DELETE_DEPLOYMENT, StepKind.DELETE_SERVICE}
)


@dataclass(frozen=True, slots=True)
class Step:
    """One write, and what it is about.

    Attributes:
        kind: what it does.
        service: cloud service it locks.
        deployment: deployment, or empty.
        role: role, or empty.
        lun: LUN of the data disk, or -1.
    """

    kind: StepKind
    service: str
    deployment: str = ""
    role: str = ""
    lun: int = -1

    @classmethod
    def of(cls, kind: StepKind, role: RoleId, lun: int = -1) -> Step:
        """Make a step about one machine."""
        return cls(kind, role.service, role.deployment, role.role, lun)

    def __str__(self) -> str:
        """Give the step as text; it names it in the journal."""
        parts = [self.service, self.deployment, self.role, "" if self.lun < 0 else str(self.lun)]
        return f"{self.kind} {'/'.join(parts).rstrip('/')}"

    @property
    def fields(self) -> list[str | int]:
        """The step as a journal has it."""
        return [self.kind.value, self.service, self.deployment, self.role, self.lun]

    @classmethod
    def read(cls, fields: Sequence[Any]) -> Step:
        """Read what :attr:`fields` gave.

        Raises:
            ValueError: it isn't that.
        """
        kind, service, deployment, role, lun = fields
        return cls(StepKind(kind), service, deployment, role, lun)
