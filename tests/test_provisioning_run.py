"""Whole runs against the local service on virtual time: what the engine promises, counted."""

from __future__ import annotations

import random
import resource
from collections import Counter
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas.emulator import DropBeforeHandler, FaultPlan, HTMLPage, LocalService, Refuse, Rule
from azure_iaas.errors import ProvisioningError
from azure_iaas.provisioning import (
    EventKind,
    InvalidPlanError,
    Outcome,
    Patience,
    Plan,
    Provisioner,
)
from azure_iaas.provisioning.simulation import lower_bound_seconds, simulate
from azure_iaas.wire.messages import RawResponse
from tests.provisioning_fleets import PASSWORD, Scene, fail_role, fleet, group, is_create, play, sometimes
from tests.soak import number

if TYPE_CHECKING:
    from pathlib import Path

    from azure_iaas.provisioning import Event, Report
    from azure_iaas.wire.messages import RawRequest


def provisioner(scene: Scene, plan: Any, **options: Any) -> Provisioner:
    return Provisioner(scene.client, plan, clock=scene.time, **{"wait_until_ready": False, **options})


# --- fifty machines in one service ----------------------------------------------------------------------


def test_fifty_roles_in_one_service() -> None:
    async def main(scene: Scene) -> None:
        report = await provisioner(scene, fleet(1, 50)).run()
        assert report.succeeded
        assert report.counts == {Outcome.CREATED: 50}
        assert sorted(scene.roles["fleet001"]) == [f"web{n:02}" for n in range(1, 51)]
        writes = Counter(scene.line.writes)
        assert writes["POST /fleet001/deployments"] == 1
        assert writes["POST /fleet001/deployments/web/roles"] == 49
        assert scene.line.conflicts == 0
        assert [role.operation for role in report.roles][:2] == ["CreateDeployment", "AddRole"]
        assert all(role.attempts == 1 and len(role.request_ids) == 1 for role in report.roles)
        # One at a time: none was sent before the operation before it had ended.
        sent = [role.sent_at or 0.0 for role in report.roles]
        ended = [role.created_at or 0.0 for role in report.roles]
        assert all(begin >= end for begin, end in zip(sent[1:], ended[:-1], strict=True))

    play(main)


@pytest.mark.parametrize("seed", range(5))
def test_a_hostile_writer_costs_at_most_two_requests_a_role(seed: int) -> None:
    async def main(scene: Scene) -> None:
        strikes, dice = sometimes(0.3, seed), random.Random(seed)
        foreign: set[str] = set()
        questions: list[str] = []

        def take_lock(request: RawRequest) -> None:
            if is_create(request) and strikes():
                service = scene.service.service
                foreign.add(service.hold_lock("fleet001", dice.uniform(5.0, 60.0), scene.clock()))
            if request.target.rpartition("/")[2] in foreign:
                questions.append(request.target)

        scene.line.before = take_lock
        report = await provisioner(scene, fleet(1, 50)).run()
        assert report.counts == {Outcome.CREATED: 50}
        assert len(set(scene.roles["fleet001"])) == len(scene.roles["fleet001"]) == 50
        writes = Counter(scene.line.writes)
        created = writes["POST /fleet001/deployments"] + writes["POST /fleet001/deployments/web/roles"]
        assert created == 50 + scene.line.conflicts
        # Nothing is read but at the beginning: what others cost is refused writes and questions about theirs.
        assert "GetDeployment" not in report.requests
        assert scene.line.conflicts >= 8, "the hostile writer must have been in the way"
        assert scene.line.conflicts + len(questions) <= 2 * 50

    play(main, seed=seed)


def test_a_writer_of_its_own_mind_is_waited_for() -> None:
    """Somebody else writes to the same service all the time, at times of his own."""

    async def main(scene: Scene) -> None:
        dice = random.Random(1)

        async def writer() -> None:
            while True:
                await anyio.sleep(dice.uniform(1.0, 60.0))
                if "fleet001" in scene.roles:
                    scene.service.service.hold_lock("fleet001", dice.uniform(5.0, 60.0), scene.clock())

        waits: list[Event] = []
        run = provisioner(
            scene, fleet(1, 50), on_event=lambda e: waits.append(e) if e.kind is EventKind.WAITING else None
        )
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(writer)
            report = await run.run()
            tasks.cancel_scope.cancel()
        assert report.counts == {Outcome.CREATED: 50}
        assert waits
        assert all(event.request_id for event in waits)

    play(main)


