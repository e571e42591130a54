"""Text of others' for a terminal: nothing in it is obeyed."""

from __future__ import annotations


def visible(text: str) -> str:
    r"""Give a text in one line, with what can't be printed as Python writes it: ``\x1b``, ``\n``."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
