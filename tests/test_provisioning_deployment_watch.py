"""Waiting for the machines of one deployment: one question answers for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio
import pytest

from azure_iaas.errors import (
    AuthenticationError,
    OperationFailedError,
    OperationTimeoutError,
    ProtocolError,
    ResourceNotFoundError,
    ServerError,
)
from azure_iaas.models import Deployment
from azure_iaas.operations.pace import Pace
from azure_iaas.operations.tracking import ODD_ANSWERS
from azure_iaas.polling import LAST_QUESTION_SECONDS
from azure_iaas.provisioning.deployment_watch import DeploymentWatch, Goal, is_stopped
from azure_iaas.provisioning.simulation import on_virtual_time

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime


def deployment(status: str = "Running", **roles: str) -> Deployment:
    """A deployment whose machines have these states, said as ``InstanceStatus PowerState``."""
    instances = [
        {"RoleName": name, "InstanceStatus": state.partition(" ")[0], "PowerState": state.partition(" ")[2]}
        for name, state in roles.items()
    ]
    listed = [{"RoleName": name} for name in roles]
    return Deployment.model_validate(
        {"Name": "web", "Status": status, "RoleInstanceList": instances, "RoleList": listed}
    )


class Script:
    """Answers one after the other; the last one stays."""

    def __init__(self, *answers: Deployment | Exception | None) -> None:
        self.answers = list(answers)
        self.reads = 0

    async def read(self) -> Deployment | None:
        self.reads += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def watch(self) -> DeploymentWatch:
        return DeploymentWatch(self.read, Pace(), lambda: True)


def virtually(main: Callable[[], Awaitable[None]]) -> None:
    async def run(_clock: Callable[[], datetime]) -> None:
        await main()

    on_virtual_time(run)


def test_a_wait_ends_with_ready_whatever_comes_before() -> None:
    async def main() -> None:
        states = [
            "StoppedVM Stopped",
            "RoleStateUnknown Starting",
            "Provisioning Started",
            "NeverHeardOf Started",
        ]
        answers = [deployment(web=state) for state in states]
        script = Script(deployment(), ServerError("500"), *answers, deployment(web="ReadyRole Started"))
        instance = await script.watch().wait("WEB", Goal.READY)
        assert instance.instance_status == "ReadyRole"
        assert script.reads == 7

    virtually(main)


def test_started_is_enough_for_a_lost_answer() -> None:
    async def main() -> None:
        script = Script(deployment(web="StoppedVM Stopped"), deployment(web="RoleStateUnknown Starting"))
        await script.watch().wait("web", Goal.STARTED)
        assert script.reads == 2

    virtually(main)


@pytest.mark.parametrize("status", ["ProvisioningFailed", "ProvisioningTimeout", "FailedStartingVM"])
def test_a_hopeless_state_ends_the_wait(status: str) -> None:
    async def main() -> None:
        with pytest.raises(OperationFailedError, match=status):
            await Script(deployment(web=f"{status} Started")).watch().wait("web", Goal.READY)

    virtually(main)


def test_a_machine_that_is_gone_ends_the_wait() -> None:
    async def main() -> None:
        for answers in ([deployment(other="ReadyRole Started")], [None]):
            with pytest.raises(ResourceNotFoundError, match="web is gone"):
                await Script(*answers).watch().wait("web", Goal.READY)

    virtually(main)


def test_a_deadline_ends_the_wait() -> None:
    async def main() -> None:
        began = anyio.current_time()
        with pytest.raises(OperationTimeoutError):
            await (
                Script(deployment(web="Provisioning Started")).watch().wait("web", Goal.READY, timeout=100.0)
            )
        assert anyio.current_time() - began == pytest.approx(100.0)

    virtually(main)


def test_many_waits_share_each_answer_also_when_the_one_who_asks_leaves() -> None:
    async def main() -> None:
        names = [f"web{n}" for n in range(20)]
        busy = deployment(**dict.fromkeys(names, "Provisioning Started"))
        script = Script(busy, busy, busy, busy, deployment(**dict.fromkeys(names, "ReadyRole Started")))
        watch = script.watch()
        ready: list[str] = []

        async def wait(name: str) -> None:
            await watch.wait(name, Goal.READY)
            ready.append(name)

        async with anyio.create_task_group() as tasks:
            with anyio.move_on_after(0.6):
                await wait("web0")
            for name in names:
                tasks.start_soon(wait, name)
        assert sorted(ready) == sorted(names)
        assert script.reads <= 6

    virtually(main)


def test_stopped_machines_are_known() -> None:
    assert is_stopped(deployment(web="StoppedDeallocated Stopped"), "web")
    assert not is_stopped(deployment(web="ReadyRole Started"), "web")
    assert not is_stopped(deployment("Deploying", web="StoppedVM Stopped"), "web")
    assert not is_stopped(deployment(), "web")


def test_odd_answers_do_not_end_the_wait_unless_they_stay() -> None:
    async def main() -> None:
        odd = ProtocolError("half a body", status=200)
        ready = deployment(web="ReadyRole Started")
        assert await Script(odd, odd, ServerError("500"), odd, ready).watch().wait("web", Goal.READY)
        script = Script(odd)
        with pytest.raises(ProtocolError):
            await script.watch().wait("web", Goal.READY)
        assert script.reads == ODD_ANSWERS
        refused = Script(AuthenticationError("no", status=403, code="ForbiddenError"))
        with pytest.raises(AuthenticationError):
            await refused.watch().wait("web", Goal.READY)
        assert refused.reads == 1

    virtually(main)


def test_what_became_ready_before_the_deadline_is_not_called_late() -> None:
    async def main() -> None:
        script = Script(deployment(web="Provisioning Started"), deployment(web="ReadyRole Started"))
        began = anyio.current_time()
        await script.watch().wait("web", Goal.READY, began=began, timeout=2.0)
        assert anyio.current_time() - began <= 2.0
        assert script.reads == 2

        async def never() -> Deployment:
            await anyio.sleep_forever()
            raise AssertionError

        began = anyio.current_time()
        with pytest.raises(OperationTimeoutError):
            await DeploymentWatch(never, Pace(), lambda: True).wait("web", Goal.READY, timeout=5.0)
        assert anyio.current_time() - began <= 5.0 + LAST_QUESTION_SECONDS + 0.001

    virtually(main)
