"""Runs a plan: checks it whole, carries it out, waits for the machines, reports every one of them."""

from __future__ import annotations

import inspect
import random as random_numbers
import time
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import anyio

from azure_iaas.errors import AzureError, ConfigurationError, ProvisioningError
from azure_iaas.frames import forgetful
from azure_iaas.operations.pace import Pace
from azure_iaas.provisioning.catalogue import read_catalogue
from azure_iaas.provisioning.deployment_watch import Goal
from azure_iaas.provisioning.engine import Engine, Patience, Write, task_group
from azure_iaas.provisioning.inventory import Inventory
from azure_iaas.provisioning.plan import Plan, RoleId
from azure_iaas.provisioning.plan.checks import (
    InvalidPlanError,
    PlanLimits,
    Problem,
    check_catalogue,
    check_plan,
    one_each,
)
from azure_iaas.provisioning.progress.events import Event
from azure_iaas.provisioning.progress.journal import Journal, blocking
from azure_iaas.provisioning.progress.recorder import Recorder
from azure_iaas.provisioning.progress.report import Report, make_report
from azure_iaas.provisioning.removal import Removal, made_by_run
from azure_iaas.provisioning.steps import Step, StepKind
from azure_iaas.provisioning.todo import plan_writes
from azure_iaas.provisioning.writes import AttachDisk, CreateRole, CreateService

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

    from anyio.abc import TaskGroup

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import HostedService
    from azure_iaas.provisioning.plan import PlannedService


@dataclass(frozen=True, slots=True)
class _Options:
    """How a plan is to be run; see :class:`Provisioner`."""

    max_parallel: int
    wait_until_ready: bool
    fail_fast: bool
    roll_back: bool
    limits: PlanLimits
    patience: Patience
    clock: Callable[[], float]
    random: Callable[[], float]
    stop: anyio.Event


class Provisioner:
    """Makes what a plan says, as fast as the service allows.

    ::

        async with ServiceManagementClient(subscription_id, auth) as client:
            report = await Provisioner(client, Plan.load("fleet.yaml"), journal="fleet.journal").run()

    Run it again after a crash, with the same journal: what was made is recognised, what was under way is
    waited for, nothing is created twice. Without a journal what exists is recognised by its name.

    Args:
        client: an open client.
        plan: a :class:`~azure_iaas.provisioning.plan.Plan`, or plain values for one.
        journal: file that makes the run resumable; None for none.
        max_parallel: writes under way at a time, over all cloud services.
        wait_until_ready: wait until each machine is ``ReadyRole``.
        fail_fast: start nothing more once something has failed; what is under way is seen to its end.
        roll_back: after a failure delete what this run (with those before it in the journal) has made.
        limits: limits of the subscription, where they differ from the documented ones.
        patience: how long to wait for what.
        on_event: told each event as it happens; may be async. What it raises ends the run.
        clock: seconds since 1970, for events, journal and report.
        random: gives numbers from 0 to 1, to spread repeats.
        stop: an event that stops the run when it is set: nothing more is started, what is on its way is seen
            to its end, machines aren't waited for any more, and nothing is rolled back.

    Raises:
        ConfigurationError: the plan's values can't be read, or ``max_parallel`` is less than 1.

    Attributes:
        plan: the plan.
    """

    @forgetful
    def __init__(
        self,
        client: ServiceManagementClient,
        plan: Plan | Mapping[str, Any],
        *,
        journal: str | os.PathLike[str] | None = None,
        max_parallel: int = 20,
        wait_until_ready: bool = True,
        fail_fast: bool = False,
        roll_back: bool = False,
        limits: PlanLimits | None = None,
        patience: Patience | None = None,
        on_event: Callable[[Event], Any] | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = random_numbers.random,
        stop: anyio.Event | None = None,
    ) -> None:
        self.plan: Final = Plan.of(plan)
        if max_parallel < 1:
            raise ConfigurationError(f"max_parallel: at least 1, not {max_parallel}")
        self._client = client
        self._journal_path = journal
        self._listeners: list[Callable[[Event], Any]] = [on_event] if on_event else []
        self._services = self.plan.expand()
        self._options = _Options(
            max_parallel,
            wait_until_ready,
            fail_fast,
            roll_back,
            limits or PlanLimits(),
            patience or Patience(),
            clock,
            random,
            stop or anyio.Event(),
        )
        self._pace = Pace()
        self._run = self._new_run(None)

    def report(self) -> Report:
        """How the plan stands as far as is known, also while it runs, or after it was cancelled."""
        return self._run.report()

    async def check(self) -> list[Problem]:
        """Check the plan without running it: first by itself, then, if nothing is wrong, by asking.

        Only reads are sent, and nothing at all when the plan shows a mistake by itself.

        Raises:
            ServiceError, TransportError: the lists could not be read.
        """
        problems, _ = await self._new_run(None).check()
        return problems

    async def run(self) -> Report:
        """Check the plan, carry it out, and report.

        Cancelling it leaves requests on their way to the service; what came of them is settled by the next
        run with the same journal, and :meth:`report` says what is known.

        Raises:
            InvalidPlanError: the plan breaks rules; nothing that writes was sent.
            ConfigurationError: the journal can't be used, or belongs to another plan.
            ProvisioningError: not everything was made; ``report`` names each machine and its outcome.
            ServiceError, TransportError: the service's lists could not be read; nothing was written.
            OSError: the journal could not be written; what was under way is settled by the next run.
        """
        if problems := check_plan(self._services, self._options.limits):
            raise InvalidPlanError(one_each(problems, self.plan))
        with ExitStack() as stack:
            journal = None
            if self._journal_path is not None:
                journal = await blocking(self._open_journal, self._journal_path)
                stack.enter_context(journal)
            self._run = self._new_run(journal)
            return await self._run.run()

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[Event]]:
        """Run, and give the events as they happen.

        ::

            async with provisioner.events() as events:
                async for event in events:
                    print(event.kind, event.role)

        The events end when the run does; then the block's end raises what :meth:`run` would raise. Leaving
        the block before cancels the run.
        """
        send, receive = anyio.create_memory_object_stream[Event](float("inf"))
        listener = send.send_nowait
        self._listeners.append(listener)
        failure: Exception | None = None

        async def run() -> None:
            nonlocal failure
            with send:
                try:
                    await self.run()
                except Exception as error:  # noqa: BLE001 - raised where the caller is
                    failure = error

        try:
            async with task_group() as tasks:
                tasks.start_soon(run)
                with receive:
                    yield receive
                tasks.cancel_scope.cancel()
        finally:
            self._listeners.remove(listener)
        if failure is not None:
            raise failure

    def _new_run(self, journal: Journal | None) -> _Run:
        recorder = Recorder(self._options.clock, journal, self._tell)
        return _Run(
            self._client, self.plan, self._services, self._options, recorder=recorder, pace=self._pace
        )

    def _open_journal(self, path: str | os.PathLike[str]) -> Journal:
        return Journal(path, plan=self.plan.digest, subscription_id=self._client.subscription_id)

    async def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            result = listener(event)
            if inspect.isawaitable(result):
                await result


