"""Taking machines down again: all a plan names, or what one run has made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas.errors import ProvisioningError
from azure_iaas.provisioning import Outcome, Provisioner, deprovision
from azure_iaas.provisioning.progress.ledger import Ledger, StepState
from azure_iaas.provisioning.removal import OS_DISK, Wanted, made_by_run
from azure_iaas.provisioning.steps import Step, StepKind
from azure_iaas.wire.messages import RawResponse
from tests.provisioning_fleets import Scene, fail_role, fleet, play, sometimes
from tests.test_provisioning_ledger import TO, fact

if TYPE_CHECKING:
    from azure_iaas.provisioning import Report
    from azure_iaas.wire.messages import RawRequest


async def make(scene: Scene, plan: Any, **options: Any) -> Report:
    return await Provisioner(scene.client, plan, clock=scene.time, wait_until_ready=False, **options).run()


@pytest.mark.parametrize("state", StepState)
def test_what_a_run_made_or_may_have_made_is_taken_back_and_nothing_else(state: StepState) -> None:
    ledger = Ledger()
    for step in (
        Step(StepKind.CREATE_SERVICE, "Fleet"),
        Step(StepKind.CREATE_ROLE, "Fleet", "Web", "Web01"),
        Step(StepKind.ATTACH_DISK, "Fleet", "Web", "Web02", 3),
        Step(StepKind.DELETE_ROLE, "Fleet", "Web", "Web04"),
    ):
        for kind in TO[state]:
            ledger.note(fact(kind, step, operation="CreateDeployment", new_disks=[max(step.lun, 0)]))
    if state in (StepState.DONE, StepState.ACCEPTED, StepState.IN_DOUBT):
        role, attached = ("fleet", "web", "web01"), (("fleet", "web", "web02"), 3)
        assert made_by_run(ledger) == Wanted(
            {"fleet"},
            {("fleet", "web")},
            {role},
            {attached},
            {(role, OS_DISK), (role, 0), attached},
        )
    else:
        assert made_by_run(ledger) == Wanted()


def test_rolling_back_deletes_what_the_run_made_and_nothing_else() -> None:
    async def main(scene: Scene) -> None:
        await make(scene, fleet(1, 2))
        fail_role(scene, "web05")
        with pytest.raises(ProvisioningError) as caught:
            await make(scene, fleet(3, 5), roll_back=True)
        report = caught.value.report
        assert scene.roles == {"fleet001": ["web01", "web02"]}
        assert report.counts == {
            Outcome.EXISTED: 2,
            Outcome.REMOVED: 10,
            Outcome.FAILED: 3,
        }
        assert not report.remaining
        assert {"fleet002/web", "fleet002", "fleet001/web/web03"} <= set(report.removed)

    play(main)


def test_rolling_back_says_what_remains() -> None:
    async def main(scene: Scene) -> None:
        fail_role(scene, "web02")
        stubborn = RefuseDeletions(scene)
        scene.line.sender = stubborn
        with pytest.raises(ProvisioningError) as caught:
            await make(scene, fleet(1, 2), roll_back=True)
        report = caught.value.report
        assert any("delete deployment fleet001/web" in line for line in report.remaining)
        assert report.roles[0].outcome is Outcome.CREATED

    play(main)


class RefuseDeletions:
    """A service that deletes nothing."""

    def __init__(self, scene: Scene) -> None:
        self._sender = scene.line.sender

    async def send(self, request: RawRequest) -> Any:
        if request.method == "DELETE":
            body = (
                b'<Error xmlns="http://schemas.microsoft.com/windowsazure"><Code>BadRequest</Code>'
                b"<Message>Not today.</Message></Error>"
            )
            return RawResponse(400, {"content-type": "application/xml", "x-ms-request-id": "0" * 32}, body)
        return await self._sender.send(request)


# --- deprovisioning -------------------------------------------------------------------------------------


def test_deprovisioning_takes_the_plan_away_and_nothing_else() -> None:
    async def main(scene: Scene) -> None:
        await make(scene, fleet(3, 4))
        await make(scene, {"services": [{**fleet(1, 6)["services"][0]}]})
        report = await deprovision(scene.client, fleet(3, 4), delete_media=True, clock=scene.time)
        assert scene.roles == {"fleet001": ["web05", "web06"]}
        assert any("fleet001" in line for line in report.remaining)
        again = await deprovision(scene.client, fleet(3, 4), clock=scene.time)
        assert again.removed == ()

    play(main)


def test_deprovisioning_settles_lost_answers() -> None:
    async def main(scene: Scene) -> None:
        await make(scene, fleet(3, 4))
        coin = sometimes(0.7, 2)
        scene.line.lose = lambda request: request.method == "DELETE" and coin()
        report = await deprovision(scene.client, fleet(3, 4), clock=scene.time)
        assert scene.line.lost
        assert scene.roles == {}
        assert len([line for line in report.remaining if line.startswith("disk ")]) == 12

    play(main)
