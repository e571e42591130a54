"""How a plan stands: a report that names every machine and its outcome."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from azure_iaas.errors import ConflictError
from azure_iaas.provisioning.plan import RoleId
from azure_iaas.provisioning.progress.ledger import StepFacts, StepState
from azure_iaas.provisioning.steps import DELETIONS, Step, StepKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from azure_iaas.errors import AzureError
    from azure_iaas.provisioning.plan import PlannedRole, PlannedService
    from azure_iaas.provisioning.progress.ledger import Ledger


class Outcome(StrEnum):
    """How it stands with one machine."""

    CREATED = "created"
    """It was created, with its data disks; whether it is ready says ``ready_at``."""
    EXISTED = "existed"
    """It was there before."""
    INCOMPLETE = "incomplete"
    """It is there, but lacks data disks or didn't become ready."""
    FAILED = "failed"
    IN_PROGRESS = "in progress"
    """It was accepted; the run ended before its operation did."""
    UNKNOWN = "unknown"
    """It may or may not be there: look before doing anything about it."""
    NOT_STARTED = "not started"
    DELETED = "deleted"
    """It was deleted: by a deprovisioning, or again after it was created."""
    REMOVED = DELETED
    KEPT = "kept"
    """It is there and stays: a deprovisioning deletes what the run has made, and it hasn't made this one."""
    NOT_THERE = "not there"
    """There was nothing to delete."""


@dataclass(frozen=True, slots=True)
class ErrorFacts:
    """An error as facts; without the answer's body, which may hold what nobody should read.

    Attributes:
        type: name of the exception.
        message: one sentence.
        operation: documented name of the operation.
        request_id: of the answer.
        status: HTTP status.
        code: the service's code.
        conflict: kind of conflict, for a 409.
    """

    type: str
    message: str
    operation: str | None = None
    request_id: str | None = None
    status: int | None = None
    code: str | None = None
    conflict: str | None = None


def error_facts(error: AzureError) -> dict[str, Any]:
    """An error as plain values."""
    return asdict(
        ErrorFacts(
            type(error).__name__,
            error.message,
            error.operation,
            error.request_id,
            error.status,
            error.code,
            error.kind.value if isinstance(error, ConflictError) else None,
        )
    )


@dataclass(frozen=True, slots=True)
class RoleReport:
    """One machine of the plan, over all runs of its journal.

    Attributes:
        service: cloud service.
        deployment: deployment.
        role: role.
        outcome: how it stands.
        operation: ``CreateDeployment`` or ``AddRole``; empty when nothing was sent.
        request_ids: of all accepted writes for it, data disks included, in order.
        attempts: how often its creation was sent.
        data_disks: LUNs attached by the run after the machine was created.
        queued_at: seconds since 1970, as all times.
        sent_at: when its creation was sent first.
        accepted_at: when it was accepted.
        created_at: when its operation had ended.
        ready_at: when it was seen as ``ReadyRole``, or None.
        error: why it isn't complete.
    """

    service: str
    deployment: str
    role: str
    outcome: Outcome
    operation: str = ""
    request_ids: tuple[str, ...] = ()
    attempts: int = 0
    data_disks: tuple[int, ...] = ()
    queued_at: float | None = None
    sent_at: float | None = None
    accepted_at: float | None = None
    created_at: float | None = None
    ready_at: float | None = None
    error: ErrorFacts | None = None

    @property
    def create_seconds(self) -> float | None:
        """From acceptance to the end of the operation, as seen."""
        return _between(self.accepted_at, self.created_at)

    @property
    def ready_seconds(self) -> float | None:
        """From acceptance to ``ReadyRole``, as seen."""
        return _between(self.accepted_at, self.ready_at)


def _between(begin: float | None, end: float | None) -> float | None:
    return end - begin if begin is not None and end is not None else None