# --- makespan -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_twenty_services_come_near_the_lower_bound(seed: int) -> None:
    async def main(scene: Scene) -> None:
        began = anyio.current_time()
        report = await provisioner(scene, fleet(20, 5)).run()
        took = anyio.current_time() - began
        assert report.counts == {Outcome.CREATED: 100}
        bound = lower_bound_seconds(scene.chains.values(), max_parallel=20)
        assert bound <= took <= 1.05 * bound
        assert report.polls <= 15 * 100

    play(main, seed=seed)


def test_ten_thousand_roles_are_simulated() -> None:
    services = number(25, 500)
    simulated = simulate(
        fleet(services, 20),
        lambda clock: LocalService(sockets=False, clock=clock),
        max_parallel=services,
        wait_until_ready=False,
    )
    assert simulated.report.counts == {Outcome.CREATED: services * 20}
    subscription = simulated.service.service._world.subscriptions[simulated.service.subscription_id]
    work: Counter[str] = Counter()
    for operation in subscription.operations.values():
        work[operation.target.split("/")[4]] += operation.ends_at - operation.started_at
    bound = lower_bound_seconds(work.values(), max_parallel=services)
    assert bound <= simulated.seconds <= 1.05 * bound
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 500 * 1024


def test_each_role_is_waited_for_with_few_looks() -> None:
    async def main(scene: Scene) -> None:
        report = await provisioner(scene, fleet(2, 10), wait_until_ready=True).run()
        assert report.counts == {Outcome.CREATED: 20}
        assert all(
            role.ready_at and role.created_at and role.ready_at > role.created_at for role in report.roles
        )
        for service in ("fleet001", "fleet002"):
            deployment = await scene.client.get_deployment(service, "web")
            assert {each.instance_status for each in deployment.role_instance_list} == {"ReadyRole"}
        # One look at a deployment answers for all its machines.
        assert report.requests["GetDeployment"] <= 6 * 20

    play(main)


# --- lost answers ---------------------------------------------------------------------------------------


def test_lost_answers_make_no_duplicate_and_no_false_failure() -> None:
    async def main(scene: Scene) -> None:
        lost: set[tuple[str, bytes]] = set()

        def lose(request: RawRequest) -> bool:
            # Each create loses its answer once, after the service has acted.
            once = (request.target, request.body)
            if not is_create(request) or once in lost:
                return False
            lost.add(once)
            return True

        scene.line.lose = lose
        services = number(3, 25)
        report = await provisioner(scene, fleet(services, 20), max_parallel=services).run()
        assert scene.line.lost >= 20 * services
        assert report.counts == {Outcome.CREATED: 20 * services}
        for names in scene.roles.values():
            assert sorted(names) == [f"web{n:02}" for n in range(1, 21)]

    play(main)


def test_answers_lost_before_the_service_acted_are_made_up_for() -> None:
    drop = Rule(DropBeforeHandler(), when=lambda _, request: is_create(request), times=None, probability=0.15)

    async def main(scene: Scene) -> None:
        report = await provisioner(scene, fleet(5, 20)).run()
        assert report.counts == {Outcome.CREATED: 100}
        assert any(role.attempts > 1 for role in report.roles)
        assert all(sorted(names) == [f"web{n:02}" for n in range(1, 21)] for names in scene.roles.values())

    play(main, faults=FaultPlan(drop, seed=3))


def test_lost_answers_of_services_and_disks() -> None:
    async def main(scene: Scene) -> None:
        coin = sometimes(0.5, 4)
        scene.line.lose = lambda request: request.method == "POST" and coin()
        disks = [{"LogicalDiskSizeInGB": 10}, {"LogicalDiskSizeInGB": 20}]
        report = await provisioner(scene, fleet(4, 3, data_disks=disks)).run()
        assert scene.line.lost >= 10
        assert report.counts == {Outcome.CREATED: 12}
        assert {role.data_disks for role in report.roles} == {(0, 1)}
        assert len(report.services_created) == 4
        for name in scene.roles:
            deployment = await scene.client.get_deployment(name, "web")
            assert all([disk.lun for disk in role.data_disks] == [0, 1] for role in deployment.role_list)

    play(main)


def test_throttling_and_outages_are_waited_out() -> None:
    async def main(scene: Scene) -> None:
        report = await provisioner(scene, fleet(3, 5)).run()
        assert report.counts == {Outcome.CREATED: 15}
        assert all(len(names) == 5 for names in scene.roles.values())

    rules = (
        Rule(Refuse(503), when=lambda _, request: is_create(request), times=8, probability=0.3),
        Rule(Refuse(500), when=lambda index, _: index > 10, times=5, probability=0.1),
        Rule(HTMLPage(502), when=lambda index, _: index > 10, times=5, probability=0.1),
    )
    play(main, faults=FaultPlan(*rules, seed=5))


