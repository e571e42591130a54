"""Runs a plan: checks it whole, carries it out, waits for the machines, reports every one of them."""

from __future__ import annotations

import random as random_numbers
import time
from contextlib import ExitStack, asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio

from azure_iaas.errors import AzureError, ConfigurationError, ProvisioningError
from azure_iaas.provisioning import checks
from azure_iaas.provisioning.engine import Engine, Patience, Write, task_group
from azure_iaas.provisioning.journal import Journal, blocking
from azure_iaas.provisioning.ledger import StepState
from azure_iaas.provisioning.pace import Pace
from azure_iaas.provisioning.plan import Plan, PlannedRole, RoleId
from azure_iaas.provisioning.recording import Recorder
from azure_iaas.provisioning.removal import Removal, made_by_run
from azure_iaas.provisioning.report import Event, Report, make_report
from azure_iaas.provisioning.schedule import Step, StepKind
from azure_iaas.provisioning.watching import Goal, is_stopped
from azure_iaas.provisioning.writes import AttachDisk, CreateRole, CreateService, Site

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from anyio.abc import TaskGroup

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import HostedService


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

    Raises:
        ConfigurationError: the plan's values can't be read, or ``max_parallel`` is less than 1.

    Attributes:
        plan: the plan.
        site: what is known of the service's side.
    """

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
        limits: checks.PlanLimits | None = None,
        patience: Patience | None = None,
        on_event: Callable[[Event], Any] | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = random_numbers.random,
    ) -> None:
        self.plan = Plan.of(plan)
        if max_parallel < 1:
            raise ConfigurationError(f"max_parallel: at least 1, not {max_parallel}")
        self._client = client
        self._journal_path = journal
        self._max_parallel = max_parallel
        self._wait_until_ready = wait_until_ready
        self._fail_fast = fail_fast
        self._roll_back = roll_back
        self._limits = limits or checks.PlanLimits()
        self._patience = patience or Patience()
        self._listeners: list[Callable[[Event], Any]] = [on_event] if on_event else []
        self._clock = clock
        self._random = random
        self._services = self.plan.expand()
        self._roles = {role.id: role for service in self._services for role in service.roles}
        self._recorder = Recorder(clock)
        self._pace = Pace()
        self.site = Site(client, self._recorder.requests, self._pace)
        self._remaining: list[str] = []
        self._stopped_by: AzureError | None = None

    def report(self) -> Report:
        """How the plan stands as far as is known, also while it runs, or after it was cancelled."""
        return make_report(
            self._services,
            self._recorder.ledger,
            ready_wanted=self._wait_until_ready,
            requests=self._recorder.requests,
            remaining=self._remaining,
        )

    async def check(self) -> list[checks.Problem]:
        """Check the plan without running it: first by itself, then, if nothing is wrong, by asking.

        Only reads are sent, and nothing at all when the plan shows a mistake by itself.

        Raises:
            ServiceError, TransportError: the lists could not be read.
        """
        problems = checks.check_plan(self._services, self._limits)
        if problems:
            return problems
        catalogue = await self._read_catalogue()
        return checks.check_catalogue(self._services, catalogue, self._limits)

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
        problems = checks.check_plan(self._services, self._limits)
        if problems:
            raise checks.InvalidPlanError(problems)
        with ExitStack() as stack:
            await self._open(stack)
            catalogue = await self._read_catalogue()
            problems = checks.check_catalogue(self._services, catalogue, self._limits)
            if problems:
                raise checks.InvalidPlanError(problems)
            await self._recorder.note("begin", safe=True)
            await self._carry_out(catalogue.services)
            report = self.report()
            if not report.succeeded and self._roll_back:
                await self._take_back()
            await self._recorder.note("end", safe=True)
            report = self.report()
        if not report.succeeded:
            raise _failure(report, self._stopped_by)
        return report

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

    # --- before ------------------------------------------------------------------------------------------

    async def _open(self, stack: ExitStack) -> None:
        journal = None
        if self._journal_path is not None:
            journal = await blocking(self._open_journal)
            stack.enter_context(journal)
        self._remaining, self._stopped_by = [], None
        self._recorder = Recorder(self._clock, journal, self._tell)
        self.site = Site(self._client, self._recorder.requests, self._pace)

    def _open_journal(self) -> Journal:
        assert self._journal_path is not None  # noqa: S101 - for the type checker
        return Journal(
            self._journal_path, plan=self.plan.digest, subscription_id=self._client.subscription_id
        )

    async def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            told = listener(event)
            if told is not None and hasattr(told, "__await__"):
                await told

    async def _read_catalogue(self) -> checks.Catalogue:
        """Read what the plan is checked against: one request a list, and one for each service that exists."""
        client, count = self._client, self._recorder.requests
        groups = {id(role.group): role.group for role in self._roles.values()}.values()
        found = checks.Catalogue(default_location=client.options.default_location)
        names = {service.name.lower(): service.name for service in self._services}

        async def images() -> None:
            if any(not group.vm_image for group in groups):
                count["ListOSImages"] += 1
                found.images = checks.lower_names(await client.list_os_images())

        async def vm_images() -> None:
            if any(group.vm_image for group in groups):
                count["ListVMImages"] += 1
                found.vm_images = checks.lower_names(await client.list_vm_images())

        async def sizes() -> None:
            count["ListRoleSizes"] += 1
            found.role_sizes = {(size.name or "").lower(): size for size in await client.list_role_sizes()}

        async def places() -> None:
            count["ListLocations"] += 1
            found.locations = checks.lower_names(await client.list_locations())
            if any(service.plan.affinity_group for service in self._services):
                count["ListAffinityGroups"] += 1
                found.affinity_groups = checks.lower_names(await client.list_affinity_groups())

        async def quotas() -> None:
            count["GetSubscription"] += 1
            found.subscription = await client.get_subscription()

        async def existing(limiter: anyio.CapacityLimiter, tasks: TaskGroup) -> None:
            count["ListHostedServices"] += 1
            for service in await client.list_hosted_services():
                name = (service.service_name or "").lower()
                if name in names:
                    tasks.start_soon(details, names[name], limiter)

        async def details(name: str, limiter: anyio.CapacityLimiter) -> None:
            async with limiter:
                service = await self.site.read_service(name)
            if service is not None:
                found.services[name.lower()] = service

        async with task_group() as tasks:
            for read in (images, vm_images, sizes, places, quotas):
                tasks.start_soon(read)
            tasks.start_soon(existing, anyio.CapacityLimiter(self._max_parallel), tasks)
        return found

    # --- carrying out ------------------------------------------------------------------------------------

    async def _carry_out(self, existing: Mapping[str, HostedService]) -> None:
        async with task_group() as tasks:
            waits = _Waits(self, tasks)
            engine = Engine(
                self._client,
                self._recorder,
                self._pace,
                max_parallel=self._max_parallel,
                patience=self._patience,
                random=self._random,
                fail_fast=self._fail_fast,
                dropped=self._note_dropped,
            )
            self.site.hurried = lambda service, deployment: not engine.schedule.waiting(service, deployment)
            writes = await self._writes(existing, waits)
            await engine.run(writes)
            self._stopped_by = engine.stopped_by
            if self._stopped_by is not None or (self._fail_fast and not self._all_made()):
                tasks.cancel_scope.cancel()

    def _all_made(self) -> bool:
        return not any(facts.error for facts in self._recorder.ledger.steps.values())

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

    async def _writes(self, existing: Mapping[str, HostedService], waits: _Waits) -> list[Write]:
        """What is left to do: what earlier runs began first, for it holds the locks."""
        site, ledger, note = self.site, self._recorder.ledger, self._recorder.note
        writes: list[Write] = []
        for service in self._services:
            there = existing.get(service.name.lower())
            step = Step(StepKind.CREATE_SERVICE, service.name)
            if there is None:
                writes.append(CreateService(site, service, step))
            elif ledger.state(step) is StepState.IN_DOUBT:
                await note("found", step=step, operation="CreateHostedService")
                await note("done", step=step)
            elif ledger.state(step) in (StepState.NEW, StepState.FAILED):
                await note("existed", step=step)
            elif ledger.state(step) is StepState.ACCEPTED:
                await note("done", step=step)
            for deployment in service.deployments:
                real = _deployment(there, deployment.name)
                if real is not None:
                    site.deployments.add((service.name.lower(), deployment.name.lower()))
                names = {(role.role_name or "").lower(): role for role in real.role_list} if real else {}
                begun: list[Write] = []
                new: list[Write] = []
                disks: list[Write] = []
                for role in deployment.roles:
                    step = Step.of(StepKind.CREATE_ROLE, role.id)
                    state = ledger.state(step)
                    listed = role.id.role.lower() in names
                    if state in (StepState.DONE, StepState.EXISTED) and not listed:
                        # It was there and is gone: somebody deleted it since. It is made again.
                        ledger.of(step).state = state = StepState.NEW
                        ledger.ready.pop(role.id, None)
                    if state in (StepState.NEW, StepState.FAILED) and listed:
                        await note("existed", step=step)
                        state = StepState.EXISTED
                    if state in (StepState.DONE, StepState.EXISTED):
                        stopped = real is not None and is_stopped(real, role.id.role)
                        waits.begin(role.id, created_now=False, skip=stopped)
                    else:
                        write = CreateRole(site, role, deployment, step, waits.created)
                        (new if state in (StepState.NEW, StepState.FAILED) else begun).append(write)
                    if role.group.attach == "after":
                        luns = (
                            {disk.lun for disk in names[role.id.role.lower()].data_disks} if listed else set()
                        )
                        disks += await self._disk_writes(role, luns)
                disks.sort(key=lambda write: not _under_way(ledger.state(write.step)))
                holding = [write for write in disks if _under_way(ledger.state(write.step))]
                writes += [*begun, *holding, *new, *(write for write in disks if write not in holding)]
        return writes

    async def _disk_writes(self, role: PlannedRole, attached: set[int]) -> list[Write]:
        ledger = self._recorder.ledger
        writes: list[Write] = []
        for disk in role.data_disks():
            step = Step.of(StepKind.ATTACH_DISK, role.id, disk.lun)
            state = ledger.state(step)
            if disk.lun in attached:
                if state in (StepState.NEW, StepState.FAILED):
                    await self._recorder.note("existed", step=step)
                elif state is not StepState.EXISTED and state is not StepState.DONE:
                    await self._recorder.note("found", step=step)
                    await self._recorder.note("done", step=step)
                continue
            if state in (StepState.DONE, StepState.EXISTED):
                ledger.of(step).state = StepState.NEW
            writes.append(AttachDisk(self.site, role, step))
        return writes

    async def wait_ready(self, role: RoleId, *, began: float | None) -> None:
        """Wait for one machine and note what came of it."""
        watch = self.site.watch(role.service, role.deployment)
        try:
            await watch.wait(role.role, Goal.READY, began=began, timeout=self._patience.ready)
        except AzureError as error:
            await self._recorder.note("not ready", role=role, error=error, safe=True)
        else:
            await self._recorder.note("ready", role=role)

    @property
    def waits_until_ready(self) -> bool:
        """Whether machines are waited for."""
        return self._wait_until_ready

    def is_ready(self, role: RoleId) -> bool:
        """Whether a machine was seen ready, in this run or an earlier one."""
        return role in self._recorder.ledger.ready

    def accepted_seconds_ago(self, role: RoleId) -> float | None:
        """How long ago a machine's creation was accepted, or None."""
        at = self._recorder.ledger.of(Step.of(StepKind.CREATE_ROLE, role)).accepted_at
        return None if at is None else max(0.0, self._clock() - at)

    # --- after -------------------------------------------------------------------------------------------

    async def _take_back(self) -> None:
        removal = Removal(
            self._client,
            self._services,
            self._recorder,
            self._pace,
            max_parallel=self._max_parallel,
            patience=self._patience,
            random=self._random,
        )
        await removal.run(made_by_run(self._recorder.ledger), delete_media=True)
        self._remaining = removal.remaining


