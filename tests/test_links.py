"""Links within README and pages lead somewhere, headings too, and the site's index has every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.glob("**/*.md"))]
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!`)\[[^\]`\n]*(?:`[^`]*`[^\]`\n]*)*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchor(heading: str) -> str:
    """The name GitHub gives a heading, and the site too."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """A page's headings; one that stands twice has a number."""
    names: list[str] = []
    for heading in HEADING.findall(prose(page)):
        name = anchor(heading)
        names.append(f"{name}-{times}" if (times := names.count(name)) else name)
    return set(names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_its_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, heading = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), target
        if heading:
            assert heading in anchors(file), target


def test_the_index_has_every_page() -> None:
    lists = re.findall(
        r"^```\{toctree\}\n(.*?)^```$", (DOCS / "index.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    named = [line for each in lists for line in each.splitlines() if re.match(r"[\w/*-]+$", line)]
    assert len(named) == len(set(named))
    pages = {str(page.relative_to(DOCS).with_suffix("")) for page in DOCS.glob("**/*.md")}
    pages |= {str(page.relative_to(DOCS).with_suffix("")) for page in DOCS.glob("reference/*.rst")}
    found = {page for page in pages if page in named or f"{page.rpartition('/')[0]}/*" in named}
    assert found == pages - {"index"}
    assert set(named) - pages == {"decisions/*"}


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Faults, and what was asked", "faults-and-what-was-asked"),
        ("1.2 Authentication: mutual TLS [D:1]", "12-authentication-mutual-tls-d1"),
        ("Methods of azure-asm-*", "methods-of-azure-asm-"),
    ],
)
def test_how_a_heading_is_named(heading: str, name: str) -> None:
    assert anchor(heading) == name