@dataclass(frozen=True, slots=True)
class Report:
    """How a plan stands.

    Attributes:
        roles: every machine of the plan, in its order.
        services_created: cloud services made by the run.
        removed: what was deleted again, or by a deprovisioning.
        remaining: what was to be deleted and is still there, with the reason.
        kept: what was not to be deleted, for the run didn't make it.
        taken_down: it is the report of a deprovisioning.
        failures: what failed besides machines, such as a cloud service.
        runs: how many runs this covers.
        started_at: begin of the first, seconds since 1970.
        ended_at: end of the last.
        requests: calls by operation, in the last run only.
    """

    roles: tuple[RoleReport, ...]
    services_created: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    remaining: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    taken_down: bool = False
    failures: tuple[str, ...] = ()
    runs: int = 1
    started_at: float | None = None
    ended_at: float | None = None
    requests: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many machines have each outcome; only those that occur."""
        counted = Counter(role.outcome for role in self.roles)
        return {outcome: counted[outcome] for outcome in Outcome if counted[outcome]}

    @property
    def succeeded(self) -> bool:
        """Whether every machine is there as planned (or gone as wanted) and nothing else failed."""
        good = _TAKEN_DOWN if self.taken_down else _MADE
        return not self.failures and all(role.outcome in good for role in self.roles)

    @property
    def polls(self) -> int:
        """Questions about operations, in the last run."""
        return self.requests.get("GetOperationStatus", 0)

    def summary(self) -> str:
        """One line for a person."""
        told = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items()) or "no roles"
        seconds = _between(self.started_at, self.ended_at)
        parts = [f"{len(self.roles)} roles: {told}"]
        if self.removed:
            parts.append(f"{len(self.removed)} deletions")
        if self.remaining:
            parts.append(f"{len(self.remaining)} remain")
        if self.kept:
            parts.append(f"{len(self.kept)} kept")
        if seconds is not None:
            parts.append(f"{seconds:.0f} s" + (f" over {self.runs} runs" if self.runs > 1 else ""))
        return "; ".join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Plain values under the attributes' names, for JSON.

        Times are what the attributes are, seconds since 1970: programs reckon with them. For people and
        other tools ``report_files.as_json`` writes ISO 8601, as ``provision --json`` does.
        """
        return asdict(self)


_MADE = frozenset({Outcome.CREATED, Outcome.EXISTED})
_TAKEN_DOWN = frozenset({Outcome.DELETED, Outcome.NOT_THERE, Outcome.KEPT})


def make_report(
    services: Sequence[PlannedService],
    ledger: Ledger,
    *,
    ready_wanted: bool,
    requests: Mapping[str, int],
    remaining: Sequence[str] = (),
    kept: Sequence[str] = (),
) -> Report:
    """Sum up what is known.

    Args:
        services: the expanded plan.
        ledger: all facts so far.
        ready_wanted: machines were to become ``ReadyRole``.
        requests: calls by operation.
        remaining: what couldn't be deleted.
        kept: what wasn't to be deleted.
    """
    steps_of: dict[RoleId, list[tuple[Step, StepFacts]]] = {}
    failures: list[str] = []
    created: list[str] = []
    for step, facts in ledger.steps.items():
        if step.kind in (StepKind.CREATE_ROLE, StepKind.ATTACH_DISK):
            role = RoleId(step.service, step.deployment, step.role)
            steps_of.setdefault(role, []).append((step, facts))
        elif step.kind is StepKind.CREATE_SERVICE:
            if facts.state in (StepState.DONE, StepState.ACCEPTED):
                created.append(step.service)
            elif facts.error is not None:
                failures.append(f"{step.service}: {facts.error['message']}")
    removed = set(ledger.removed)
    return Report(
        tuple(
            _role_report(role, steps_of.get(role.id, []), ledger, removed, ready_wanted=ready_wanted)
            for service in services
            for role in service.roles
        ),
        services_created=tuple(created),
        removed=tuple(ledger.removed),
        remaining=tuple(remaining),
        kept=tuple(kept),
        failures=tuple(failures),
        runs=ledger.runs,
        started_at=ledger.started_at,
        ended_at=ledger.ended_at,
        requests=dict(requests),
    )


