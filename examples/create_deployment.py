"""The documented sample on the async client: create a hosted service and a deployment, wait, look.

Without options it starts a local service in this process and runs against it, over mutual TLS:

    python examples/create_deployment.py

With a subscription and a management certificate it talks to the service they belong to:

    python examples/create_deployment.py --subscription ID --key priv.pem --cert pub.pem --host HOST
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from azure_iaas import AzureError, Progress, ServiceManagementClient

if TYPE_CHECKING:
    from azure_iaas.models import Deployment

SERVICE_NAME = "sampleService2"
DEPLOYMENT_NAME = "sampleDeployment"
DEPLOYMENT_OPTIONS = {"DeploymentSlot": "Staging", "Label": "Deployment Label"}

VM_ROLE = {
    "RoleName": "sampleRole",
    "RoleSize": "Small",
    "OSDisk": {"SourceImageName": "Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd"},
    "DataDisks": [{"LogicalDiskSizeInGB": 10, "LUN": "0"}],
    "ConfigurationSets": [
        {
            "ConfigurationSetType": "ProvisioningConfiguration",
            "AdminPassword": "myAdminPwd1",
            "MachineName": "sampleMach1",
            "ResetPasswordOnFirstLogon": False,
        },
        {
            "ConfigurationSetType": "NetworkConfiguration",
            "InputEndpoints": [
                {"Name": "endpname1", "Protocol": "tcp", "Port": "59919", "LocalPort": "3395"}
            ],
        },
    ],
}


def show(progress: Progress) -> None:
    """Print how the operation stands after each question."""
    said = progress.status.status if progress.status else f"no answer ({progress.error})"
    print(f"  {progress.elapsed_seconds:5.1f} s  question {progress.polls}: {said}", flush=True)


def show_machines(deployment: Deployment) -> None:
    """Print the states of the machines after each question."""
    states = [each.instance_status or "" for each in deployment.role_instance_list]
    print(f"  {', '.join(states) or 'no instance yet'}", flush=True)


async def run_sample(client: ServiceManagementClient, interval: float, ready_timeout: float) -> None:
    """Create the service and the deployment, wait for the operation, then until the role is ready."""
    print(f"Creating hosted service {SERVICE_NAME}")
    await client.create_hosted_service(SERVICE_NAME)
    print(f"Creating deployment {DEPLOYMENT_NAME}")
    accepted = await client.create_deployment(SERVICE_NAME, DEPLOYMENT_NAME, VM_ROLE, DEPLOYMENT_OPTIONS)
    print(f"Accepted as {accepted.request_id}; polling every {interval:g} s")
    done = await accepted.wait(interval=interval, on_progress=show)
    print(f"{done.status} (HTTP {done.http_status_code})")

    # The operation has succeeded; the machine becomes ready some time later.
    deployment = await client.wait_until_ready(
        SERVICE_NAME, DEPLOYMENT_NAME, timeout=ready_timeout, on_progress=show_machines
    )
    slot = deployment.deployment_slot
    print(f"Deployment {deployment.name} ({deployment.label}) in {slot}: {deployment.status}")
    for each in deployment.role_instance_list:
        print(f"  role {each.role_name}: {each.instance_status}, {each.instance_size}, {each.ip_address}")


async def main() -> int:
    """Run the sample; the exit code tells whether it went well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--subscription", help="subscription ID; without it a local service is started")
    parser.add_argument("--key", metavar="FILE", help="private key of the management certificate, PEM")
    parser.add_argument("--cert", metavar="FILE", help="management certificate, PEM")
    parser.add_argument("--host", help="management host, also host:port")
    parser.add_argument("--ca", metavar="FILE", help="CA of the server certificate, PEM")
    parser.add_argument(
        "--interval", type=float, metavar="SECONDS", help="poll period (default 10, local 0.25)"
    )
    given = parser.parse_args()

    async with AsyncExitStack() as stack:
        try:
            if given.subscription:
                auth = {"keyfile": given.key, "certfile": given.cert}
                options = {"host": given.host, "ca": given.ca}
                client = ServiceManagementClient(given.subscription, auth, options)
            else:
                from azure_iaas.emulator import LocalService  # noqa: PLC0415 - an extra, needed only here

                # What takes the real service minutes takes this one seconds.
                service = await stack.enter_async_context(LocalService(speed=50))
                print(f"Local service at {service.url}")
                client = service.client()
            await stack.enter_async_context(client)
            interval = given.interval or (10 if given.subscription else 0.25)
            await run_sample(client, interval, ready_timeout=1800)
        except AzureError as error:
            print("There was an error response from the service", file=sys.stderr)
            print(f"status code={error.status}", file=sys.stderr)
            print(f"Error Code={error.code}", file=sys.stderr)
            print(f"Error Message={error.message}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