# --- two runs of one plan -------------------------------------------------------------------------------


@pytest.mark.parametrize("delay", [0.0, 0.3, 7.0, 33.0, 50.0])
@pytest.mark.parametrize("services", [1, 3])
def test_two_runs_of_one_plan_at_once_make_it_once(delay: float, services: int) -> None:
    async def main(scene: Scene) -> None:
        plan = fleet(services, 4, data_disks=[{"LogicalDiskSizeInGB": 10}])
        reports: list[Report] = []

        async def run(seconds: float) -> None:
            await anyio.sleep(seconds)
            reports.append(await provisioner(scene, plan, wait_until_ready=True).run())

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(run, 0.0)
            tasks.start_soon(run, delay)
        for report in reports:
            assert report.counts.keys() <= {Outcome.CREATED, Outcome.EXISTED}
        created = sum(report.counts.get(Outcome.CREATED, 0) for report in reports)
        assert created == 4 * services
        for names in scene.roles.values():
            assert sorted(names) == [f"web{n:02}" for n in range(1, 5)]
        for name in scene.roles:
            deployment = await scene.client.get_deployment(name, "web")
            assert all([disk.lun for disk in role.data_disks] == [0] for role in deployment.role_list)

    play(main)


# --- mistakes -------------------------------------------------------------------------------------------


def test_a_mistake_in_role_199_of_200_sends_nothing() -> None:
    async def main(scene: Scene) -> None:
        plan = fleet(4, 49)
        odd = group(1, name="bad!name", provisioning=None, endpoints=[])
        last = {
            "name": "last",
            "location": "West US",
            "deployments": [{"roles": [group(2), odd, group(1, first=9)]}],
        }
        plan["services"].append(last)
        assert sum(1 for service in Plan.of(plan).expand() for _ in service.roles) == 200
        with pytest.raises(InvalidPlanError) as caught:
            await provisioner(scene, plan).run()
        assert not scene.line.requests
        (problem,) = caught.value.problems
        assert problem.where == "last/last/bad!name"
        assert "1 to 64 letters" in problem.rule
        assert problem.where in str(caught.value)
        assert PASSWORD not in str(caught.value)

    play(main)


def test_what_the_service_lacks_is_found_with_reads_alone() -> None:
    async def main(scene: Scene) -> None:
        plan = fleet(1, 49)
        roles = plan["services"][0]["deployments"][0]["roles"]
        roles.append(group(1, name="odd", image="no-such-image", size="Gigantic", endpoints=[]))
        with pytest.raises(InvalidPlanError) as caught:
            await provisioner(scene, plan).run()
        assert set(scene.line.requests) == {"GET"}
        assert {problem.where for problem in caught.value.problems} == {"fleet001/web/odd"}
        told = " ".join(problem.rule for problem in caught.value.problems)
        assert "no-such-image" in told
        assert "Gigantic" in told

    play(main)


# --- what exists already, failures --------------------------------------------------------------------


def test_a_second_run_recognises_what_is_there() -> None:
    async def main(scene: Scene) -> None:
        await provisioner(scene, fleet(2, 3)).run()
        sent = len(scene.line.writes)
        report = await provisioner(scene, fleet(2, 5)).run()
        assert report.counts == {Outcome.CREATED: 4, Outcome.EXISTED: 6}
        assert scene.line.writes[sent:].count("POST /fleet001/deployments/web/roles") == 2
        assert "POST /fleet001/deployments" not in scene.line.writes[sent:]

    play(main)


def test_one_failure_leaves_the_others_alone() -> None:
    async def main(scene: Scene) -> None:
        fail_role(scene, "web01")
        with pytest.raises(ProvisioningError, match="No capacity for this one") as caught:
            await provisioner(scene, fleet(1, 4)).run()
        report = caught.value.report
        assert report.counts == {Outcome.CREATED: 3, Outcome.FAILED: 1}
        failed = report.roles[0]
        assert failed.error is not None
        assert failed.error.code == "BadRequest"
        assert failed.request_ids
        # The first machine of a deployment that never came about: the next one makes it.
        assert [role.operation for role in report.roles] == [
            "CreateDeployment",
            "CreateDeployment",
            "AddRole",
            "AddRole",
        ]
        assert sorted(scene.roles["fleet001"]) == ["web02", "web03", "web04"]

    play(main)


