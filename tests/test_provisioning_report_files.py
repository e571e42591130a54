"""Reports as files: what stands in them, text whatever the service said, and nothing from elsewhere."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.provisioning import ErrorFacts, Outcome, Report, RoleReport
from azure_iaas.provisioning.progress import report_files

NASTY = '<script src="http://evil">|`*_[a](b)\n# &amp; \\|'
BEGAN = 1_460_000_000.0


def failed(outcome: Outcome = Outcome.FAILED, **error: Any) -> RoleReport:
    facts = {"type": "ServerError", "message": "the service is ill", **error}
    return RoleReport("fleet", "web", "web02", outcome, error=ErrorFacts(**facts))


def report(*roles: RoleReport, **more: Any) -> Report:
    made = RoleReport(
        *("fleet", "web", "web01", Outcome.CREATED, "AddRole", ("id-1", "id-2"), 1),
        sent_at=BEGAN,
        accepted_at=BEGAN,
        created_at=BEGAN + 40,
        ready_at=BEGAN + 160.25,
    )
    return Report((made, *roles), started_at=BEGAN, ended_at=BEGAN + 161, requests={"AddRole": 2}, **more)


def test_json_has_iso_times_and_what_to_do_next() -> None:
    told = json.loads(report_files.as_json(report(failed(Outcome.UNKNOWN))))
    assert told["succeeded"] is False
    assert told["summary"].startswith("2 roles: 1 created, 1 unknown")
    assert (told["started_at"], told["ended_at"]) == ("2016-04-07T03:33:20.000Z", "2016-04-07T03:36:01.000Z")
    made, lost = told["roles"]
    assert (made["ready_at"], made["queued_at"], made["what_next"]) == ("2016-04-07T03:36:00.250Z", None, "")
    assert "same journal" in lost["what_next"]


def test_markdown_says_what_is_wrong_first() -> None:
    text = report_files.as_markdown(
        report(failed(conflict="exclusive access"), remaining=("disk d-1: leased",))
    )
    assert text.index("Somebody else changes this deployment") < text.index("## Machines")
    assert "| fleet/web/web01 | created | 2016-04-07T03:33:20.000Z | 40 s | 2 min 40 s | id-1, id-2 |" in text
    assert "## Remains\n\n- disk d-1: leased\n" in text


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_html_is_one_page_without_script_or_anything_from_elsewhere() -> None:
    nasty = failed(message=NASTY)
    text = report_files.as_html(report(nasty, failures=(NASTY,), kept=(NASTY,), removed=(NASTY,)))
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object", "a"}
    assert not any({"src", "href", "style", "onload"} & set(attributes) for _, attributes in page.tags)
    assert not re.search(r"url\(|@import", text)
    assert NASTY in page.text
    assert "prefers-color-scheme: dark" in text


@given(st.text(max_size=40))
def test_whatever_the_service_said_stays_in_its_cell(said: str) -> None:
    told = report(failed(message=said))
    rows = [
        line for line in report_files.as_markdown(told).split("\n") if line.startswith("| fleet/web/web02")
    ]
    assert len(rows) == 2
    assert [len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) for row in rows] == [5, 7]
    known = {tag for tag, _ in Page(report_files.as_html(report(failed()))).tags}
    assert {tag for tag, _ in Page(report_files.as_html(told)).tags} == known


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (failed(type="BadRequestError"), "Correct in the plan"),
        (failed(type="AuthenticationError"), "management certificate"),
        (failed(conflict="name taken"), "another name"),
        (failed(request_id="r"), "request id"),
        (failed(Outcome.IN_PROGRESS, type="OperationTimeoutError"), "goes on waiting"),
        (RoleReport("a", "b", "c", Outcome.NOT_STARTED), "Run it again"),
    ],
)
def test_each_failure_says_what_to_do(role: RoleReport, words: str) -> None:
    assert words in report_files.what_next(role)


@pytest.mark.parametrize("outcome", [Outcome.CREATED, Outcome.EXISTED, Outcome.KEPT, Outcome.NOT_THERE])
def test_what_is_as_it_should_be_needs_nothing(outcome: Outcome) -> None:
    assert report_files.what_next(RoleReport("a", "b", "c", outcome)) == ""
