"""Machines and plans that several topics make."""

from __future__ import annotations

from typing import Any, Final

IMAGE: Final = "b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB"


def role(name: str) -> dict[str, Any]:
    """A machine with an endpoint, a data disk and an account."""
    return {
        "RoleName": name,
        "RoleSize": "Small",
        "OSDisk": {"SourceImageName": IMAGE},
        "DataDisks": [{"LogicalDiskSizeInGB": 10, "LUN": 0}],
        "ConfigurationSets": [
            {
                "ConfigurationSetType": "LinuxProvisioningConfiguration",
                "HostName": name,
                "UserName": "azureuser",
                "UserPassword": "Secret-123",
            },
            {
                "ConfigurationSetType": "NetworkConfiguration",
                "InputEndpoints": [{"Name": "ssh", "Protocol": "tcp", "LocalPort": 22}],
            },
        ],
    }


def fleet(services: int, roles: int) -> dict[str, Any]:
    """Plan so many cloud services with so many machines each."""
    machines = {
        "name": "web{n:02}",
        "count": roles,
        "size": "Small",
        "image": IMAGE,
        "provisioning": {"HostName": "{role}", "UserName": "azureuser", "UserPassword": "Secret-123"},
        "endpoints": [{"name": "ssh", "local_port": 22, "port": "22{n:03}"}],
    }
    return {
        "services": [
            {
                "name": "fleet{n:03}",
                "count": services,
                "location": "West US",
                "deployments": [{"roles": [machines]}],
            }
        ]
    }
