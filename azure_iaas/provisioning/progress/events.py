"""What a run tells while it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from azure_iaas.provisioning.steps import DELETIONS

if TYPE_CHECKING:
    from azure_iaas.provisioning.progress.ledger import Fact


class EventKind(StrEnum):
    """What happened."""

    QUEUED = "queued"
    EXISTED = "existed"
    CREATING = "creating"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    CREATED = "created"
    READY = "ready"
    RETRIED = "retried"
    FAILED = "failed"
    DELETING = "deleting"
    DELETED = "deleted"
    REMOVED = DELETED
    KEPT = "kept"
    REMAINS = "remains"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a run.

    Attributes:
        kind: what; ``WAITING`` is for a lock held by somebody else, or for a lost answer to show its effect.
        at: seconds since 1970.
        service: cloud service.
        deployment: deployment, or empty.
        role: role, or empty.
        lun: LUN of the data disk it is about, or None.
        operation: documented name of the operation, or empty.
        attempt: which attempt, from 1; 0 where none was made.
        request_id: of the acceptance, or of the operation that holds the lock.
        error: why, for ``FAILED``, ``RETRIED``, ``KEPT`` and ``REMAINS``.
    """

    kind: EventKind
    at: float
    service: str
    deployment: str = ""
    role: str = ""
    lun: int | None = None
    operation: str = ""
    attempt: int = 0
    request_id: str | None = None
    error: str | None = None


_EVENTS = {
    "queued": EventKind.QUEUED,
    "existed": EventKind.EXISTED,
    "intent": EventKind.CREATING,
    "accepted": EventKind.ACCEPTED,
    "found": EventKind.ACCEPTED,
    "waiting": EventKind.WAITING,
    "retried": EventKind.RETRIED,
    "done": EventKind.CREATED,
    "failed": EventKind.FAILED,
    "ready": EventKind.READY,
    "not ready": EventKind.FAILED,
    "removed": EventKind.DELETED,
    "kept": EventKind.KEPT,
    "remains": EventKind.REMAINS,
}
_DELETION_EVENTS = {**_EVENTS, "intent": EventKind.DELETING}
del _DELETION_EVENTS["existed"], _DELETION_EVENTS["done"]  # "removed" follows, and tells it


def event_of(fact: Fact) -> Event | None:
    """The event a fact is told as, or None."""
    deletes = "step" in fact and fact["step"][0] in DELETIONS
    kind = (_DELETION_EVENTS if deletes else _EVENTS).get(fact["fact"])
    if kind is None:
        return None
    if "role" in fact:
        service, deployment, role = fact["role"]
        lun = None
    elif "step" in fact:
        _, service, deployment, role, number = fact["step"]
        lun = number if number >= 0 else None
    else:
        return None
    error = fact.get("error")
    return Event(
        kind,
        fact["at"],
        service,
        deployment,
        role,
        lun,
        fact.get("operation", ""),
        fact.get("attempt", 0),
        fact.get("request_id"),
        error["message"] if error else None,
    )
