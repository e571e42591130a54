"""What code, tests and pages cite of ``docs/protocol.md`` is there: chapters, headings, titles of pages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")

NUMBER = r"\d+(?:\.\d+)?"
CHAPTER = rf"(?:chapters? )?{NUMBER}"
CHAPTERS = rf"{CHAPTER}(?:(?:,|;| and| to) {CHAPTER})*"
# "A heading" and "Another", protocol.md 10.1, 10.3 and chapter 8
CITATION = re.compile(
    r'(?P<headings>"[^"()]+"(?:(?:,| and) "[^"()]+")*, )?'
    rf"\bprotocol(?:\.md)?,? (?P<chapters>{CHAPTERS})\b"
)
PAGE_ID = re.compile(r"\b(?:dn|ee|gg|hh|jj)\d{6}\b")
# "Add Role" (jj157186), with quotes or without
TITLED_PAGE = re.compile(rf"((?:[A-Z]\w*\"? (?:(?:as|or|of|on) )?)+)\(({PAGE_ID.pattern})\)")


class Citation(NamedTuple):
    chapters: list[str]
    headings: list[str]


def citations_in(text: str) -> Iterator[Citation]:
    for cited in CITATION.finditer(text):
        chapters = re.sub(r"(\d+)\.(\d+) to \1\.(\d+)", _range, cited["chapters"])
        yield Citation(re.findall(NUMBER, chapters), re.findall(r'"([^"]+)"', cited["headings"] or ""))


def _range(bounds: re.Match[str]) -> str:
    chapter, first, last = (int(each) for each in bounds.groups())
    return ", ".join(f"{chapter}.{number}" for number in range(first, last + 1))


def running_text(file: Path) -> str:
    """A file without its line breaks: citations run over them."""
    return re.sub(r"\s*\n[\s#]*", " ", file.read_text(encoding="utf-8"))


def headings() -> dict[str, str]:
    """The reference's headings by chapter; one heading may name several."""
    return {
        number: title
        for line in re.findall(r"^#{2,3} (.+)$", REFERENCE, re.MULTILINE)
        for number, title in re.findall(
            rf"(?:^|, )({NUMBER})\.? (.+?)(?=, {NUMBER} |$)", line.replace("`", "")
        )
    }


def page_titles() -> dict[str, str]:
    """Titles of the cited pages, by their ids, as the chapter on sources lists them."""
    sources = REFERENCE.partition("\n## 17. Sources")[2].partition("\n## ")[0]
    return {page: title for title, page in re.findall(r"^\| ([^|]+) \| (\w+) \|$", sources, re.MULTILINE)}


HEADINGS = headings()
TITLES = page_titles()


def _files() -> list[Path]:
    folders = ("azure_iaas", "benchmarks", "docs", "examples", "tests", "tools")
    found = [
        file
        for folder in folders
        for file in sorted((ROOT / folder).rglob("*"))
        if file.suffix in {".py", ".pyi", ".md", ".txt"} and "node_modules" not in file.parts
    ]
    return [*found, *sorted(ROOT.glob("*.md"))]


FILES = [
    file
    for file in _files()
    if file != Path(__file__)
    and (CITATION.search(text := running_text(file)) is not None or PAGE_ID.search(text) is not None)
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_is_cited_exists(file: Path) -> None:
    text = running_text(file)
    for cited in citations_in(text):
        for chapter in cited.chapters:
            assert chapter in HEADINGS, f"chapter {chapter}"
        below = [
            title
            for number, title in HEADINGS.items()
            if any(number == chapter or number.startswith(f"{chapter}.") for chapter in cited.chapters)
        ]
        for heading in cited.headings:
            assert any(title.startswith(heading) for title in below), f"{heading} in {cited.chapters}"
    for page in PAGE_ID.findall(text):
        assert page in TITLES, page
    for title, page in TITLED_PAGE.findall(text):
        assert title.rstrip(' "').endswith(TITLES[page]), f"{title}({page})"


def test_citations_are_found_where_they_are() -> None:
    assert sum(len(list(citations_in(running_text(file)))) for file in FILES) > 150
    assert len(HEADINGS) > 90
    assert len(TITLES) > 60


@pytest.mark.parametrize(
    ("text", "chapters", "cited_headings"),
    [
        ("as protocol.md 10.3 says", ["10.3"], []),
        ("protocol.md, 7.3 and chapter 8", ["7.3", "8"], []),
        ("(protocol chapters 11 and 12)", ["11", "12"], []),
        ("protocol.md 11.9 to 11.11, 12.2", ["11.9", "11.10", "11.11", "12.2"], []),
        ('("Status" and "PowerState", protocol 13.1)', ["13.1"], ["Status", "PowerState"]),
        ('"Add DNS Server" (protocol 12.2)', ["12.2"], []),
    ],
)
def test_how_a_citation_is_read(text: str, chapters: list[str], cited_headings: list[str]) -> None:
    assert list(citations_in(text)) == [Citation(chapters, cited_headings)]
