"""Request documents of deployments (protocol.md 10.1)."""

from __future__ import annotations

from typing import Final

from azure_iaas.emulator.machines.contract import ANY_ROLE, DNS_SERVER, LOAD_BALANCER
from azure_iaas.emulator.properties import EXTENDED_PROPERTIES
from azure_iaas.endpoint.contracts import Contract, ListOf

_DNS: Final = Contract(
    "Dns",
    {"DnsServers": ListOf(("DnsServer",), DNS_SERVER)},
)

NEW_DEPLOYMENT: Final = Contract(
    "Deployment",
    {
        "Name": "text",
        "DeploymentSlot": "text",
        "Label": "verbatim",
        "UpgradeDomainCount": "int",
        "RoleList": ListOf(("Role",), ANY_ROLE),
        "VirtualNetworkName": "text",
        "Dns": _DNS,
        "ReservedIPName": "text",
        "LoadBalancers": ListOf(("LoadBalancer",), LOAD_BALANCER),
    },
    frozenset({"Name", "DeploymentSlot", "Label", "RoleList"}),
)

SWAP: Final = Contract("Swap", {"Production": "text", "SourceDeployment": "text"})

UPDATE_DEPLOYMENT_STATUS: Final = Contract(
    "UpdateDeploymentStatus", {"Status": "text"}, frozenset({"Status"})
)

CHANGE_CONFIGURATION: Final = Contract(
    "ChangeConfiguration",
    {
        "Configuration": "verbatim",
        "TreatWarningsAsError": "bool",
        "Mode": "text",
        "ExtendedProperties": EXTENDED_PROPERTIES,
    },
)
