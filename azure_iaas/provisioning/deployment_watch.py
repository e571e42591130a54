"""Waits for machines to become ready: one question about a deployment answers for all its machines.

Rules:

1. Of all who wait on a deployment one asks when the first of them is due, the others listen.
2. Each is due as :mod:`azure_iaas.operations.pace` has learnt from machines before.
3. ``ReadyRole`` ends a wait, and so does a state that never becomes it; an unknown state doesn't
   ("InstanceStatus", protocol 13.1).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

import anyio

from azure_iaas.client.readiness import becomes_ready
from azure_iaas.errors import OperationTimeoutError, ResourceNotFoundError
from azure_iaas.operations.pace import MACHINE_READY, MACHINE_STARTED, UNHURRIED, WORTH
from azure_iaas.polling import Question, ask_until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azure_iaas.models import Deployment, RoleInstance
    from azure_iaas.operations.pace import Pace

STOPPED: Final = frozenset(
    {"StoppedVM", "StoppedDeallocated", "StoppingVM", "StoppingAndDeallocating", "DeletingVM"}
)
MISSING_ANSWERS: Final = 3
"""A machine that so many answers in a row don't list is gone."""


class Goal(Enum):
    """What is waited for."""

    READY = MACHINE_READY
    STARTED = MACHINE_STARTED
    """The operation that creates it has done its work: it is being started ("Usual sequences", 13.5)."""


class DeploymentWatch:
    """All waits for machines of one deployment.

    Args:
        read: reads the deployment; None when it doesn't exist.
        pace: what was learnt about durations.
        hurried: whether the end of a wait delays the end of the run.
    """

    def __init__(
        self, read: Callable[[], Awaitable[Deployment | None]], pace: Pace, hurried: Callable[[], bool]
    ) -> None:
        self._question = Question(read)
        self._pace = pace
        self._hurried = hurried

    async def wait(
        self,
        role: str,
        goal: Goal,
        *,
        began: float | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the deadline must tell itself from a caller's own
    ) -> RoleInstance:
        """Wait for one machine.

        Args:
            role: its name.
            goal: what is waited for.
            began: when its creation was accepted, by the event loop's clock; None: nobody knows.
            timeout: seconds until giving up; None waits without limit.

        Raises:
            OperationFailedError: it failed to start or to be set up.
            ResourceNotFoundError: it is gone.
            OperationTimeoutError: the deadline passed.
            AzureError: what is certain about a question, or was answered again and again.
        """
        missing = 0

        def reached(deployment: Deployment | None) -> RoleInstance | None:
            nonlocal missing
            instance, listed = _find(deployment, role)
            if instance is not None and _reached(instance, goal):
                return instance
            missing = 0 if listed else missing + 1
            if missing >= MISSING_ANSWERS:
                raise ResourceNotFoundError(f"{role} is gone: the deployment doesn't list it")
            return None

        instance = await ask_until(
            self._question,
            reached,
            self._pace,
            goal.value,
            age=None if began is None else anyio.current_time() - began,
            at_once=began is None,
            worth=lambda: WORTH if goal is Goal.STARTED or self._hurried() else UNHURRIED,
            timeout=timeout,
        )
        if instance is not None:
            return instance
        raise OperationTimeoutError(
            f"{role} was not {goal.value} after {timeout} s; it may yet become so", operation="GetDeployment"
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
    if becomes_ready(instance):
        return True
    return goal is Goal.STARTED and instance.power_state in ("Starting", "Started")


def is_stopped(deployment: Deployment, role: str) -> bool:
    """Whether a machine that exists is stopped, so that nobody should wait for it to become ready."""
    instance, _ = _find(deployment, role)
    if instance is None or deployment.status == "Deploying":
        return False
    return (instance.instance_status or "") in STOPPED and (instance.power_state or "Stopped") != "Starting"
