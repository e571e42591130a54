"""What a process does that provisions a plan and is killed by tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio

from azure_iaas.client import ServiceManagementClient
from azure_iaas.provisioning import Plan, Provisioner, Report


def provision(connection_file: str, plan_file: str, journal: str, report_file: str) -> None:
    """Run a plan against the service a file tells of, and leave the report in another."""
    connection = json.loads(Path(connection_file).read_text())
    report = anyio.run(_provision, connection, plan_file, journal)
    Path(report_file).write_text(json.dumps(report.as_dict()))


async def _provision(connection: dict[str, Any], plan_file: str, journal: str) -> Report:
    auth = {"keyfile": connection["key_file"], "certfile": connection["cert_file"]}
    options = {"host": connection["host"], "port": connection["port"], "ca": connection["ca_file"]}
    async with ServiceManagementClient(connection["subscription_id"], auth, options) as client:
        return await Provisioner(client, Plan.load(plan_file), journal=journal).run()
