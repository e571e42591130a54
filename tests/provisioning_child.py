"""A process that provisions a plan and prints its report, to be killed by tests.

Usage: ``python tests/provisioning_child.py CONNECTION.json PLAN.json JOURNAL``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import anyio

from azure_iaas.client import ServiceManagementClient
from azure_iaas.provisioning import Plan, Provisioner


async def main(connection_file: str, plan_file: str, journal: str) -> None:
    """Run the plan."""
    connection = json.loads(Path(connection_file).read_text())
    auth = {"keyfile": connection["key_file"], "certfile": connection["cert_file"]}
    options = {"host": connection["host"], "port": connection["port"], "ca": connection["ca_file"]}
    async with ServiceManagementClient(connection["subscription_id"], auth, options) as client:
        print("begin", flush=True)
        report = await Provisioner(client, Plan.load(plan_file), journal=journal).run()
    print(json.dumps(report.as_dict()), flush=True)


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
