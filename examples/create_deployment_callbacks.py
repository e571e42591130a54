"""The documented sample with callbacks, statement for statement: create a service and a deployment, poll.

The statements stand in the order of the NodeJS sample, under its names; see docs/porting.md. It uses the
documented certificate files when they are there, else priv.pem and pub.pem in the current folder:

    python -m azure_iaas.emulator --port 8443 --speed 10 --data-dir local &
    cp local/priv.pem local/pub.pem .
    python examples/create_deployment_callbacks.py --host localhost:8443 --ca local/ca.pem --poll-period 1000
"""
# ruff: noqa: N802, N816 - the names of the documented sample

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

import azure_iaas.callback as azure

# Where the service is isn't in the documented sample: a local one has another address.
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--host", help="management host, also host:port (default: the public cloud's)")
parser.add_argument("--ca", metavar="FILE", help="CA of the server certificate, PEM (default: the system's)")
parser.add_argument("--poll-period", type=float, default=10000, metavar="MILLISECONDS")
given = parser.parse_args()
options = {"host": given.host, "ca": given.ca}

# specify where certificate files are located
auth: dict[str, str] | None = {
    "keyfile": "../certs/priv.pem",
    "certfile": "../certs/pub.pem",
}
if not os.path.exists("../certs/priv.pem"):
    auth = None

# names and IDs for subscription, service, deployment
subscriptionId = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
serviceName = "sampleService2"
deploymentName = "sampleDeployment"

# poll for completion every 10 seconds
pollPeriod = given.poll_period

# data used to define deployment and role

deploymentOptions = {
    "DeploymentSlot": "Staging",
    "Label": "Deployment Label",
}

osDisk = {
    "SourceImageName": "Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd",
}

dataDisk1 = {
    "LogicalDiskSizeInGB": 10,
    "LUN": "0",
}

provisioningConfigurationSet = {
    "ConfigurationSetType": "ProvisioningConfiguration",
    "AdminPassword": "myAdminPwd1",
    "MachineName": "sampleMach1",
    "ResetPasswordOnFirstLogon": False,
}

externalEndpoint1 = {
    "Name": "endpname1",
    "Protocol": "tcp",
    "Port": "59919",
    "LocalPort": "3395",
}

networkConfigurationSet = {
    "ConfigurationSetType": "NetworkConfiguration",
    "InputEndpoints": [externalEndpoint1],
}

VMRole: dict[str, Any] = {
    "RoleName": "sampleRole",
    "RoleSize": "Small",
    "OSDisk": osDisk,
    "DataDisks": [dataDisk1],
    "ConfigurationSets": [provisioningConfigurationSet, networkConfigurationSet],
}


def showErrorResponse(rsp: Any) -> None:
    """Show error messages if failed."""
    print("There was an error response from the service")
    print("status code=" + str(rsp.statusCode))
    print("Error Code=" + rsp.error.Code)
    print("Error Message=" + rsp.error.Message)


def PollComplete(reqid: str) -> None:
    """Poll for completion."""

    def polled(rspobj: Any) -> None:
        if rspobj.isSuccessful and rspobj.response:
            rsp = rspobj.response
            if rsp.Status == "InProgress":
                # The documented sample calls PollComplete here, instead of giving it to the timer.
                iaasCli.SetTimeout(lambda: PollComplete(reqid), pollPeriod)
                sys.stdout.write(".")
                sys.stdout.flush()
            else:
                print(rsp.Status)
                if rsp.HttpStatusCode:
                    print("HTTP Status: " + str(rsp.HttpStatusCode))
                if rsp.Error:
                    print("Error code: " + rsp.Error.Code)
                    print("Error Message: " + rsp.Error.Message)
        else:
            showErrorResponse(rspobj)

    iaasCli.GetOperationStatus(reqid, polled)


# create the client object
iaasCli = azure.createServiceManagementService(subscriptionId, auth, options)


# create a hosted service.
# if successful, create deployment
# if accepted, poll for completion
def serviceCreated(rspobj: Any) -> None:
    """Go on with the deployment."""
    if rspobj.isSuccessful:
        iaasCli.CreateDeployment(serviceName, deploymentName, VMRole, deploymentOptions, deploymentCreated)
    else:
        showErrorResponse(rspobj)


def deploymentCreated(rspobj: Any) -> None:
    """Go on with polling."""
    if rspobj.isSuccessful:
        # get request id, and start polling for completion
        reqid = rspobj.headers["x-ms-request-id"]
        sys.stdout.write("Polling")
        sys.stdout.flush()
        iaasCli.SetTimeout(lambda: PollComplete(reqid), pollPeriod)
    else:
        showErrorResponse(rspobj)


iaasCli.CreateHostedService(serviceName, serviceCreated)
