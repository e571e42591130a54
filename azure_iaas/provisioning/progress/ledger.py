"""What a run knows of each write, as facts that were noted one after the other. Pure.

The same facts are written to the journal, replayed from it, told as events and summed up in the report:
there is one truth, and a resumed run has all of it.

Rules:

1. ``intent`` is noted before a write is sent. From then on its outcome is unknown until ``accepted`` (with
   the request id), ``found`` (a look showed that it was carried out) or ``refused`` follows.
2. Facts hold names, ids, times and the service's error texts; never a document that was sent.
3. Facts of an unknown kind are passed over, so that an older version reads a newer journal; a fact that
   can't follow those before it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal, get_args

from azure_iaas.provisioning.plan import RoleId
from azure_iaas.provisioning.steps import DELETIONS, Step, StepKind

Fact = Mapping[str, Any]
"""``fact`` (its kind), ``at`` (seconds since 1970), and what belongs to it."""

FactKind = Literal[
    "begin",
    "queued",
    "existed",
    "gone",
    "intent",
    "accepted",
    "found",
    "waiting",
    "refused",
    "retried",
    "done",
    "failed",
    "ready",
    "not ready",
    "removed",
    "kept",
    "remains",
    "end",
]

LASTING: Final = frozenset(get_args(FactKind)) - {"queued", "waiting", "retried", "kept", "remains"}
"""Kinds that are kept in a journal; the others tell how things went on the way."""


class StepState(StrEnum):
    """How far a write has come, as far as is known."""

    NEW = "new"
    IN_DOUBT = "in doubt"
    """It was (or was about to be) sent; whether it was carried out isn't known."""
    ACCEPTED = "accepted"
    """It was carried out or is being carried out; the end of its operation isn't known."""
    DONE = "done"
    EXISTED = "existed"
    """It was there before this run began."""
    FAILED = "failed"


_NEW, _IN_DOUBT, _ACCEPTED, _DONE, _EXISTED, _FAILED = StepState

TRANSITIONS: Final[Mapping[str, Mapping[StepState, StepState]]] = {
    "queued": {_NEW: _NEW, _FAILED: _NEW, _IN_DOUBT: _IN_DOUBT, _ACCEPTED: _ACCEPTED},
    "existed": {_NEW: _EXISTED, _FAILED: _EXISTED},
    # It was there when a run ended and isn't when the next begins: somebody deleted it.
    "gone": {_DONE: _NEW, _EXISTED: _NEW},
    # A journal keeps no "queued": what had failed is tried again by a later run.
    "intent": {_NEW: _IN_DOUBT, _FAILED: _IN_DOUBT, _IN_DOUBT: _IN_DOUBT, _ACCEPTED: _IN_DOUBT},
    "accepted": {_IN_DOUBT: _ACCEPTED},
    "found": {_IN_DOUBT: _ACCEPTED, _ACCEPTED: _ACCEPTED},
    "refused": {_IN_DOUBT: _NEW, _ACCEPTED: _NEW},
    "done": {_ACCEPTED: _DONE},
    "failed": {_NEW: _FAILED, _IN_DOUBT: _FAILED, _ACCEPTED: _FAILED, _FAILED: _FAILED},
    # What may yet have been carried out stays in doubt: the next run looks.
    "failed, unknown": {_NEW: _NEW, _IN_DOUBT: _IN_DOUBT, _ACCEPTED: _ACCEPTED},
    "removed": {**dict.fromkeys(StepState, _NEW), _FAILED: _FAILED},
}
"""How far a write has come after a fact of each kind, by how far it had come before; what isn't here can't
be. Kinds of facts that aren't here change nothing."""


class ImpossibleFactError(ValueError):
    """A fact that can't follow those before it: the journal was changed, or the program is wrong."""


@dataclass(slots=True)
class StepFacts:
    """What is known of one write; times are seconds since 1970.

    ``new_disks`` are the LUNs of the data disks it makes: those alone may be deleted with what it made.
    """

    state: StepState = StepState.NEW
    operation: str = ""
    attempts: int = 0
    request_ids: list[str] = field(default_factory=list)
    request_id: str | None = None
    queued_at: float | None = None
    sent_at: float | None = None
    accepted_at: float | None = None
    done_at: float | None = None
    new_disks: tuple[int, ...] = ()
    error: dict[str, Any] | None = None


