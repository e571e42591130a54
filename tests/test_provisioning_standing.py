"""How far each machine has come: states, counts, and what a run of a fleet amounts to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.provisioning import Outcome, Report, RoleReport
from azure_iaas.provisioning.plan import RoleId
from azure_iaas.provisioning.progress.events import Event, EventKind
from azure_iaas.provisioning.progress.standing import ENDED, MachineState, Standing

WEB = [RoleId("fleet", "web", f"web{number}") for number in range(3)]


def about(role: RoleId, kind: EventKind, at: float = 0.0, **more: object) -> Event:
    return Event(kind, at, *role, **more)  # type: ignore[arg-type]


def states(standing: Standing) -> dict[str, str]:
    return {each.id.role: each.state for each in (*standing.active, *standing.failed, *standing.latest)}


def test_a_machine_is_created_given_its_disk_and_becomes_ready() -> None:
    standing = Standing(WEB)
    seen: list[str] = []
    for kind, more in (
        (EventKind.QUEUED, {}),
        (EventKind.QUEUED, {"lun": 0}),
        (EventKind.CREATING, {"operation": "AddRole"}),
        (EventKind.CREATED, {}),
        (EventKind.CREATING, {"lun": 0}),
        (EventKind.CREATED, {"lun": 0}),
        (EventKind.READY, {}),
    ):
        standing.note(about(WEB[0], kind, len(seen), **more))
        (state,) = states(standing).values() or ["queued"]
        seen.append(state)
    assert seen == ["queued", "queued", "creating", "queued", "attaching", "starting", "ready"]
    assert (standing.done, standing.total) == (1, 3)
    assert +standing.counts == {MachineState.READY: 1, MachineState.QUEUED: 2}


def test_a_machine_that_is_ready_while_a_disk_is_attached_is_done_with_it() -> None:
    standing = Standing(WEB)
    standing.note(about(WEB[0], EventKind.QUEUED, lun=0))
    standing.note(about(WEB[0], EventKind.CREATED))
    assert standing.counts[MachineState.DISKS_QUEUED] == 1
    standing.note(about(WEB[0], EventKind.CREATING, lun=0))
    standing.note(about(WEB[0], EventKind.READY))
    assert states(standing) == {"web0": "attaching"}
    standing.note(about(WEB[0], EventKind.CREATED, lun=0))
    assert states(standing) == {"web0": "ready"}


def test_a_failure_stays_one_whatever_comes_after_it() -> None:
    standing = Standing(WEB)
    standing.note(about(WEB[0], EventKind.CREATED))
    standing.note(about(WEB[0], EventKind.FAILED, lun=1, error="no such blob"))
    standing.note(about(WEB[0], EventKind.READY))
    (machine,) = standing.failed
    assert machine.detail == "disk LUN 1: no such blob"
    assert standing.counts[MachineState.FAILED] == standing.done == 1


def test_what_is_done_to_a_deployment_is_done_to_its_machines() -> None:
    standing = Standing([*WEB, RoleId("fleet", "other", "x")], taken_down=True)
    assert standing.total == 0, "what is there is found out"
    standing.note(Event(EventKind.QUEUED, 0.0, "fleet", "WEB"))
    assert standing.total == 3
    standing.note(Event(EventKind.DELETING, 1.0, "fleet", "web"))
    assert set(states(standing).values()) == {"deleting"}
    standing.note(Event(EventKind.DELETED, 1.0, "fleet", "web"))
    assert standing.done == 3


def test_what_earlier_runs_made_counts_as_ended() -> None:
    standing = Standing(WEB)
    standing.note(about(WEB[2], EventKind.CREATING))
    standing.know(
        Report(
            (
                RoleReport(*WEB[0], Outcome.CREATED, created_at=1.0, ready_at=2.0),
                RoleReport(*WEB[1], Outcome.NOT_STARTED),
                RoleReport(*WEB[2], Outcome.CREATED),
            )
        )
    )
    assert +standing.counts == {"created": 1, "queued": 1, "creating": 1}
    (machine,) = standing.latest
    assert (machine.id, machine.since) == (WEB[0], 2.0)


def test_what_fails_besides_machines_is_named() -> None:
    standing = Standing(WEB)
    standing.note(Event(EventKind.FAILED, 0.0, "fleet", error="the name is taken"))
    assert standing.failures == {"fleet": "the name is taken"}
    assert standing.done == 0


def test_without_waiting_a_created_machine_is_done() -> None:
    standing = Standing(WEB, ready_wanted=False)
    standing.note(about(WEB[0], EventKind.CREATED))
    assert standing.counts[MachineState.CREATED] == standing.done == 1


events = st.builds(
    Event,
    st.sampled_from(list(EventKind)),
    st.floats(0, 1e9),
    st.just("fleet"),
    st.sampled_from(["web", ""]),
    st.sampled_from(["web0", "WEB1", "web2", ""]),
    st.sampled_from([None, 0, 1]),
)


@given(st.lists(events), st.booleans(), st.booleans())
def test_any_course_of_events_counts_each_machine_once(
    course: list[Event], ready_wanted: bool, taken_down: bool
) -> None:
    standing = Standing(WEB, ready_wanted=ready_wanted, taken_down=taken_down)
    for event in course:
        standing.note(event)
        assert sum(standing.counts.values()) == standing.total
        assert min(standing.counts.values(), default=0) >= 0
        assert 0 <= standing.done <= standing.total
        active = [each.state for each in standing.active]
        queued = standing.counts[MachineState.QUEUED] + standing.counts[MachineState.DISKS_QUEUED]
        assert len(active) == standing.total - standing.done - queued
        assert not ENDED & set(active)
        assert len(standing.failed) == standing.counts[MachineState.FAILED]