class _Waits:
    """Waits for machines, beside the writes."""

    def __init__(self, provisioner: Provisioner, tasks: TaskGroup) -> None:
        self._provisioner = provisioner
        self._tasks = tasks

    async def created(self, role: RoleId, found: bool) -> None:
        self.begin(role, created_now=not found)

    def begin(self, role: RoleId, *, created_now: bool, skip: bool = False) -> None:
        provisioner = self._provisioner
        if not provisioner.waits_until_ready or skip or provisioner.is_ready(role):
            return
        ago = provisioner.accepted_seconds_ago(role) if created_now else None
        began = None if ago is None else anyio.current_time() - ago
        self._tasks.start_soon(lambda: provisioner.wait_ready(role, began=began))


def _under_way(state: StepState) -> bool:
    return state in (StepState.ACCEPTED, StepState.IN_DOUBT)


def _deployment(service: HostedService | None, name: str) -> Any:
    for deployment in service.deployments if service is not None else ():
        if (deployment.name or "").lower() == name.lower():
            return deployment
    return None


def _failure(report: Report, stopped_by: AzureError | None) -> ProvisioningError:
    why = f"; stopped: {stopped_by.message}" if stopped_by is not None else ""
    first = next((role for role in report.roles if role.error is not None), None)
    told = ""
    if first is not None and first.error is not None and not why:
        told = f"; first: {first.service}/{first.deployment}/{first.role}: {first.error.message}"
    error = ProvisioningError(f"not everything was made: {report.summary()}{why}{told}")
    error.report = report
    if stopped_by is not None:
        error.__cause__ = stopped_by
    return error


async def provision(
    client: ServiceManagementClient, plan: Plan | Mapping[str, Any], **options: Any
) -> Report:
    """Make what a plan says; see :class:`Provisioner` for options, :meth:`Provisioner.run` for errors."""
    return await Provisioner(client, plan, **options).run()
