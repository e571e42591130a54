"""``provision init`` and ``provision schema``: a plan to start from, and the schema editors check it by."""

from __future__ import annotations

from pathlib import Path

import click

from azure_iaas.cli.exit_codes import ExitCode
from azure_iaas.cli.failures import command_line, say
from azure_iaas.cli.questions import confirmed

_SUFFIXES = (".yaml", ".yml")


@click.command()
@click.argument(
    "file", type=click.Path(dir_okay=False, path_type=Path), default=Path("plan.yaml"), metavar="[FILE]"
)
@click.option("--overwrite", is_flag=True, help="Overwrite files that exist, without asking.")
def init(file: Path, *, overwrite: bool) -> int:
    """Write a commented plan to start from, and beside it the schema for editors.

    FILE is plan.yaml when it is left out. A file that exists is overwritten only when you say so.
    """
    from azure_iaas.provisioning.plan import shipped  # noqa: PLC0415 - help needs none of it

    if file.suffix.lower() not in _SUFFIXES:
        raise click.UsageError("FILE: a YAML file is written, .yaml or .yml")
    texts = {file: shipped.starter_text(), file.with_name(shipped.SCHEMA_NAME): shipped.schema_text()}
    changed = {path: text for path, text in texts.items() if _differs(path, text)}
    for path in changed:
        if path.exists() and not overwrite and not confirmed(f"{path} exists. Overwrite it?", "--overwrite"):
            say("nothing was written")
            return ExitCode.FAILED
    for path, text in changed.items():
        path.write_text(text, encoding="utf-8")
        say(f"{path} is written")
    say("It takes a password from the environment: export FLEET_PASSWORD=...")
    say(f"see what it does with: {command_line('provision', str(file), '--dry-run')}")
    return ExitCode.DONE


def _differs(path: Path, text: str) -> bool:
    try:
        return path.read_bytes() != text.encode()
    except FileNotFoundError:
        return True


@click.command()
def schema() -> None:
    """Print the JSON Schema of plans, by which editors complete and check them."""
    from azure_iaas.provisioning.plan import shipped  # noqa: PLC0415 - as above

    print(shipped.schema_text(), end="")