def test_fail_fast_starts_nothing_more() -> None:
    async def main(scene: Scene) -> None:
        fail_role(scene, "web02")
        with pytest.raises(ProvisioningError) as caught:
            await provisioner(scene, fleet(1, 6), fail_fast=True, wait_until_ready=True).run()
        counts = caught.value.report.counts
        assert counts[Outcome.FAILED] == 1
        assert counts[Outcome.NOT_STARTED] == 4
        assert scene.roles["fleet001"] == ["web01"]

    play(main)


def test_who_is_not_let_in_stops_everything() -> None:
    async def main(scene: Scene) -> None:
        class Forbidden:
            def __init__(self) -> None:
                self.refused = 0
                self._sender = scene.line.sender

            async def send(self, request: RawRequest) -> RawResponse:
                if is_create(request):
                    self.refused += 1
                    body = b"<Error><Code>ForbiddenError</Code><Message>No.</Message></Error>"
                    return RawResponse(403, {"content-type": "application/xml"}, body)
                return await self._sender.send(request)

        scene.line.sender = forbidden = Forbidden()
        with pytest.raises(ProvisioningError, match=r"stopped: .*ForbiddenError"):
            await provisioner(scene, fleet(3, 10), max_parallel=3).run()
        assert forbidden.refused <= 3

    play(main)


def test_a_failure_ends_the_wait_for_a_lock_that_nobody_needs_any_more() -> None:
    async def main(scene: Scene) -> None:
        def interfere(request: RawRequest) -> None:
            if is_create(request) and "fleet001" in request.target and scene.line.conflicts == 0:
                scene.service.service.hold_lock("fleet001", 1e6, scene.clock())
            if is_create(request) and "fleet002" in request.target:
                scene.service.service.fail_next_write(400, "BadRequest", "No.")

        scene.line.before = interfere
        began = anyio.current_time()
        with pytest.raises(ProvisioningError) as caught:
            await provisioner(scene, fleet(2, 3), fail_fast=True).run()
        assert anyio.current_time() - began < 100.0
        assert caught.value.report.counts[Outcome.NOT_STARTED] >= 4

    play(main)


def test_a_lock_that_is_never_given_back_ends_in_an_error_of_its_own() -> None:
    async def main(scene: Scene) -> None:
        def take(request: RawRequest) -> None:
            if is_create(request) and scene.line.conflicts == 0:
                scene.service.service.hold_lock("fleet001", 1e6, scene.clock())

        scene.line.before = take
        with pytest.raises(ProvisioningError, match="requires exclusive access") as caught:
            await provisioner(scene, fleet(1, 2), patience=Patience(lock=600.0)).run()
        assert caught.value.report.counts == {Outcome.FAILED: 2}
        # Asked about now and then, not hammered: two machines, ten minutes each.
        assert sum(scene.line.requests.values()) < 80

    play(main)


def test_two_deployments_of_a_service_share_its_lock() -> None:
    async def main(scene: Scene) -> None:
        deployments = [
            {"name": "live", "slot": "Production", "roles": [group(4)]},
            {"name": "trial", "slot": "Staging", "roles": [group(4)]},
        ]
        plan = {"services": [{"name": "twins", "location": "West US", "deployments": deployments}]}
        report = await provisioner(scene, plan).run()
        assert report.counts == {Outcome.CREATED: 8}
        assert scene.line.conflicts == 0

    play(main)


def test_data_disks_come_after_the_machines_or_with_them() -> None:
    async def main(scene: Scene) -> None:
        disks = [{"LogicalDiskSizeInGB": 10}, {"LogicalDiskSizeInGB": 20, "LUN": 5}]
        plan = fleet(1, 2, data_disks=disks, attach="after")
        report = await provisioner(scene, plan, wait_until_ready=True).run()
        assert {role.data_disks for role in report.roles} == {(0, 5)}
        assert scene.line.conflicts == 0
        deployment = await scene.client.get_deployment("fleet001", "web")
        assert [[disk.lun for disk in role.data_disks] for role in deployment.role_list] == [[0, 5], [0, 5]]
        one = fleet(1, 2, data_disks=disks, attach="with_role")
        one["services"][0]["name"] = "other"
        sent = len(scene.line.writes)
        await provisioner(scene, one).run()
        assert not any("datadisks" in write.lower() for write in scene.line.writes[sent:])
        deployment = await scene.client.get_deployment("other", "web")
        assert [[disk.lun for disk in role.data_disks] for role in deployment.role_list] == [[0, 5], [0, 5]]

    play(main)


