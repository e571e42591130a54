"""The generated pages of the documentation are current, and what pages name is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from azure_iaas.callback import ServiceManagementService
from azure_iaas.client import ServiceManagementClient
from azure_iaas.operations import REGISTRY
from tools import coverage_page, own_wordings, pictures, sessions

ROOT: Final = Path(__file__).resolve().parents[1]
PAGES: Final = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NAMED: Final = re.compile(r"\b(?:tests|benchmarks|tools|examples)/[\w./*-]*\w")
"""A file or folder of the repository, as text and commands name it."""
MODULE: Final = re.compile(r"-m ((?:benchmarks|tools)(?:\.\w+)*)")
LINK: Final = re.compile(r"\]\(([^)\s#:]+)(?:#[^)\s]*)?\)")
"""A link to something beside the page, not to a site."""


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


@pytest.mark.parametrize("name", sessions.SESSIONS)
def test_a_recorded_session_is_what_its_commands_are_and_cut_where_it_says_so(name: str) -> None:
    text = (pictures.FOLDER / f"session-{name}.txt").read_text(encoding="utf-8")
    commands = [line.removeprefix("$ ") for line in text.splitlines() if line.startswith("$ ")]
    assert commands == sessions.SESSIONS[name].commands
    lines = [str(number) for number in range(40)]
    cut = sessions.abridged(lines)
    assert cut == [*lines[:9], "[... 27 lines ...]", *lines[-4:]]
    assert sessions.abridged(lines[:15]) == lines[:15]
    assert 'class="terminal-matrix"' in sessions.picture(text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = [ROOT / name for name in NAMED.findall(text)]
    linked = [page.parent / name for name in LINK.findall(text)]
    for file in named + linked:
        assert list(file.parent.glob(file.name)), f"{page.name} names {file}"
    for name in MODULE.findall(text):
        place = ROOT / name.replace(".", "/")
        assert place.is_dir() or place.with_suffix(".py").exists(), f"{page.name} names {name}"


def test_pages_name_and_link_something() -> None:
    texts = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert len(NAMED.findall(texts)) > 30
    assert len(LINK.findall(texts)) > 10
