"""The recordings as data, read with parsers that aren't ours."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS: Final = Path(__file__).resolve().parents[3] / "shared" / "corpus"
Exchange = dict[str, Any]
"""One line of the recordings; its fields are described beside them."""

NAMESPACE: Final = "{http://schemas.microsoft.com/windowsazure}"
NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"

OPERATIONS: Final[dict[str, str]] = {
    "affinitygroup.create": "CreateAffinityGroup",
    "affinitygroup.delete": "DeleteAffinityGroup",
    "affinitygroup.get": "GetAffinityGroup",
    "affinitygroup.list": "ListAffinityGroups",
    "affinitygroup.update": "UpdateAffinityGroup",
    "certificate.add": "AddServiceCertificate",
    "certificate.delete": "DeleteServiceCertificate",
    "certificate.get": "GetServiceCertificate",
    "certificate.list": "ListServiceCertificates",
    "datadisk.add": "AddDataDisk",
    "datadisk.delete": "RemoveDataDisk",
    "deployment.create": "CreateDeployment",
    "deployment.delete": "DeleteDeployment",
    "deployment.delete_by_slot": "DeleteDeploymentBySlot",
    "deployment.delete_media": "DeleteDeployment",
    "deployment.get": "GetDeployment",
    "deployment.get_by_slot": "GetDeploymentBySlot",
    "disk.add": "CreateDisk",
    "disk.delete": "DeleteDisk",
    "disk.delete_media": "DeleteDisk",
    "disk.get": "GetDisk",
    "disk.list": "ListDisks",
    "extension.list": "ListResourceExtensions",
    "hostedservice.create": "CreateHostedService",
    "hostedservice.delete": "DeleteHostedService",
    "hostedservice.get": "GetHostedService",
    "hostedservice.get_detail": "GetHostedService",
    "hostedservice.list": "ListHostedServices",
    "hostedservice.list_detail": "ListHostedServices",
    "image.add": "CreateOSImage",
    "image.delete": "DeleteOSImage",
    "image.delete_media": "DeleteOSImage",
    "image.get": "GetOSImage",
    "image.list": "ListOSImages",
    "image.update": "UpdateOSImage",
    "loadbalancer.add": "AddLoadBalancer",
    "loadbalancer.delete": "DeleteLoadBalancer",
    "location.list": "ListLocations",
    "network.check_ip": "CheckAddressAvailability",
    "network.get_config": "GetNetworkConfiguration",
    "network.list_sites": "ListVirtualNetworkSites",
    "network.set_config": "SetNetworkConfiguration",
    "operation.get": "GetOperationStatus",
    "provider.register": "RegisterResourceProvider",
    "reservedip.create": "CreateReservedIP",
    "reservedip.delete": "DeleteReservedIP",
    "reservedip.get": "GetReservedIP",
    "reservedip.list": "ListReservedIPs",
    "role.add": "AddRole",
    "role.delete": "DeleteRole",
    "role.get": "GetRole",
    "role.update": "ModifyRole",
    "rolesize.list": "ListRoleSizes",
    "storageaccount.check_name": "CheckStorageAccountName",
    "storageaccount.create": "CreateStorageAccount",
    "storageaccount.delete": "DeleteStorageAccount",
    "storageaccount.get": "GetStorageAccount",
    "storageaccount.keys": "GetStorageAccountKeys",
    "storageaccount.list": "ListStorageAccounts",
    "storageaccount.regenerate_keys": "RegenerateStorageAccountKeys",
    "storageaccount.update": "UpdateStorageAccount",
    "vmimage.list": "ListVMImages",
}
"""Name of an operation in the recordings, and in the operation table.

``roleinstance.operation`` is told apart by its body; network security groups (``nsg.*``) aren't in the table.
"""

INSTANCE_OPERATIONS: Final = {
    "ShutdownRoleOperation": "ShutdownRoleInstance",
    "StartRoleOperation": "StartRoleInstance",
    "RestartRoleOperation": "RestartRoleInstance",
    "CaptureRoleOperation": "CaptureRoleInstance",
}

MIXED_UP: Final = frozenset(
    {
        ("deployment.get_by_slot", "Error"),
        ("deployment.create", "Deployment"),
        ("image.add", "Images"),
        ("storageaccount.get", "StorageServices"),
    }
)
"""Answers that the authors of the recorded tests put in place of others: 200, with a body that isn't its."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What comparing one exchange gave.

    Attributes:
        operation: name in the operation table, or in the recordings where it isn't in the table.
        part: which comparison.
        outcome: ``agreed``, ``differs`` or ``not compared``.
        reason: why, unless it agreed.
        exchange: its id.
    """

    operation: str
    part: Literal["reads", "writes", "answers", "flows"]
    outcome: Literal["agreed", "differs", "not compared"]
    exchange: str
    reason: str = ""


def load() -> list[Exchange]:
    """All exchanges, in their order.

    Raises:
        FileNotFoundError: the recordings aren't there.
    """
    with (CORPUS / "exchanges.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def load_flows() -> list[dict[str, Any]]:
    """All recorded sequences."""
    flows: list[dict[str, Any]] = json.loads((CORPUS / "flows.json").read_text(encoding="utf-8"))
    return flows


def registry_name(exchange: Exchange) -> str | None:
    """The operation of the table an exchange is one of, or None."""
    operation = exchange["operation"]
    if operation == "roleinstance.operation":
        body = exchange["request_body"] or "<ShutdownRoleOperation"
        return next(name for root, name in INSTANCE_OPERATIONS.items() if f"<{root}" in body)
    return OPERATIONS.get(operation)


def mixed_up(exchange: Exchange) -> bool:
    """Whether the answer is another operation's, by hand."""
    body = exchange["response_body"] or ""
    match = re.search(r"<([A-Za-z]\w*)", body)
    return exchange["status"] < 300 and match is not None and (exchange["operation"], match[1]) in MIXED_UP


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def parse(body: str) -> ET.Element:
    """A recorded body as a tree; characters XML forbids, which the service sent, become question marks."""
    return ET.fromstring(re.sub(r"&#x?[0-9A-Fa-f]+;", "?", body.lstrip("\ufeff\r\n ")))


def elements(root: ET.Element, above: str = "") -> Iterator[tuple[str, ET.Element]]:
    """Every element with its path, in document order."""
    path = f"{above}/{local(root.tag)}"
    yield path, root
    for child in root:
        yield from elements(child, path)


def text(root: ET.Element, path: str) -> str:
    """Text of the element at a path such as ``Properties/Label``, empty when absent."""
    return root.findtext("/".join(f"{NAMESPACE}{step}" for step in path.split("/")), "") or ""


def children(root: ET.Element, path: str) -> list[ET.Element]:
    """Elements at a path."""
    return root.findall("/".join(f"{NAMESPACE}{step}" for step in path.split("/")))
