"""Takes a plan down: what its journal says was made, or, without a journal, the machines it names."""

from __future__ import annotations

import random as random_numbers
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from azure_iaas.errors import AzureError, ConfigurationError, ProvisioningError
from azure_iaas.operations.pace import Pace
from azure_iaas.operations.tracking import AcceptedOperation
from azure_iaas.provisioning.engine import Patience, task_group
from azure_iaas.provisioning.plan import Plan
from azure_iaas.provisioning.progress.journal import Journal, blocking
from azure_iaas.provisioning.progress.ledger import StepState
from azure_iaas.provisioning.progress.recorder import Recorder
from azure_iaas.provisioning.progress.report import Report, make_removal_report
from azure_iaas.provisioning.removal import Removal, made_by_run, named_by_plan

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    import anyio

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.provisioning.progress.events import Event


class Deprovisioner:
    """Deletes what a plan has made. May be repeated: what is gone is gone.

    Args:
        client: an open client.
        plan: a :class:`~azure_iaas.provisioning.plan.Plan`, or plain values for one.
        journal: that of the runs to be undone: only what they made is deleted. None: the machines and cloud
            services the plan names go, whoever made them.
        delete_media: delete disks and blobs too; otherwise they stay, are billed, and ``remaining`` names
            them. A disk that may have been there before always stays, and ``kept`` names it: with a journal
            it says which ones were made, without one those the plan gives by name or media link stay.
        delete_services: delete the plan's cloud services as well, once they are empty.
        max_parallel: writes under way at a time.
        patience: how long to wait for what.
        on_event: told each event; may be async.
        clock: seconds since 1970.
        random: gives numbers from 0 to 1, to spread repeats.
        stop: an event that, once set, lets nothing more be started; what is on its way is seen to its end.

    Raises:
        ConfigurationError: the plan's values can't be read, or ``max_parallel`` is less than 1.
    """

    def __init__(
        self,
        client: ServiceManagementClient,
        plan: Plan | Mapping[str, Any],
        *,
        journal: str | os.PathLike[str] | None = None,
        delete_media: bool = False,
        delete_services: bool = True,
        max_parallel: int = 20,
        patience: Patience | None = None,
        on_event: Callable[[Event], Any] | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = random_numbers.random,
        stop: anyio.Event | None = None,
    ) -> None:
        self.plan: Plan = Plan.of(plan)
        if max_parallel < 1:
            raise ConfigurationError(f"max_parallel: at least 1, not {max_parallel}")
        self._client = client
        self._journal_path = journal
        self._delete_media = delete_media
        self._delete_services = delete_services
        self._max_parallel = max_parallel
        self._patience = patience or Patience()
        self._on_event = on_event
        self._clock = clock
        self._random = random
        self._stop = stop
        self._services = self.plan.expand()
        self._begin(None)

    def _begin(self, journal: Journal | None) -> None:
        self._recorder = Recorder(self._clock, journal, self._on_event)
        self._removed_before = len(self._recorder.ledger.removed)
        self._removal = Removal(
            self._client,
            self._services,
            self._recorder,
            Pace(),
            max_parallel=self._max_parallel,
            patience=self._patience,
            random=self._random,
            stop=self._stop,
        )

    def report(self) -> Report:
        """How it stands as far as is known, also while it runs, or after it was cancelled."""
        removal, ledger = self._removal, self._recorder.ledger
        return make_removal_report(
            self._services,
            ledger,
            deletions=removal.deletions,
            kept_roles=removal.kept_roles,
            planned=removal.planned,
            requests=self._recorder.requests,
            removed=ledger.removed[self._removed_before :],
            remaining=removal.remaining,
            kept=removal.kept,
        )

    async def run(self) -> Report:
        """Delete, and report.

        Returns:
            A report whose ``removed``, ``remaining`` and ``kept`` say what was done.

        Raises:
            ConfigurationError: the journal can't be used, or belongs to another plan.
            ProvisioningError: something that was to go is still there; ``report`` says what.
            ServiceError, TransportError: the services could not be read; nothing was deleted.
            OSError: the journal could not be written.
        """
        with ExitStack() as stack:
            journal = None
            if self._journal_path is not None:
                journal = await blocking(self._open_journal, self._journal_path)
                stack.enter_context(journal)
            self._begin(journal)
            await self._run()
        report = self.report()
        if not report.succeeded:
            first = next((role.error.message for role in report.roles if role.error), "")
            why = f"; first: {first or report.failures[0]}" if first or report.failures else ""
            error = ProvisioningError(f"not everything was deleted: {report.summary()}{why}")
            error.report = report
            raise error
        return report

    async def _run(self) -> None:
        recorder = self._recorder
        await recorder.note("begin", safe=True)
        await self._settle()
        wanted = named_by_plan(self._services) if recorder.journal is None else made_by_run(recorder.ledger)
        if not self._delete_services:
            wanted.services = None
        await self._removal.run(wanted, delete_media=self._delete_media)
        await recorder.note("end", safe=True)

    async def _settle(self) -> None:
        """Wait for what a run that was killed had under way: it would be there after all."""
        client = self._client

        async def wait(request_id: str, operation: str) -> None:
            accepted = AcceptedOperation(request_id, operation, 202, client.subscription_id)
            with suppress(AzureError):  # what came of it is looked at
                await client.wait_for_operation(accepted, timeout=self._patience.operation)

        async with task_group() as tasks:
            for facts in self._recorder.ledger.steps.values():
                if facts.state is StepState.ACCEPTED and facts.request_id is not None:
                    tasks.start_soon(wait, facts.request_id, facts.operation)

    def _open_journal(self, path: str | os.PathLike[str]) -> Journal:
        return Journal(path, plan=self.plan.digest, subscription_id=self._client.subscription_id)


async def deprovision(
    client: ServiceManagementClient, plan: Plan | Mapping[str, Any], **options: Any
) -> Report:
    """Delete what a plan has made; see :class:`Deprovisioner` for options and errors."""
    return await Deprovisioner(client, plan, **options).run()
