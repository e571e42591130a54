"""What a terminal shows, as SVG that loads nothing: rich's own has fonts from elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rich._export_format import CONSOLE_SVG_FORMAT

if TYPE_CHECKING:
    from rich.console import Console

_FORMAT: Final = re.sub(r"\s*(@font-face \{\{.*?\}\}|<!--.*?-->)", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def terminal_svg(console: Console, title: str) -> str:
    """What a recording console was given; the same text gives the same picture."""
    text = console.export_svg(title=title, code_format=_FORMAT, unique_id="terminal")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
