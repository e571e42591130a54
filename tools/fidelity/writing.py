"""Part (ii): given the values of a recorded request, the client sends an equal document."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final, Literal

from azure_iaas import ServiceManagementClient
from azure_iaas.errors import InvalidArgumentError
from azure_iaas.operations import REGISTRY
from tools.fidelity.recording import NIL, Exchange, Finding, elements, local, parse, registry_name

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

    from azure_iaas.wire.messages import RawRequest

LISTS: Final = frozenset(
    {
        "RoleList",
        "ConfigurationSets",
        "InputEndpoints",
        "SubnetNames",
        "PublicIPs",
        "NetworkInterfaces",
        "IPConfigurations",
        "DataVirtualHardDisks",
        "ResourceExtensionReferences",
        "ResourceExtensionParameterValues",
        "ExtendedProperties",
        "PublicKeys",
        "KeyPairs",
        "StoredCertificateSettings",
        "Listeners",
        "Rules",
        "LoadBalancers",
        "DnsServers",
    }
)
"""Containers of repeated elements, in requests."""

OBJECTS: Final = frozenset({"OSVirtualHardDisk"})
"""Elements that hold elements: empty ones are empty objects, not empty texts."""

SKIPPED: Final = frozenset(
    {("CreateStorageAccount", "/CreateStorageServiceInput/Description", "/CreateStorageServiceInput/Label")}
)
"""Operation, element, and the element before it: the service skipped the first for coming after the second.

Seen in the recordings: the account was made with a description in that place, and reads back with a null one.
"""

DEFAULTS: Final[dict[str, dict[str, str | None]]] = {
    "CreateHostedService": {"/CreateHostedService/Description": "Service host"},
    "ModifyRole": {
        "/PersistentVMRole/RoleName": None,
        "/PersistentVMRole/RoleType": "PersistentVMRole",
    },
}
"""Elements the client adds where they are not given: documented defaults, and the role's name of the path."""

DEFAULTED: Final = "the client adds documented defaults that the recorded client left out"
REFUSED: Final = "refused before it is sent; the service refused it as well"


class _Nobody:
    """A sender that is never asked: requests are only built."""

    async def send(self, request: object) -> Any:
        raise AssertionError(request)


def comparable(exchange: Exchange) -> bool:
    """Whether an exchange holds a request document that a client really sent.

    The Ruby client sent the previous request's document again with each question for an operation's status.
    """
    return bool(exchange["request_body"]) and exchange["kind"] == "recorded" and exchange["method"] != "GET"


def values(element: ET.Element) -> Any:
    """The values of an element as a user would give them: no order, no null ones, lists as lists."""
    if local(element.tag) in LISTS:
        return [values(child) for child in element]
    if not len(element) and local(element.tag) not in OBJECTS:
        return element.text or ""
    return {local(child.tag): values(child) for child in element if child.get(NIL) != "true"}


def compare(exchange: Exchange) -> Finding:
    """Have the client write a recorded request."""
    name = registry_name(exchange) or exchange["operation"]
    body = exchange["request_body"]
    try:
        written = _write(name, exchange, body)
    except InvalidArgumentError as error:
        if 400 <= exchange["status"] < 500:
            return Finding(name, "writes", "agreed", exchange["id"], REFUSED)
        return Finding(name, "writes", "differs", exchange["id"], f"refused: {error}")
    problem = "" if written.target == exchange["path"] else f"the target is {written.target}"
    recorded, ours = parse(body), parse(written.body.decode("utf-8-sig"))
    added = _defaults(name, recorded, ours)
    problem = problem or _difference(name, recorded, ours, added)
    outcome: Literal["agreed", "differs"] = "differs" if problem else "agreed"
    return Finding(name, "writes", outcome, exchange["id"], problem or (DEFAULTED if added else ""))


def _built(client: ServiceManagementClient, method: str, *args: Any, **named: Any) -> RawRequest:
    operation = next(each for each in REGISTRY.values() if each.method_name == method)
    return operation.build(client, *args, **named).request


def _write(name: str, exchange: Exchange, body: str) -> Any:
    segments = exchange["path"].partition("?")[0].split("/")
    client = ServiceManagementClient(segments[1], transport=_Nobody())
    document: dict[str, Any] = values(parse(body))
    names = segments[2:]
    match name:
        case "CreateDeployment":
            role = document.pop("RoleList")[0]
            return _built(client, "create_deployment", names[2], document.pop("Name"), role, document)
        case "AddRole":
            return _built(client, "add_role", names[2], names[4], document)
        case "ModifyRole":
            return _built(client, "modify_role", names[2], names[4], names[6], document)
        case "AddDataDisk":
            return _built(client, "add_data_disk", names[2], names[4], names[6], document)
        case "StartRoleInstance":
            return _built(client, "start_role_instance", names[2], names[4], names[6])
        case "ShutdownRoleInstance":
            action = document.get("PostShutdownAction")
            method = "shutdown_role_instance"
            return _built(client, method, names[2], names[4], names[6], post_shutdown_action=action)
        case "SetNetworkConfiguration":
            return _built(client, "set_network_configuration", body)
        case "RegenerateStorageAccountKeys":
            return _built(client, "regenerate_storage_account_keys", names[2], document["KeyType"])
    if "Label" in document:
        document["Label"] = _decoded(document["Label"])
    match name:
        case "CreateHostedService":
            return _built(client, "create_hosted_service", document.pop("ServiceName"), document)
        case "CreateStorageAccount":
            return _built(client, "create_storage_account", document.pop("ServiceName"), document)
        case "UpdateStorageAccount":
            return _built(client, "update_storage_account", names[2], document)
        case "CreateAffinityGroup":
            place, label, text = document["Location"], document["Label"], document.get("Description")
            method = "create_affinity_group"
            return _built(client, method, document["Name"], place, label=label, description=text)
        case "UpdateAffinityGroup":
            label, text = document["Label"], document.get("Description")
            return _built(client, "update_affinity_group", names[1], label, description=text)
    raise AssertionError(f"no way to write {name}")


def _decoded(label: str) -> str:
    try:
        return b64decode("".join(label.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return label


def _flat(name: str, root: ET.Element) -> list[tuple[str, str]]:
    """Paths and texts; null elements don't count, nor blanks around a text or between elements."""
    texts: list[tuple[str, str]] = []
    for path, element in elements(root):
        if element.get(NIL) == "true" or (texts and (name, path, texts[-1][0]) in SKIPPED):
            continue
        texts.append((path, "" if len(element) else "".join((element.text or "").split())))
    return texts


def _defaults(name: str, recorded: ET.Element, written: ET.Element) -> set[str]:
    paths = {path for path, _ in elements(recorded)}
    return {
        path
        for path, element in elements(written)
        if path not in paths and DEFAULTS.get(name, {}).get(path, "") in (None, element.text)
    }


def _difference(name: str, recorded: ET.Element, written: ET.Element, added: set[str]) -> str:
    wanted = _flat(name, recorded)
    paths = {path for path, _ in wanted}
    skipped = {element for operation, element, _ in SKIPPED if operation == name and element not in paths}
    got = [each for each in _flat(name, written) if each[0] not in added | skipped]
    for place, (path, text) in enumerate(wanted):
        our_path, our_text = got[place] if place < len(got) else ("the end", "")
        if path != our_path:
            return f"{our_path} instead of {path}"
        if text != our_text:
            return f"the text of {path} is another"
    return f"has {got[len(wanted)][0]} at the end" if len(got) > len(wanted) else ""