# --- cancelling, resuming -------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [1.0, 20.0, 50.0, 120.0, 190.0])
def test_a_cancelled_run_says_what_is_known_and_can_be_taken_up(tmp_path: Path, seconds: float) -> None:
    async def main(scene: Scene) -> None:
        journal = tmp_path / "fleet.journal"
        plan = fleet(3, 4, data_disks=[{"LogicalDiskSizeInGB": 10}])
        first = provisioner(scene, plan, journal=journal)
        with anyio.move_on_after(seconds) as scope:
            await first.run()
        assert scope.cancelled_caught
        known = first.report()
        assert len(known.roles) == 12
        assert known.counts.keys() <= {
            Outcome.CREATED,
            Outcome.IN_PROGRESS,
            Outcome.UNKNOWN,
            Outcome.NOT_STARTED,
            Outcome.INCOMPLETE,
        }
        second = provisioner(scene, plan, journal=journal, wait_until_ready=True)
        report = await second.run()
        assert report.counts == {Outcome.CREATED: 12}
        assert report.runs == 2
        assert {role.data_disks for role in report.roles} == {(0,)}
        assert all(role.request_ids and role.ready_at for role in report.roles)
        assert scene.line.conflicts == 0
        creates = [write for write in scene.line.writes if write.endswith(("/deployments", "/roles"))]
        assert len(creates) == 12
        assert PASSWORD not in journal.read_text()
        third = await provisioner(scene, plan, journal=journal).run()
        assert third.runs == 3
        assert len([w for w in scene.line.writes if w.endswith(("/deployments", "/roles"))]) == 12

    play(main)


def test_events_tell_the_whole_story() -> None:
    async def main(scene: Scene) -> None:
        run = provisioner(scene, fleet(1, 2), wait_until_ready=True)
        async with run.events() as events:
            seen = [event async for event in events]
        of_role = [event.kind for event in seen if event.role == "web02"]
        assert of_role == [
            EventKind.QUEUED,
            EventKind.CREATING,
            EventKind.ACCEPTED,
            EventKind.CREATED,
            EventKind.READY,
        ]
        assert [event.at for event in seen] == sorted(event.at for event in seen)
        assert run.report().succeeded

    play(main)


def test_leaving_the_events_ends_the_run() -> None:
    async def main(scene: Scene) -> None:
        run = provisioner(scene, fleet(1, 3))
        async with run.events() as events:
            async for event in events:
                if event.kind is EventKind.ACCEPTED and event.role == "web01":
                    break
        assert run.report().roles[0].outcome is Outcome.IN_PROGRESS
        assert run.report().roles[1].outcome is Outcome.NOT_STARTED

    play(main)


def test_events_end_with_the_error_of_the_run() -> None:
    async def main(scene: Scene) -> None:
        fail_role(scene, "web02")
        run = provisioner(scene, fleet(1, 2))
        kinds: list[EventKind] = []

        async def read() -> None:
            async with run.events() as events:
                kinds.extend([event.kind async for event in events])

        with pytest.raises(ProvisioningError):
            await read()
        assert EventKind.FAILED in kinds

    play(main)


def test_a_stopped_run_finishes_what_is_on_its_way_and_can_be_taken_up(tmp_path: Path) -> None:
    async def main(scene: Scene) -> None:
        stop = anyio.Event()

        def on_event(event: Event) -> None:
            if event.kind is EventKind.ACCEPTED and event.role == "web01":
                stop.set()

        options: dict[str, Any] = {"journal": tmp_path / "journal", "clock": scene.time}
        run = Provisioner(scene.client, fleet(1, 3), stop=stop, on_event=on_event, roll_back=True, **options)
        with pytest.raises(ProvisioningError) as caught:
            await run.run()
        # It isn't waited for any more, but it is there: nothing is rolled back.
        assert caught.value.report.counts == {Outcome.INCOMPLETE: 1, Outcome.NOT_STARTED: 2}
        assert scene.roles == {"fleet001": ["web01"]}
        report = await Provisioner(scene.client, fleet(1, 3), **options).run()
        assert report.counts == {Outcome.CREATED: 3}

    play(main)


def test_a_stop_ends_the_wait_for_machines() -> None:
    async def main(scene: Scene) -> None:
        created, stop = anyio.Event(), anyio.Event()

        def on_event(event: Event) -> None:
            if event.kind is EventKind.CREATED and event.role:
                created.set()

        run = Provisioner(scene.client, fleet(1, 1), stop=stop, on_event=on_event, clock=scene.time)

        async def stop_while_waiting() -> None:
            await created.wait()
            await anyio.sleep(5)
            stop.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(stop_while_waiting)
            with pytest.raises(ProvisioningError):
                await run.run()
        assert run.report().counts == {Outcome.INCOMPLETE: 1}

    play(main)
