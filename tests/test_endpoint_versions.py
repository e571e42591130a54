"""Versions: which texts are one, and which elements of an answer they show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pytest

from azure_iaas.endpoint.versions import Row, Rows, is_version


@dataclass
class Request:
    version: str


ROWS: Final = Rows[Request, dict[str, str]](
    Row("Name", lambda _, item: item["name"]),
    Row("Replicated", lambda _, item: item["replicated"], since="2011-12-01", until="2014-06-01"),
    Row("Kind", lambda _, item: item["kind"], since="2014-06-01"),
    Row("Asked", lambda request, _: request.version),
)
ITEM = {"name": "n", "replicated": "r", "kind": "k"}


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        ("2011-11-30", ["Name", "Asked"]),
        ("2011-12-01", ["Name", "Replicated", "Asked"]),
        ("2014-05-01", ["Name", "Replicated", "Asked"]),
        ("2014-06-01", ["Name", "Kind", "Asked"]),
    ],
)
def test_rows_say_which_versions_show_an_element(version: str, shown: list[str]) -> None:
    answer = ROWS.members(Request(version), ITEM)
    assert [name for name, _ in answer] == shown
    assert dict(answer)["Asked"] == version


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2015-04-01", True),
        ("2016-02-29", True),
        ("2015-02-29", False),
        ("2015-4-1", False),
        ("20150401", False),
        ("", False),
        ("\u0662015-04-01", False),
    ],
)
def test_a_version_is_a_day_that_exists(text: str, valid: bool) -> None:
    assert is_version(text) is valid
