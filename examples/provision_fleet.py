"""Make a fleet of machines from a plan, watch it come up, and take it down again.

Without options it starts a local service in this process, a hundred times as fast as the real one was:

    python examples/provision_fleet.py

With a subscription and a management certificate it talks to the service they belong to. The journal makes the
run resumable: end it in any way, start it again, and it goes on where it was:

    python examples/provision_fleet.py --subscription ID --key priv.pem --cert pub.pem --host HOST \
        --plan fleet.yaml --journal fleet.journal --keep
"""

from __future__ import annotations

import argparse
import sys
from contextlib import AsyncExitStack
from typing import Any

import anyio

from azure_iaas import AzureError, ServiceManagementClient
from azure_iaas.emulator import LocalService
from azure_iaas.errors import ProvisioningError
from azure_iaas.provisioning import Event, EventKind, InvalidPlanError, Plan, Provisioner, deprovision

IMAGE = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB"
PLAN: dict[str, Any] = {
    "services": [
        {
            "name": "fleet{n:02}",
            "count": 3,
            "location": "West US",
            "deployments": [
                {
                    "roles": [
                        {
                            "name": "web{n:02}",
                            "count": 4,
                            "size": "Small",
                            "image": IMAGE,
                            "provisioning": {
                                "HostName": "{service}-{role}",
                                "UserName": "azureuser",
                                "UserPassword": "${FLEET_PASSWORD}",
                            },
                            "endpoints": [{"name": "ssh", "local_port": 22, "port": "22{n:03}"}],
                            "data_disks": [{"LogicalDiskSizeInGB": 10}],
                        }
                    ]
                }
            ],
        }
    ]
}

TOLD = {EventKind.CREATED, EventKind.READY, EventKind.WAITING, EventKind.RETRIED, EventKind.FAILED}


def show(event: Event) -> None:
    """Print an event worth a line."""
    if event.kind in TOLD:
        what = "/".join(part for part in (event.service, event.deployment, event.role) if part)
        disk = "" if event.lun is None else f" disk {event.lun}"
        print(f"  {what}{disk}: {event.kind}{f': {event.error}' if event.error else ''}", flush=True)


async def run(client: ServiceManagementClient, plan: Plan, arguments: argparse.Namespace) -> int:
    """Provision, report, and take down again unless it is to be kept."""
    provisioner = Provisioner(client, plan, journal=arguments.journal, roll_back=arguments.roll_back)
    try:
        async with provisioner.events() as events:
            async for event in events:
                show(event)
    except InvalidPlanError as error:
        for problem in error.problems:
            print(f"plan: {problem}", file=sys.stderr)
        return 2
    except ProvisioningError as error:
        print(error, file=sys.stderr)
        return 1
    print(provisioner.report().summary())
    if not arguments.keep:
        gone = await deprovision(client, plan, delete_media=True)
        print(f"Removed {', '.join(gone.removed)}")
    return 0


async def main(arguments: argparse.Namespace) -> int:
    """Open a client, to a local service when no other is named, and run."""
    environ = None if arguments.plan else {"FLEET_PASSWORD": "Only-Local-1"}
    async with AsyncExitStack() as stack:
        try:
            plan = Plan.load(arguments.plan) if arguments.plan else Plan.of(PLAN, environ=environ)
            if arguments.subscription:
                auth = {"keyfile": arguments.key, "certfile": arguments.cert}
                options = {"host": arguments.host} if arguments.host else {}
                client = ServiceManagementClient(arguments.subscription, auth, options)
            else:
                service = await stack.enter_async_context(LocalService(speed=100.0))
                client = service.client()
            await stack.enter_async_context(client)
            return await run(client, plan, arguments)
        except AzureError as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subscription", help="subscription id; without it a local service is used")
    parser.add_argument("--key", help="private key of the management certificate, PEM")
    parser.add_argument("--cert", help="management certificate, PEM")
    parser.add_argument("--host", help="management host, host or host:port")
    parser.add_argument("--plan", help="plan file, YAML or JSON (default: a fleet of twelve)")
    parser.add_argument("--journal", help="journal file, for a run that can be taken up again")
    parser.add_argument("--roll-back", action="store_true", help="after a failure delete what was made")
    parser.add_argument("--keep", action="store_true", help="don't take the fleet down again")
    sys.exit(anyio.run(main, parser.parse_args()))
