"""Write into ``docs/emulator.md`` which refusals of the local service have a wording of its own.

``endpoint/refusals.py`` marks what no recording and no client holds with ``# Unverified:``; this gives the
page the texts so marked::

    python -m tools.own_wordings
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT: Final = Path(__file__).resolve().parents[1]
REFUSALS: Final = ROOT / "azure_iaas" / "endpoint" / "refusals.py"
PAGE: Final = ROOT / "docs" / "emulator.md"
BEGIN: Final = "<!-- own wordings: python -m tools.own_wordings -->\n"
END: Final = "<!-- end of own wordings -->\n"


def texts() -> Iterator[str]:
    """Every text marked as unverified, with names in braces for what is filled in."""
    source = REFUSALS.read_text(encoding="utf-8")
    lines = source.splitlines()
    for function in ast.parse(source).body:
        if not isinstance(function, ast.FunctionDef):
            continue
        if not any("# Unverified:" in line for line in lines[function.lineno : function.end_lineno]):
            continue
        strings = [text for statement in function.body[1:] for text in _strings(statement)]
        yield max(strings, key=len, default="") or f"({function.name.replace('_', ' ')})"


def _strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.JoinedStr):
        yield "".join(
            f"{{{ast.unparse(part.value)}}}" if isinstance(part, ast.FormattedValue) else str(part.value)
            for part in node.values
            if isinstance(part, (ast.FormattedValue, ast.Constant))
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    else:
        for child in ast.iter_child_nodes(node):
            yield from _strings(child)


def render() -> str:
    """The page as it should be."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = "".join(f"- `{text}`\n" for text in texts())
    return f"{before}{BEGIN}\n{rows}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