class _Run:
    """One run of a plan, from checking it to its report."""

    def __init__(
        self,
        client: ServiceManagementClient,
        plan: Plan,
        services: Sequence[PlannedService],
        options: _Options,
        *,
        recorder: Recorder,
        pace: Pace,
    ) -> None:
        self._client = client
        self._plan = plan
        self._services = services
        self._options = options
        self._recorder = recorder
        self._pace = pace
        self._inventory = Inventory(client, recorder.requests, pace)
        self._remaining: list[str] = []
        self._kept: list[str] = []
        self._stopped_by: AzureError | None = None

    def report(self) -> Report:
        return make_report(
            self._services,
            self._recorder.ledger,
            ready_wanted=self._options.wait_until_ready,
            requests=self._recorder.requests,
            remaining=self._remaining,
            kept=self._kept,
        )

    async def check(self) -> tuple[list[Problem], Mapping[str, HostedService]]:
        """Problems of the plan, and the plan's cloud services that exist."""
        if problems := check_plan(self._services, self._options.limits):
            return one_each(problems, self._plan), {}
        return await self._check_by_asking()

    async def _check_by_asking(self) -> tuple[list[Problem], Mapping[str, HostedService]]:
        catalogue = await read_catalogue(
            self._inventory, self._services, max_parallel=self._options.max_parallel
        )
        problems = check_catalogue(self._services, catalogue, self._options.limits)
        return one_each(problems, self._plan), catalogue.services

    async def run(self) -> Report:
        """Run a plan that shows no mistake by itself."""
        problems, existing = await self._check_by_asking()
        if problems:
            raise InvalidPlanError(problems)
        await self._recorder.note("begin", safe=True)
        await self._carry_out(existing)
        stopped = self._options.stop.is_set()
        if self._options.roll_back and not stopped and not self.report().succeeded:
            await self._take_back()
        await self._recorder.note("end", safe=True)
        report = self.report()
        if not report.succeeded:
            raise _failure(report, self._stopped_by)
        return report

    async def _carry_out(self, existing: Mapping[str, HostedService]) -> None:
        options, recorder = self._options, self._recorder
        todo = plan_writes(recorder.ledger, existing, self._services)
        for fact, step in todo.facts:
            await recorder.note(fact, step=step)
        self._inventory.deployments |= todo.deployments
        async with task_group() as watching:
            async with task_group() as tasks:
                engine = Engine(
                    self._client,
                    recorder,
                    self._pace,
                    max_parallel=options.max_parallel,
                    patience=options.patience,
                    random=options.random,
                    fail_fast=options.fail_fast,
                    stop=options.stop,
                    dropped=self._note_dropped,
                )
                self._inventory.hurried = lambda service, deployment: (
                    not engine.schedule.waiting(service, deployment)
                )
                for role in todo.waits:
                    self._wait_for(role, tasks, since=None)

                async def created(role: RoleId, found: bool) -> None:
                    accepted_at = None if found else self._accepted_at(role)
                    self._wait_for(role, tasks, since=accepted_at)

                await engine.run(self._writes(todo.writes, created))
                self._stopped_by = engine.stopped_by
                failed = any(facts.error for facts in recorder.ledger.steps.values())
                if self._stopped_by is not None or (options.fail_fast and failed):
                    tasks.cancel_scope.cancel()
                watching.start_soon(_cancel_when, options.stop, tasks.cancel_scope)
            watching.cancel_scope.cancel()

    def _writes(
        self, steps: Sequence[Step], created: Callable[[RoleId, bool], Awaitable[None]]
    ) -> list[Write]:
        inventory = self._inventory
        services = {service.name: service for service in self._services}
        deployments = {
            (each.service, each.name): each for service in self._services for each in service.deployments
        }
        roles = {role.id: role for service in self._services for role in service.roles}
        writes: list[Write] = []
        for step in steps:
            if step.kind is StepKind.CREATE_SERVICE:
                writes.append(CreateService(inventory, services[step.service], step))
                continue
            role = roles[RoleId(step.service, step.deployment, step.role)]
            if step.kind is StepKind.CREATE_ROLE:
                deployment = deployments[step.service, step.deployment]
                writes.append(CreateRole(inventory, role, deployment, step, created))
            else:
                writes.append(AttachDisk(inventory, role, step))
        return writes

    async def _note_dropped(self, dropped: Sequence[Step], cause: Step, error: AzureError) -> None:
        if cause.kind is not StepKind.CREATE_SERVICE:
            return
        for step in dropped:
            if step.kind is StepKind.CREATE_ROLE:
                reason = ProvisioningError(
                    f"the cloud service {cause.service} could not be created: {error.message}",
                    operation=error.operation,
                    request_id=error.request_id,
                    status=error.status,
                    code=error.code,
                )
                await self._recorder.note("failed", step=step, error=reason)

    # --- waiting for machines, beside the writes --------------------------------------------------------

    def _wait_for(self, role: RoleId, tasks: TaskGroup, *, since: float | None) -> None:
        if self._options.wait_until_ready and role not in self._recorder.ledger.ready:
            tasks.start_soon(self._wait_until_ready, role, since)

    def _accepted_at(self, role: RoleId) -> float | None:
        """When a machine's creation was accepted, by the event loop's clock."""
        at = self._recorder.ledger.of(Step.of(StepKind.CREATE_ROLE, role)).accepted_at
        return None if at is None else anyio.current_time() - max(0.0, self._options.clock() - at)

    async def _wait_until_ready(self, role: RoleId, since: float | None) -> None:
        watch = self._inventory.watch(role.service, role.deployment)
        try:
            await watch.wait(role.role, Goal.READY, began=since, timeout=self._options.patience.ready)
        except AzureError as error:
            await self._recorder.note("not ready", role=role, error=error, safe=True)
        else:
            await self._recorder.note("ready", role=role)

    # --- after -------------------------------------------------------------------------------------------

    async def _take_back(self) -> None:
        removal = Removal(
            self._client,
            self._services,
            self._recorder,
            self._pace,
            max_parallel=self._options.max_parallel,
            patience=self._options.patience,
            random=self._options.random,
        )
        await removal.run(made_by_run(self._recorder.ledger), delete_media=True)
        self._remaining, self._kept = removal.remaining, removal.kept


async def _cancel_when(event: anyio.Event, scope: anyio.CancelScope) -> None:
    await event.wait()
    scope.cancel()


def _failure(report: Report, stopped_by: AzureError | None) -> ProvisioningError:
    why = f"; stopped: {stopped_by.message}" if stopped_by is not None else ""
    first = next((role for role in report.roles if role.error is not None), None)
    which = ""
    if first is not None and first.error is not None and not why:
        which = f"; first: {first.service}/{first.deployment}/{first.role}: {first.error.message}"
    error = ProvisioningError(f"not everything was made: {report.summary()}{why}{which}")
    error.report = report
    if stopped_by is not None:
        error.__cause__ = stopped_by
    return error


async def provision(
    client: ServiceManagementClient, plan: Plan | Mapping[str, Any], **options: Any
) -> Report:
    """Make what a plan says; see :class:`Provisioner` for options, :meth:`Provisioner.run` for errors."""
    return await Provisioner(client, plan, **options).run()
