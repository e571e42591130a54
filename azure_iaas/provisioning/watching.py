"""Waits for machines to become ready: one question about a deployment answers for all its machines.

Rules:

1. Of all who wait on a deployment one asks, the others listen; when it leaves, another takes over.
2. The next question comes when the first of them is due; each is due as :mod:`azure_iaas.provisioning.pace`
   has learnt from machines before.
3. ``ReadyRole`` ends a wait, and so does a state that never becomes it; an unknown state doesn't
   ("InstanceStatus", protocol 13.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

import anyio

from azure_iaas.errors import (
    OperationFailedError,
    OperationTimeoutError,
    ProtocolError,
    ResourceNotFoundError,
    ServerError,
    ThrottledError,
    TransportError,
)
from azure_iaas.provisioning.pace import SHARE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azure_iaas.models import Deployment, RoleInstance
    from azure_iaas.provisioning.pace import Pace

READY: Final = frozenset({"ReadyRole", "Ready"})
HOPELESS: Final = frozenset(
    {"ProvisioningFailed", "ProvisioningTimeout", "FailedStartingRole", "FailedStartingVM"}
)
STOPPED: Final = frozenset(
    {"StoppedVM", "StoppedDeallocated", "StoppingVM", "StoppingAndDeallocating", "DeletingVM"}
)
UNHURRIED_SHARE: Final = 0.15
"""While more machines of the deployment are being created nothing waits for this one."""
READY_SCALE: Final = 2.0
"""A machine is ready after several times what the creating operation takes (protocol 13.5)."""
LATEST_FIRST_READY_SECONDS: Final = 300.0
MISSING_ANSWERS: Final = 3
"""A machine that so many answers in a row don't list is gone."""


class Goal(Enum):
    """What is waited for."""

    READY = "ReadyRole"
    STARTED = "started"
    """The operation that creates it has done its work: it is being started ("Usual sequences", 13.5)."""


@dataclass(slots=True, eq=False)
class _Waiter:
    goal: Goal
    began: float
    next_at: float = 0.0
    asked: int = 0
    last_waiting: float = 0.0


@dataclass(slots=True)
class DeploymentWatch:
    """All waits for machines of one deployment.

    Args:
        read: reads the deployment; None when it doesn't exist.
        pace: what was learnt about durations.
        hurried: whether the end of a wait delays the end of the run.
    """

    read: Callable[[], Awaitable[Deployment | None]]
    pace: Pace
    hurried: Callable[[], bool]
    _waiters: list[_Waiter] = field(default_factory=list)
    _answer: Deployment | None = None
    _answers: int = 0
    _asking: bool = False
    _news: anyio.Event = field(default_factory=anyio.Event)
    _joined: anyio.Event = field(default_factory=anyio.Event)

    async def wait(
        self,
        role: str,
        goal: Goal,
        *,
        began: float | None = None,
        learn: bool = True,
        timeout: float | None = None,  # noqa: ASYNC109 - the deadline must tell itself from a caller's own
    ) -> RoleInstance:
        """Wait for one machine.

        Args:
            role: its name.
            goal: what is waited for.
            began: when its creation was accepted, by the event loop's clock; None: now.
            learn: its duration says something about others.
            timeout: seconds until giving up; None waits without limit.

        Raises:
            OperationFailedError: it failed to start or to be set up.
            ResourceNotFoundError: it is gone.
            OperationTimeoutError: the deadline passed.
        """
        now = anyio.current_time()
        waiter = _Waiter(goal, now if began is None else began)
        waiter.next_at = now + self._pause(waiter, now)
        self._waiters.append(waiter)
        self._joined.set()
        try:
            with anyio.move_on_after(math.inf if timeout is None else timeout):
                return await self._wait(role, waiter, learn=learn and began is not None)
        finally:
            self._waiters.remove(waiter)
            self._joined.set()
        raise OperationTimeoutError(
            f"{role} was not {goal.value} after {timeout} s; it may yet become so", operation="GetDeployment"
        )

    async def _wait(self, role: str, waiter: _Waiter, *, learn: bool) -> RoleInstance:
        missing = 0
        seen = self._answers
        while True:
            if self._answers == seen:
                await self._advance()
                continue
            seen = self._answers
            waiter.asked += 1
            now = anyio.current_time()
            instance, listed = _find(self._answer, role)
            if instance is not None and _reached(instance, waiter.goal):
                if learn:
                    self.pace.observe(
                        waiter.goal.value, now - waiter.began, last_seen_running=waiter.last_waiting
                    )
                return instance
            waiter.last_waiting = now - waiter.began
            missing = 0 if listed else missing + 1
            if missing >= MISSING_ANSWERS:
                raise ResourceNotFoundError(f"{role} is gone: the deployment doesn't list it")

    async def _advance(self) -> None:
        """Ask when the first waiter is due, or listen to the one who is about to ask."""
        if self._asking:
            await self._news.wait()
            return
        self._asking = True
        try:
            while (due := min(each.next_at for each in self._waiters)) > anyio.current_time():
                self._joined = anyio.Event()
                with anyio.move_on_after(due - anyio.current_time()):
                    await self._joined.wait()
            try:
                self._answer = await self.read()
                self._answers += 1
            except (TransportError, ThrottledError, ServerError, ProtocolError):
                pass  # asked again at the next time
            now = anyio.current_time()
            for each in self._waiters:
                each.next_at = now + self._pause(each, now)
        finally:
            self._asking = False
            self._news.set()
            self._news = anyio.Event()

    def _pause(self, waiter: _Waiter, now: float) -> float:
        share = SHARE if self.hurried() or waiter.goal is Goal.STARTED else UNHURRIED_SHARE
        return self.pace.pause_seconds(
            waiter.goal.value,
            now - waiter.began,
            share=share,
            scale=READY_SCALE if waiter.goal is Goal.READY else 0.5,
            latest=LATEST_FIRST_READY_SECONDS,
        )


def _find(deployment: Deployment | None, role: str) -> tuple[RoleInstance | None, bool]:
    """The instance of a role, and whether the deployment knows the role (or doesn't list roles yet)."""
    if deployment is None:
        return None, False
    wanted = role.lower()
    for instance in deployment.role_instance_list:
        if (instance.role_name or instance.instance_name or "").lower() == wanted:
            return instance, True
    roles = deployment.role_list
    return None, not roles or any((each.role_name or "").lower() == wanted for each in roles)


def _reached(instance: RoleInstance, goal: Goal) -> bool:
    status = instance.instance_status or ""
    if status in HOPELESS:
        details = instance.instance_state_details or instance.instance_error_code or ""
        raise OperationFailedError(
            f"{instance.role_name} will not become ready: {status}{f': {details}' if details else ''}",
            operation="GetDeployment",
            code=instance.instance_error_code or status,
        )
    if status in READY:
        return True
    return goal is Goal.STARTED and instance.power_state in ("Starting", "Started")


def is_stopped(deployment: Deployment, role: str) -> bool:
    """Whether a machine that exists is stopped, so that nobody should wait for it to become ready."""
    instance, _ = _find(deployment, role)
    if instance is None or deployment.status == "Deploying":
        return False
    return (instance.instance_status or "") in STOPPED and (instance.power_state or "Stopped") != "Starting"
