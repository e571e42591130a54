"""The generated pages of the documentation are current."""

from __future__ import annotations

from azure_iaas.callback import ServiceManagementService
from azure_iaas.client import ServiceManagementClient
from azure_iaas.operations import REGISTRY
from tools import coverage_page, own_wordings, pictures, sessions


def test_every_operation_is_in_client_callback_local_service_and_vectors() -> None:
    for name, operation in REGISTRY.items():
        assert hasattr(ServiceManagementClient, operation.method_name), name
        assert hasattr(ServiceManagementService, name), name
        assert coverage_page.route_of(operation) is not None, name
        assert coverage_page.vectors_of(name), name


def test_the_coverage_page_is_current() -> None:
    assert coverage_page.PAGE.read_text(encoding="utf-8") == coverage_page.render()


def test_the_local_services_own_wordings_are_current() -> None:
    assert len(list(own_wordings.texts())) > 40
    assert own_wordings.PAGE.read_text(encoding="utf-8") == own_wordings.render()


def test_the_pictures_show_the_run_they_are_said_to_show() -> None:
    drawn = pictures.pictures()
    assert (pictures.FOLDER / "schedule.svg").read_text(encoding="utf-8") == drawn["schedule.svg"]
    assert "20 roles: 19 created, 1 failed" in drawn["report.html"]
    assert "failed" in drawn["live-view.svg"]
    for name, text in drawn.items():
        assert "https://" not in text, name
        assert "myAdminPwd1" not in text, name


def test_a_recorded_session_is_what_its_commands_are_and_cut_where_it_says_so() -> None:
    text = (pictures.FOLDER / "session-provision.txt").read_text(encoding="utf-8")
    commands = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    assert commands == sessions.SESSIONS["provision"].commands
    lines = [str(number) for number in range(40)]
    cut = sessions.abridged(lines)
    assert cut == [*lines[:9], "[... 27 lines ...]", *lines[-4:]]
    assert sessions.abridged(lines[:15]) == lines[:15]
    assert 'class="terminal-matrix"' in sessions.picture(text)
