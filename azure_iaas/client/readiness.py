"""Wait for machines to become ready, by asking about their deployment.

``ReadyRole`` ends the wait, and so does a state that never becomes it; an unknown state doesn't
("InstanceStatus", protocol.md 13.1).
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.errors import (
    InvalidArgumentError,
    OperationFailedError,
    OperationTimeoutError,
    ResourceNotFoundError,
)
from azure_iaas.operations.pace import MACHINE_READY, Pace
from azure_iaas.polling import Question, ask_until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from azure_iaas.models import Deployment, RoleInstance

DEFAULT_TIMEOUT_SECONDS: Final = 1800.0
"""Three times the slowest recorded machine."""
READY: Final = frozenset({"ReadyRole", "Ready"})
HOPELESS: Final = frozenset(
    {"ProvisioningFailed", "ProvisioningTimeout", "FailedStartingRole", "FailedStartingVM"}
)


async def wait_until_ready(
    ask: Callable[[], Awaitable[Deployment]],
    role_name: str | None,
    *,
    random: Callable[[], float],
    timeout: float | None,  # noqa: ASYNC109 - the deadline must tell itself from a caller's own
    on_progress: Callable[[Deployment], Any] | None,
) -> Deployment:
    """Ask until a deployment's machines, or one of them, are ready.

    Args:
        ask: reads the deployment once.
        role_name: which machine; None for all.
        random: gives numbers from 0 to 1, to spread the questions.
        timeout: seconds until giving up; None waits without limit.
        on_progress: called with each answer; may be async.

    Raises:
        OperationFailedError: one will never be ready.
        ResourceNotFoundError: the deployment, or the role, isn't there.
        OperationTimeoutError: the deadline passed.
        InvalidArgumentError: a time-out or an ``on_progress`` that is none; nothing was sent.
        AzureError: what is certain about a question, or was answered again and again.
    """
    if timeout is not None and not (isinstance(timeout, (int, float)) and timeout > 0):
        raise InvalidArgumentError("wait_until_ready", "timeout", "a number of seconds above 0, or None")
    if on_progress is not None and not callable(on_progress):
        raise InvalidArgumentError("wait_until_ready", "on_progress", "a function of one argument, or None")
    question = Question(ask)

    async def tell(_: int) -> None:
        if on_progress is not None and question.answer is not None:
            result = on_progress(question.answer)
            if inspect.isawaitable(result):
                await result

    deployment = await ask_until(
        question,
        lambda answer: answer if is_ready(answer, role_name) else None,
        Pace(),
        MACHINE_READY,
        age=None,
        at_once=True,
        random=random,
        timeout=timeout,
        on_answer=tell,
    )
    if deployment is not None:
        return deployment
    states = _states(question.answer, role_name) if question.answer is not None else str(question.error)
    raise OperationTimeoutError(
        f"{role_name or 'the deployment'} was not ready after {timeout} s ({states}); it may yet become so",
        operation="GetDeployment",
    ) from question.error


def is_ready(deployment: Deployment, role_name: str | None) -> bool:
    """Whether a deployment's machines, or one of them, are ready.

    Raises:
        OperationFailedError: one will never be.
        ResourceNotFoundError: the deployment has no such role.
    """
    roles = {(each.role_name or "").lower() for each in deployment.role_list}
    wanted = roles if role_name is None else {role_name.lower()}
    if not wanted <= roles:
        if not roles:
            return False  # new deployments don't list their roles yet
        message = f"{role_name}: the deployment has no such role"
        raise ResourceNotFoundError(message, operation="GetDeployment")
    ready = {_name(each) for each in _instances(deployment, role_name) if becomes_ready(each)}
    return bool(wanted) and wanted <= ready


def becomes_ready(instance: RoleInstance) -> bool:
    """Whether a machine is ready.

    Raises:
        OperationFailedError: it never will be.
    """
    status = instance.instance_status or ""
    if status in HOPELESS:
        details = instance.instance_state_details or instance.instance_error_code or ""
        raise OperationFailedError(
            f"{instance.role_name} will not become ready: {status}{f': {details}' if details else ''}",
            operation="GetDeployment",
            code=instance.instance_error_code or status,
        )
    return status in READY


def _instances(deployment: Deployment, role_name: str | None) -> list[RoleInstance]:
    instances = deployment.role_instance_list
    return [each for each in instances if role_name is None or _name(each) == role_name.lower()]


def _name(instance: RoleInstance) -> str:
    return (instance.role_name or instance.instance_name or "").lower()


def _states(deployment: Deployment, role_name: str | None) -> str:
    shown = [f"{each.role_name}: {each.instance_status}" for each in _instances(deployment, role_name)]
    return ", ".join(shown[:10]) or "no machine is listed"
