"""A report as a file for others: JSON, Markdown, or HTML that needs nothing else.

Rules:

1. Times are ISO 8601, in UTC.
2. Whatever isn't as it should be comes first, each with what to do next.
3. Names and error texts are the service's: they are escaped, and stand as text.
"""

from __future__ import annotations

import html
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.errors import ConflictKind
from azure_iaas.provisioning.progress.report import Outcome
from azure_iaas.provisioning.timetable import spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from azure_iaas.provisioning.progress.report import Report, RoleReport

_FINE: Final = frozenset({Outcome.CREATED, Outcome.EXISTED, Outcome.DELETED, Outcome.KEPT, Outcome.NOT_THERE})
_HEADS: Final = ("machine", "outcome", "sent", "made after", "ready after", "request ids")

_AGAIN: Final = "Run it again: what is there is left as it is."
_LOOK: Final = "Run it again with the same journal: what came of it is looked at before anything is sent."
_CORRECT: Final = "Correct in the plan what the message names; a changed plan needs a new journal."
_NEXT: Final = {
    "AuthenticationError": "Upload the management certificate to this subscription, or use the one it knows.",
    "ThrottledError": "Wait some minutes, and run it again with fewer operations at a time.",
    "BadRequestError": _CORRECT,
    "InvalidArgumentError": _CORRECT,
    "ResourceNotFoundError": "See whether what the message names still exists, then run it again.",
    "OperationTimeoutError": "It may still end: run it again with the same journal, which goes on waiting.",
    "ConnectError": "Check host and network, then run it again with the same journal.",
    "TLSError": "Check the certificates of both sides, then run it again with the same journal.",
    ConflictKind.EXCLUSIVE_ACCESS: "Somebody else changes this deployment: run it again when they are done.",
    ConflictKind.NAME_TAKEN: "Plan another name (a changed plan needs a new journal), or delete what has it.",
    ConflictKind.IN_USE: "A disk or image is still in use: run it again when it is free.",
}
"""What to do about an error, by its type, and about a conflict by its kind."""


def what_next(role: RoleReport) -> str:
    """What to do about a machine that isn't as it should be; empty for one that is."""
    if role.outcome in _FINE:
        return ""
    if role.outcome is Outcome.UNKNOWN:
        return _LOOK
    error = role.error
    if error is None:
        return _AGAIN
    if named := _NEXT.get(error.conflict or error.type):
        return named
    return _AGAIN + (
        " If it fails again, its request id is what support asks for." if error.request_id else ""
    )


def iso(at: float | None) -> str | None:
    """A time as ISO 8601 has it, in UTC to the millisecond; None stays so."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def as_json(report: Report) -> str:
    """The report as JSON: ``Report.as_dict()`` with times as ISO 8601, its summary, and ``what_next``."""
    values = {"summary": report.summary(), "succeeded": report.succeeded, **_with_iso_times(report.as_dict())}
    for told, role in zip(values["roles"], report.roles, strict=True):
        told["what_next"] = what_next(role)
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _with_iso_times(values: Mapping[str, Any]) -> dict[str, Any]:
    """Times in place of seconds since 1970, in the report and in its machines."""
    told: dict[str, Any] = {
        name: iso(value) if name.endswith("_at") else value for name, value in values.items()
    }
    if "roles" in told:
        told["roles"] = [_with_iso_times(role) for role in told["roles"]]
    return told


def as_markdown(report: Report) -> str:
    """The report as Markdown, with tables as GitHub and others draw them."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    yield f"# {_title(report)}"
    yield ""
    yield f"**{_md(report.summary())}**"
    yield ""
    for name, value in _facts(report):
        yield f"- {name}: {_md(value)}"
    wrong = [role for role in report.roles if role.outcome not in _FINE]
    if wrong:
        yield from (
            "",
            "## What to do",
            "",
            "| machine | outcome | why | what to do next |",
            "|---|---|---|---|",
        )
        for role in wrong:
            yield "| " + " | ".join(map(_md, _problem(role))) + " |"
    for head, lines in _lists(report):
        yield from ("", f"## {head}", "")
        yield from (f"- {_md(line)}" for line in lines)
    yield from ("", "## Machines", "", f"| {' | '.join(_HEADS)} |", "|---" * len(_HEADS) + "|")
    for role in report.roles:
        yield "| " + " | ".join(map(_md, _row(role))) + " |"


