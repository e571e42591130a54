"""Files that come with the package: the schema of plans, for editors, and a plan to start from."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

SCHEMA_NAME: Final = "plan.schema.json"
"""What the schema's file is called beside a plan; the plan's first line names it."""


def schema_text() -> str:
    """The JSON Schema of plans, written by ``tools/plan_schema.py``."""
    return _text(SCHEMA_NAME)


def starter_text() -> str:
    """A commented plan in YAML, which runs against the local service as it stands."""
    return _text("starter.yaml")


def _text(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
