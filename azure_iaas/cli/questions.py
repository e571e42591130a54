"""What is asked at the terminal before something is lost."""

from __future__ import annotations

import sys

import click


def confirmed(question: str, option: str = "--yes") -> bool:
    """Ask; without a terminal the option has to say it.

    Raises:
        click.UsageError: there is no terminal.
    """
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Say so with {option}, as there is no terminal to ask at.")
    return click.confirm(question, err=True)