@dataclass(slots=True)
class Ledger:
    """All facts of one plan's runs, summed up.

    Attributes:
        steps: writes by step.
        ready: when machines became ``ReadyRole``.
        not_ready: why machines didn't.
        removed: what was deleted again.
        runs: how often the plan was run.
        started_at: begin of the first run.
        ended_at: end of the last one, or None while it runs or when it was killed.
    """

    steps: dict[Step, StepFacts] = field(default_factory=dict)
    ready: dict[RoleId, float] = field(default_factory=dict)
    not_ready: dict[RoleId, dict[str, Any]] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    runs: int = 0
    started_at: float | None = None
    ended_at: float | None = None

    def of(self, step: Step) -> StepFacts:
        """What is known of a write."""
        facts = self.steps.get(step)
        if facts is None:
            facts = self.steps[step] = StepFacts()
        return facts

    def state(self, step: Step) -> StepState:
        """How far a write has come."""
        facts = self.steps.get(step)
        return facts.state if facts is not None else StepState.NEW

    def note(self, fact: Fact) -> None:
        """Take in the next fact.

        Raises:
            ImpossibleFactError: it can't follow those before it.
            KeyError, TypeError, ValueError: it lacks what belongs to it.
        """
        kind, at = fact["fact"], float(fact["at"])
        match kind:
            case "begin":
                self.runs += 1
                self.started_at = at if self.started_at is None else self.started_at
                self.ended_at = None
                # What an earlier deletion came to says nothing about what is there now.
                self.steps = {step: facts for step, facts in self.steps.items() if step.kind not in DELETIONS}
            case "end":
                self.ended_at = at
            case "ready":
                role = _role(fact)
                self.ready[role] = at
                self.not_ready.pop(role, None)
            case "not ready":
                self.not_ready[_role(fact)] = dict(fact["error"])
            case "removed":
                self.removed.append(fact["what"])
                self._forget(Step.read(fact["step"]))
            case _ if "step" in fact:
                self._note_step(kind, at, fact)

    def _note_step(self, kind: str, at: float, fact: Fact) -> None:
        step = Step.read(fact["step"])
        facts = self.of(step)
        self._move(step, facts, "failed, unknown" if kind == "failed" and fact.get("unknown") else kind)
        match kind:
            case "queued":
                facts.queued_at = at
            case "existed":
                facts.done_at = at
                facts.error = None
            case "gone":
                self._not_ready_any_more(step)
            case "intent":
                facts.operation = fact["operation"]
                facts.attempts += 1
                facts.request_id = None
                facts.new_disks = tuple(fact.get("new_disks", ()))
                facts.sent_at = facts.sent_at or at
                facts.error = None
            case "accepted":
                facts.request_id = fact["request_id"]
                facts.request_ids.append(fact["request_id"])
                facts.accepted_at = at
            case "found":
                facts.request_id = None
                facts.accepted_at = facts.accepted_at or at
            case "refused":
                facts.request_id = None
                facts.error = dict(fact["error"]) if fact.get("error") else None
            case "done":
                facts.done_at = at
                facts.error = None
            case "failed":
                facts.error = dict(fact["error"])
                facts.done_at = None

    def _move(self, step: Step, facts: StepFacts, kind: str) -> None:
        moves = TRANSITIONS.get(kind)
        if moves is None:
            return
        if facts.state not in moves:
            raise ImpossibleFactError(f"{kind!r} can't follow {facts.state.value!r}: {step}")
        facts.state = moves[facts.state]

    def _forget(self, deleted: Step) -> None:
        """What was deleted is as if it had never been there; its history is in the journal."""
        for step, facts in self.steps.items():
            if step.kind not in DELETIONS and _goes_with(step, deleted):
                self._move(step, facts, "removed")
                self._not_ready_any_more(step)

    def _not_ready_any_more(self, step: Step) -> None:
        if step.kind is StepKind.CREATE_ROLE:
            self.ready.pop(RoleId(step.service, step.deployment, step.role), None)


def _goes_with(made: Step, deleted: Step) -> bool:
    """Whether a deletion undoes a write."""
    if made.service.lower() != deleted.service.lower():
        return False
    same_deployment = made.deployment.lower() == deleted.deployment.lower()
    same_role = same_deployment and made.role.lower() == deleted.role.lower()
    match deleted.kind:
        case StepKind.DELETE_SERVICE:
            return True
        case StepKind.DELETE_DEPLOYMENT:
            return same_deployment
        case StepKind.DELETE_ROLE:
            return same_role
        case _:
            return same_role and made.kind is StepKind.ATTACH_DISK and made.lun == deleted.lun


def _role(fact: Fact) -> RoleId:
    service, deployment, role = fact["role"]
    return RoleId(service, deployment, role)