def as_html(report: Report) -> str:
    """The report as one HTML page, light and dark, without script or anything from elsewhere."""
    return "\n".join(_html(report)) + "\n"


_STYLE: Final = """\
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d5d9de;
  --good: #17692e; --bad: #b3261e; --soft: #59626c }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e7ea; --paper: #15181c; --line: #3a4047;
    --good: #6fcf87; --bad: #ff8a80; --soft: #a3abb4 }
}
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--paper) }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: break-word }
th, .soft { color: var(--soft); font-weight: 500 }
td { font-variant-numeric: tabular-nums }
.machines td:not(:last-child) { white-space: nowrap }
.good { color: var(--good) } .bad { color: var(--bad) }"""


def _html(report: Report) -> Iterator[str]:
    title = html.escape(_title(report))
    yield "<!DOCTYPE html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<style>\n{_STYLE}\n</style></head><body>"
    kind = "good" if report.succeeded else "bad"
    yield f'<h1>{title}</h1>\n<p class="{kind}"><strong>{html.escape(report.summary())}</strong></p>'
    facts = "<br>".join(f"{name}: {html.escape(value)}" for name, value in _facts(report))
    yield f'<p class="soft">{facts}</p>'
    wrong = [role for role in report.roles if role.outcome not in _FINE]
    if wrong:
        yield "<h2>What to do</h2>"
        yield from _table(("machine", "outcome", "why", "what to do next"), map(_problem, wrong), bad=True)
    for head, lines in _lists(report):
        yield f"<h2>{head}</h2>\n<ul>"
        yield from (f"<li>{html.escape(line)}</li>" for line in lines)
        yield "</ul>"
    yield "<h2>Machines</h2>"
    yield from _table(_HEADS, map(_row, report.roles))
    yield "</body></html>"


def _table(heads: tuple[str, ...], rows: Any, *, bad: bool = False) -> Iterator[str]:
    kind = "problems" if bad else "machines"
    yield (
        f'<table class="{kind}"><thead><tr>'
        + "".join(f"<th>{head}</th>" for head in heads)
        + "</tr></thead><tbody>"
    )
    fine = {str(outcome) for outcome in _FINE}
    for first, outcome, *rest in rows:
        kind = "good" if outcome in fine and not bad else "bad"
        cells = "".join(f"<td>{html.escape(each)}</td>" for each in rest)
        yield f'<tr><td>{html.escape(first)}</td><td class="{kind}">{outcome}</td>{cells}</tr>'
    yield "</tbody></table>"


def _title(report: Report) -> str:
    return "Deprovisioning report" if report.taken_down else "Provisioning report"


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    if report.started_at is not None:
        yield "began", iso(report.started_at) or ""
    if report.ended_at is not None:
        yield "ended", iso(report.ended_at) or ""
    yield "runs", str(report.runs)
    if report.requests:
        yield (
            "requests of the last run",
            ", ".join(f"{n} {name}" for name, n in sorted(report.requests.items())),
        )


def _lists(report: Report) -> Iterator[tuple[str, tuple[str, ...]]]:
    for head, lines in (
        ("Failed besides machines", report.failures),
        ("Remains", report.remaining),
        ("Kept", report.kept),
        ("Deleted", report.removed),
    ):
        if lines:
            yield head, lines


def _problem(role: RoleReport) -> tuple[str, str, str, str]:
    why = role.error.message if role.error is not None else ""
    return _name(role), str(role.outcome), why, what_next(role)


def _row(role: RoleReport) -> tuple[str, ...]:
    made, ready = role.create_seconds, role.ready_seconds
    return (
        _name(role),
        str(role.outcome),
        iso(role.sent_at) or "",
        "" if made is None else spell(made),
        "" if ready is None else spell(ready),
        ", ".join(role.request_ids),
    )


def _name(role: RoleReport) -> str:
    return f"{role.service}/{role.deployment}/{role.role}"


_MARKS: Final = re.compile(r"([\\`*_\[\]<>|#&~])")


def _md(text: str) -> str:
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


FORMS: Final[Mapping[str, Callable[[Report], str]]] = {
    ".json": as_json,
    ".md": as_markdown,
    ".html": as_html,
}
"""How a report is written, by the suffix of its file."""