def _role_report(
    planned: PlannedRole,
    steps: list[tuple[Step, StepFacts]],
    ledger: Ledger,
    removed: set[str],
    *,
    ready_wanted: bool,
) -> RoleReport:
    role = planned.id
    create = next((facts for step, facts in steps if step.kind is StepKind.CREATE_ROLE), StepFacts())
    disks = [(step.lun, facts) for step, facts in steps if step.kind is StepKind.ATTACH_DISK]
    error = create.error
    match create.state:
        case StepState.DONE | StepState.EXISTED:
            lacking = next((facts for _, facts in disks if not _there(facts)), None)
            error = lacking.error if lacking is not None else ledger.not_ready.get(role)
            existed = create.state is StepState.EXISTED
            # A machine that was there before may be stopped on purpose: it isn't waited for then.
            ready = role not in ledger.not_ready if existed else not ready_wanted or role in ledger.ready
            whole = lacking is None and ready
            outcome = Outcome.INCOMPLETE if not whole else Outcome.EXISTED if existed else Outcome.CREATED
        case StepState.ACCEPTED:
            outcome = Outcome.IN_PROGRESS
        case StepState.IN_DOUBT:
            outcome = Outcome.UNKNOWN
        case StepState.FAILED:
            outcome = Outcome.FAILED
        case _:
            gone = {str(role), f"{role.service}/{role.deployment}", role.service}
            outcome = Outcome.DELETED if create.attempts and gone & removed else Outcome.NOT_STARTED
    return RoleReport(
        *role,
        outcome,
        operation=create.operation,
        request_ids=tuple(each for _, facts in steps for each in facts.request_ids),
        attempts=create.attempts,
        data_disks=tuple(sorted(lun for lun, facts in disks if facts.state is StepState.DONE)),
        queued_at=create.queued_at,
        sent_at=create.sent_at,
        accepted_at=create.accepted_at,
        created_at=create.done_at,
        ready_at=ledger.ready.get(role),
        error=ErrorFacts(**error) if error else None,
    )


def _there(facts: StepFacts) -> bool:
    return facts.state in (StepState.DONE, StepState.EXISTED)


# --- of a deprovisioning --------------------------------------------------------------------------------

_DELETIONS = {
    StepState.NEW: Outcome.NOT_STARTED,
    StepState.IN_DOUBT: Outcome.UNKNOWN,
    StepState.ACCEPTED: Outcome.IN_PROGRESS,
    StepState.DONE: Outcome.DELETED,
    StepState.EXISTED: Outcome.DELETED,
    StepState.FAILED: Outcome.FAILED,
}


def make_removal_report(
    services: Sequence[PlannedService],
    ledger: Ledger,
    *,
    deletions: Mapping[RoleId, Step],
    kept_roles: Collection[RoleId],
    planned: bool,
    requests: Mapping[str, int],
    removed: Sequence[str],
    remaining: Sequence[str],
    kept: Sequence[str],
) -> Report:
    """Sum up a deprovisioning.

    Args:
        services: the expanded plan.
        ledger: all facts so far.
        deletions: the write that deletes each machine that was there.
        kept_roles: machines that stay.
        planned: whether it is known what is there; else nothing was begun.
        requests: calls by operation.
        removed: what was deleted.
        remaining: what couldn't be deleted.
        kept: what wasn't to be deleted.
    """

    def role_report(role: RoleId) -> RoleReport:
        if role not in deletions:
            absent = Outcome.NOT_THERE if planned else Outcome.NOT_STARTED
            return RoleReport(*role, Outcome.KEPT if role in kept_roles else absent)
        facts = ledger.steps.get(deletions[role], StepFacts())
        return RoleReport(
            *role,
            Outcome.FAILED if facts.error and facts.state is StepState.NEW else _DELETIONS[facts.state],
            operation=facts.operation,
            request_ids=tuple(facts.request_ids),
            attempts=facts.attempts,
            queued_at=facts.queued_at,
            sent_at=facts.sent_at,
            accepted_at=facts.accepted_at,
            error=ErrorFacts(**facts.error) if facts.error else None,
        )

    return Report(
        tuple(role_report(role.id) for service in services for role in service.roles),
        removed=tuple(removed),
        remaining=tuple(remaining),
        kept=tuple(kept),
        taken_down=True,
        failures=tuple(
            f"{step}: {facts.error['message']}"
            for step, facts in ledger.steps.items()
            if facts.error and step.kind in DELETIONS and step not in deletions.values()
        ),
        runs=ledger.runs,
        started_at=ledger.started_at,
        ended_at=ledger.ended_at,
        requests=dict(requests),
    )
