"""Where facts go: into the ledger, the journal, and to whoever listens."""

from __future__ import annotations

import inspect
import logging
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.provisioning.progress.events import Event, event_of
from azure_iaas.provisioning.progress.ledger import Ledger
from azure_iaas.provisioning.progress.report import error_facts

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.errors import AzureError
    from azure_iaas.provisioning.plan import RoleId
    from azure_iaas.provisioning.progress.journal import Journal
    from azure_iaas.provisioning.progress.ledger import FactKind
    from azure_iaas.provisioning.steps import Step

_log = logging.getLogger("azure_iaas.provisioning")


class Recorder:
    """Notes facts.

    Args:
        clock: seconds since 1970.
        journal: keeps them, or None.
        on_event: told each event; may be async. What it raises ends the run.

    Attributes:
        ledger: all facts summed up.
        requests: calls by operation.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        journal: Journal | None = None,
        on_event: Callable[[Event], Any] | None = None,
    ) -> None:
        self.clock = clock
        self.journal = journal
        self.ledger: Final = Ledger()
        self.requests: Counter[str] = Counter()
        self._on_event = on_event
        if journal is not None:
            journal.replay(self.ledger)

    async def note(
        self,
        kind: FactKind,
        *,
        step: Step | None = None,
        role: RoleId | None = None,
        error: AzureError | None = None,
        safe: bool = False,
        **more: Any,
    ) -> None:
        """Note a fact.

        Args:
            kind: what happened.
            step: the write it is about.
            role: the machine it is about, when it isn't a write.
            error: why.
            safe: return when it is on disk.
            **more: what belongs to it.
        """
        fact: dict[str, Any] = {"fact": kind, "at": self.clock()}
        if step is not None:
            fact["step"] = step.fields
        if role is not None:
            fact["role"] = list(role)
        if error is not None:
            fact["error"] = error_facts(error)
        fact |= more
        _log.debug("%s: %s", kind, step or role or "")
        self.ledger.note(fact)
        if self.journal is not None:
            await self.journal.write(fact, safe=safe)
        if self._on_event is not None:
            event = event_of(fact)
            if event is not None:
                result = self._on_event(event)
                if inspect.isawaitable(result):
                    await result
