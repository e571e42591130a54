"""Record sessions in a shell against the local service, as text and as SVG, in ``docs/pictures/``.

::

    python -m tools.sessions            # all
    python -m tools.sessions provision  # one

What is recorded is what the commands printed: only long stretches are cut, and said to be. Add a session to
``SESSIONS`` and run it.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.text import Text

from azure_iaas.emulator import FaultPlan, LocalService, Requests, Rule
from azure_iaas.provisioning.plan import shipped
from tools.pictures import FAILS, FAILURE, FOLDER
from tools.terminal_svg import terminal_svg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
WIDTH: Final = 100
HEAD_LINES, TAIL_LINES = 9, 4
"""Of a longer output so many lines are kept."""


@dataclass(frozen=True)
class Session:
    """Commands in a shell, one after the other.

    Attributes:
        commands: as they are typed; ``azure-iaas`` is this one's.
        files: what stands in the folder when it begins, by name.
        rules: what goes wrong in the service.
        speed: how much faster than the real service the local one is.
        environment: further variables.
    """

    commands: Sequence[str]
    files: Mapping[str, str] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    speed: float = 200.0
    environment: Mapping[str, str] = field(default_factory=dict)


IMAGE: Final = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB"

SESSIONS: Final = {
    "quick-start": Session(
        ["python create_deployment.py"],
        {"create_deployment.py": (ROOT / "examples" / "create_deployment.py").read_text(encoding="utf-8")},
    ),
    "role-create": Session(
        [
            "azure-iaas service create shop --location 'West US'",
            'azure-iaas deployment create shop web --role web1 --image "$image" --user admin1',
            'azure-iaas role create shop web web2 --image "$image" --user admin1 --wait --progress',
            """azure-iaas deployment wait shop web --query '[Status, Url]' --output tsv""",
            "azure-iaas deployment delete shop web --yes --delete-media",
        ],
        environment={"AZURE_IAAS_PASSWORD": "aSecretOfYours1", "image": IMAGE},
    ),
    "provision": Session(
        [
            "azure-iaas provision fleet.yaml --dry-run",
            "azure-iaas provision fleet.yaml --journal fleet.journal --report report.html",
            "azure-iaas provision fleet.yaml --journal fleet.journal",
        ],
        # 4 cloud services of 5 machines.
        {
            "fleet.yaml": shipped.starter_text()
            .replace("count: 2 ", "count: 4 ")
            .replace("count: 3", "count: 5")
        },
        [Rule(FAILURE, Requests(operation="AddRole"), nth=FAILS)],
        environment={"FLEET_PASSWORD": "myAdminPwd1"},
    ),
}


def record(session: Session) -> str:
    """What the terminal shows: commands, what they printed, and exit codes other than 0."""
    shown: list[str] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalService(speed=session.speed, faults=FaultPlan(*session.rules)) as service,
    ):
        for name, text in session.files.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        environment = {
            **os.environ,
            **service.environment(),
            **session.environment,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": str(WIDTH),
        }
        for command in session.commands:
            done = subprocess.run(  # noqa: S602 - the commands are this file's own
                command,
                shell=True,
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            shown += [f"$ {command}", *abridged(done.stdout.rstrip("\n").splitlines())]
            shown += [f"[exit code {done.returncode}]"] * (done.returncode != 0) + [""]
    return "\n".join(shown)


def abridged(lines: list[str]) -> list[str]:
    """The begin and the end of a longer output."""
    cut = len(lines) - HEAD_LINES - TAIL_LINES
    if cut <= TAIL_LINES:
        return lines
    return [*lines[:HEAD_LINES], f"[... {cut} lines ...]", *lines[-TAIL_LINES:]]


def picture(text: str) -> str:
    """A recorded session as SVG."""
    console = Console(file=io.StringIO(), record=True, width=WIDTH, force_terminal=True)
    for line in text.splitlines():
        style = "bold" if line.startswith("$ ") else "yellow" if line.startswith("[") else ""
        console.print(Text(line, style), highlight=False)
    return terminal_svg(console, "azure-iaas")


if __name__ == "__main__":
    for name in sys.argv[1:] or SESSIONS:
        text = record(SESSIONS[name])
        (FOLDER / f"session-{name}.txt").write_text(text, encoding="utf-8")
        (FOLDER / f"session-{name}.svg").write_text(picture(text), encoding="utf-8")
        print(f"session-{name} is recorded")
