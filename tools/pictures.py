"""Draw the pictures of ``docs/provisioning.md``: a plan of 20 machines, one of which fails, on virtual time.

::

    python -m tools.pictures

The schedule, the live view midway, and the report of the run, in ``docs/pictures/``. Service, clock and
chance are the same each time, and so are the pictures.
"""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import anyio
from rich.console import Console

from azure_iaas.cli.fleet_view import FleetView
from azure_iaas.emulator import FailOperation, FaultPlan, LocalService, Requests, Rule
from azure_iaas.errors import ProvisioningError
from azure_iaas.provisioning import Plan, Provisioner, timetable_drawing
from azure_iaas.provisioning.progress import report_files
from azure_iaas.provisioning.progress.estimate import Estimate
from azure_iaas.provisioning.progress.standing import Standing
from azure_iaas.provisioning.simulation import BEGIN
from azure_iaas.provisioning.timetable import timetable
from tests import virtual_time
from tools.terminal_svg import terminal_svg

if TYPE_CHECKING:
    from datetime import datetime

    from azure_iaas.provisioning import Report

FOLDER: Final = Path(__file__).resolve().parents[1] / "docs" / "pictures"
IMAGE: Final = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB"
PLAN: Final = {
    "services": [
        {
            "name": "fleet{n:02}",
            "count": 4,
            "location": "West US",
            "deployments": [
                {
                    "roles": [
                        {
                            "name": "web{n:02}",
                            "count": 5,
                            "image": IMAGE,
                            "provisioning": {
                                "HostName": "{service}-{role}",
                                "UserName": "azureuser",
                                "UserPassword": "${FLEET_PASSWORD}",
                            },
                            "data_disks": [{"LogicalDiskSizeInGB": 10}],
                        }
                    ]
                }
            ],
        }
    ]
}
MIDWAY_SECONDS: Final = 230.0
FAILURE: Final = FailOperation(400, "BadRequest", "The image could not be read.")
FAILS: Final = 5
"""Which AddRole fails, from 1."""
WIDTH, HEIGHT = 100, 26


def plan() -> Plan:
    """The plan of 20 machines."""
    return Plan.of(PLAN, environ={"FLEET_PASSWORD": "myAdminPwd1"})


def live_and_report() -> tuple[str, Report]:
    """The live view midway as SVG, and the report of the run."""

    async def main() -> tuple[str, Report]:
        faults = FaultPlan(Rule(FAILURE, Requests(operation="AddRole"), nth=FAILS))

        def clock() -> datetime:
            return BEGIN + timedelta(seconds=anyio.current_time())

        service = LocalService(sockets=False, clock=clock, faults=faults)
        midway: list[str] = []
        async with service, service.client() as client:
            made = plan()
            roles = [role.id for each in made.expand() for role in each.roles]
            began = BEGIN.timestamp()
            view = FleetView(Standing(roles), Estimate(), began=began)

            async def draw() -> None:
                await anyio.sleep(MIDWAY_SECONDS)
                console = Console(
                    file=io.StringIO(), record=True, width=WIDTH, height=HEIGHT, force_terminal=True
                )
                console.print(view.draw(began + MIDWAY_SECONDS, height=HEIGHT))
                midway.append(terminal_svg(console, "azure-iaas provision fleet.yaml"))

            provisioner = Provisioner(
                client,
                made,
                on_event=view.note,
                clock=lambda: clock().timestamp(),
                random=lambda: 0.5,
            )
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(draw)
                with suppress(ProvisioningError):
                    await provisioner.run()
            return midway[0], provisioner.report()

    return virtual_time.run(main, "asyncio")


def pictures() -> dict[str, str]:
    """The text of each file, by its name."""
    live, report = live_and_report()
    return {
        "schedule.svg": timetable_drawing.as_svg(timetable(plan().expand(), max_parallel=20)),
        "live-view.svg": live,
        "report.html": report_files.as_html(report),
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pictures().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"{name} is written")
