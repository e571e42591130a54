"""Part (iii): the local service, brought to the same state, answers a recorded request as the real one did.

Compared are the status, the elements with their order and number, the code and message of an error, and the
names of the headers. The version a request named was recorded by one client only; of the versions the other
clients are known to have sent, the one whose answer is nearest is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree as ET

from azure_iaas.emulator.catalogue import PLATFORM_IMAGES
from azure_iaas.endpoint.backend import Peer
from azure_iaas.endpoint.front_end import FrontEnd
from azure_iaas.endpoint.injected_faults import FaultPlan, Redirect, Refuse, Rule
from azure_iaas.wire.messages import RawRequest, RawResponse
from tools.fidelity import states
from tools.fidelity.recording import (
    NAMESPACE,
    Exchange,
    Finding,
    children,
    elements,
    local,
    mixed_up,
    parse,
    registry_name,
    text,
)
from tools.fidelity.states import XMLNS, CannotBe, Replica, element

VERSIONS: Final = (
    "2012-03-01",
    "2013-06-01",
    "2013-08-01",
    "2013-11-01",
    "2014-05-01",
    "2014-10-01",
    "2015-04-01",
    "2016-07-01",
    "2017-01-01",
)
"""What the recorded clients sent, by their sources."""

OF_THE_FRONT: Final = frozenset({"strict-transport-security", "connection", "x-ms-servedbyregion"})
"""Headers that came and went between answers to one request: they say who answered, and when."""

Preparation = Callable[[Replica, Exchange], Iterator[str] | None]
"""Brings a service to a state. May stop at several moments; may give the body to send."""


def compare(exchange: Exchange) -> Finding:
    """Have the local service answer one recorded request."""
    name = registry_name(exchange)
    identity = exchange["id"]
    if name is None:
        reason = "not an operation of the local service"
        return Finding(exchange["operation"], "answers", "not compared", identity, reason)
    if exchange["kind"] != "recorded":
        return Finding(name, "answers", "not compared", identity, "made by hand for a unit test")
    if exchange.get("hand_edited") or mixed_up(exchange):
        return Finding(name, "answers", "not compared", identity, "edited by hand")
    try:
        problem = _known_problem(_likeness(exchange), exchange)
    except CannotBe as reason:
        return Finding(name, "answers", "not compared", identity, str(reason))
    return Finding(name, "answers", "differs" if problem else "agreed", identity, problem)


_KNOWN: Final[dict[str, str]] = {}


def _known_problem(likeness: str, exchange: Exchange) -> str:
    """Compare once what is the same but for names, addresses and times."""
    if not likeness:
        return _problem(exchange)
    if likeness not in _KNOWN:
        _KNOWN[likeness] = _problem(exchange)
    return _KNOWN[likeness]


TELLING: Final = frozenset(
    {
        "BootDiagnosticsEnabled",
        "DeploymentSlot",
        "InstanceStatus",
        "LoadBalancedEndpointSetName",
        "LocalPort",
        "LogicalDiskSizeInGB",
        "Lun",
        "OS",
        "Port",
        "PowerState",
        "Protocol",
        "ProvisionGuestAgent",
        "RoleName",
        "RoleSize",
        "State",
        "Status",
        "Type",
    }
)
"""Elements of a deployment whose text its state depends on."""


def _likeness(exchange: Exchange) -> str:
    """What an answer's state depends on; empty for operations that aren't recorded by the hundred."""
    if exchange["operation"] != "deployment.get_by_slot" or not exchange["response_body"]:
        return ""
    root = parse(exchange["response_body"])
    names = sorted({each.text or "" for each in root.iter(f"{NAMESPACE}RoleName")}, key=str.lower)
    told = []
    for path, each in elements(root):
        name, said = local(each.tag), each.text or ""
        if name == "RoleName":
            said = str(names.index(said))
        told.append(f"{path}={said}" if name in TELLING else path)
    headers = sorted(set(exchange["response_headers"]) - OF_THE_FRONT)
    return "\n".join([str(exchange["status"]), *headers, *_versions(exchange), *told])


def _problem(exchange: Exchange) -> str:
    if exchange["status"] in (307, 503):
        return _from_the_front(exchange)
    if exchange["operation"] == "operation.get":
        return operation_problem(exchange)
    versions = _versions(exchange)
    # A write can be sent once: each version has a service of its own.
    trials = [(0, versions)] if exchange["method"] == "GET" else [(0, (version,)) for version in versions]
    if exchange["operation"] in CHANCY:
        trials = [(seed, versions) for seed in range(8)]
    best: str | None = None
    for seed, trial in trials:
        for problem in _problems(exchange, trial, seed):
            if not problem:
                return ""
            if best is None or _weight(problem) < _weight(best):
                best = problem
    return "the recorded states aren't passed through" if best is None else best


def _weight(problem: str) -> tuple[bool, int, bool, int]:
    # Another order of the same elements is nearer than a missing one.
    return problem.startswith("status"), problem.count(","), not problem.startswith("order"), len(problem)


CHANCY: Final = frozenset({"deployment.get_by_slot", "hostedservice.get_detail"})
"""When a guest reports is a matter of chance; the service draws it from its seed, so several are tried."""


def _problems(exchange: Exchange, versions: tuple[str, ...], seed: int) -> Iterator[str]:
    segments = exchange["path"].split("/")
    replica = Replica(segments[1].lower(), seed)
    for body in prepare(replica, exchange):
        path = _offered(replica, exchange) or "/".join(segments[2:])
        for version in versions:
            response = replica.send(exchange["method"], path, body or exchange["request_body"] or "", version)
            yield difference(exchange, response)


def _offered(replica: Replica, exchange: Exchange) -> str:
    """Where the local service has an image like a recorded one of the service's own that it doesn't offer."""
    tree = _tree(exchange)
    if exchange["operation"] != "image.get" or tree is None or text(tree, "Category") == "User":
        return ""
    if replica.there("/".join(exchange["path"].split("/")[2:])):
        return ""
    return f"services/images/{next(image.name for image in PLATFORM_IMAGES if image.os == text(tree, 'OS'))}"


def _versions(exchange: Exchange) -> tuple[str, ...]:
    named = {name.lower(): value for name, value in (exchange["request_headers"] or {}).items()}
    if "x-ms-version" in named:
        return (named["x-ms-version"],)
    return VERSIONS


def _from_the_front(exchange: Exchange) -> str:
    """Redirects and throttling are made on demand, as a fault."""
    segments = exchange["path"].split("/")
    replica = Replica(segments[1].lower())
    if exchange["status"] == 307:
        location = exchange["response_headers"]["location"]
        rule = Rule(Redirect(re.sub(r"(https://[^/]+).*", r"\1", location)))
    else:
        rule = Rule(Refuse())
    front = FrontEnd(replica.service, faults=FaultPlan(rule), clock=lambda: replica.now)
    request = RawRequest(exchange["method"], exchange["path"], {"x-ms-version": "2013-06-01"})
    return difference(exchange, front.receive(request, Peer()).answer())


# --- comparing -------------------------------------------------------------------------------------------

CATALOGUES: Final = {"extension.list", "image.list", "vmimage.list", "location.list", "rolesize.list"}
"""Lists of what the service itself offers: which entries there are isn't protocol; what an entry holds is."""


def difference(exchange: Exchange, response: RawResponse) -> str:
    """What differs between a recorded answer and ours; empty when nothing does."""
    if response.status != exchange["status"]:
        return f"status {response.status} instead of {exchange['status']} {response.body.decode()[:300]}"
    if names := _header_names(exchange, response):
        return f"headers: {names}"
    body = exchange["response_body"] or ""
    if exchange["operation"] == "network.get_config":
        return _text_difference(body, response.body.decode())
    if not body:
        return "" if not response.body else "a body where none was"
    if not response.body:
        return "no body"
    recorded, ours = parse(body), parse(response.body.decode())
    if local(recorded.tag) == "Error":
        pair = [(text(root, "Code"), text(root, "Message")) for root in (recorded, ours)]
        return "" if pair[0] == pair[1] else f"another error: {pair[1]}"
    if exchange["operation"] in CATALOGUES:
        if local(recorded.tag) != local(ours.tag):
            return "another root"
        return _entries_difference(list(recorded), list(ours))
    if exchange["operation"] == "image.get" and text(recorded, "Category") != "User":
        return _entries_difference([recorded], [ours])
    return _order_difference(_outline(exchange, recorded), _outline(exchange, ours))


OFFERED: Final = frozenset({"RoleSize", "Capability", "AvailableService", "StorageAccountType"})
"""Items of lists that say what a region offers: which ones there are isn't protocol."""

DESCRIPTIVE: Final = frozenset(
    {
        "Description",
        "Eula",
        "IconUri",
        "ImageFamily",
        "Language",
        "PricingDetailLink",
        "PrivacyUri",
        "PublishedDate",
        "PublisherName",
        "RecommendedVMSize",
        "ShowInGui",
        "SmallIconUri",
    }
)
"""What publishers say about images of the service's own, or don't."""


ANY_ORDER: Final = frozenset({"RoleInstanceList", "InstanceEndpoints", "ResourceExtensionStatusList"})
"""Lists inside an answer whose order the hosts and guests made: nothing a client sends decides it."""


def _outline(exchange: Exchange, root: ET.Element) -> list[str]:
    """Paths of all elements in their order; the entries of a list come in any."""
    listed = exchange["operation"].endswith((".list", ".list_sites"))

    def paths(element: ET.Element, above: str = "") -> list[str]:
        path = f"{above}/{local(element.tag)}"
        entries = [paths(each, path) for each in element if local(each.tag) not in OFFERED]
        if local(element.tag) in ANY_ORDER or (listed and element is root):
            entries.sort()
        return [path, *(each for entry in entries for each in entry)]

    return paths(root)


FRAMING: Final = frozenset({"content-length", "transfer-encoding"})
"""Two ways to say where a body ends; whoever hands it on chooses (RFC 9112, 6)."""


def _header_names(exchange: Exchange, response: RawResponse) -> str:
    recorded = set(exchange["response_headers"]) - OF_THE_FRONT
    ours = set(response.headers) - OF_THE_FRONT
    if recorded & FRAMING and ours & FRAMING:
        recorded, ours = recorded - FRAMING, ours - FRAMING
    lacks, has = sorted(recorded - ours), sorted(ours - recorded)
    return ", ".join([f"lacks {name}" for name in lacks] + [f"has {name}" for name in has])


def _order_difference(wanted: list[str], got: list[str]) -> str:
    if wanted == got:
        return ""
    lacks, has = Counter(wanted) - Counter(got), Counter(got) - Counter(wanted)
    if not lacks and not has:
        place = next(
            index for index, (one, other) in enumerate(zip(wanted, got, strict=True)) if one != other
        )
        return f"order: {got[place]} instead of {wanted[place]}"
    # Children of an element that is missing itself aren't said.
    tops = [path for path in lacks if path.rpartition("/")[0] not in lacks]
    more = [path for path in has if path.rpartition("/")[0] not in has]
    return ", ".join([f"lacks {path}" for path in tops] + [f"has {path}" for path in more])


def _entries_difference(recorded: list[ET.Element], ours: list[ET.Element]) -> str:
    """Whether our entries hold what recorded entries hold, in their order."""
    known = [_names(entry) for entry in recorded]
    vocabulary = {name for names in known for name in names}
    own = [_names(entry) for entry in ours]
    if not own and known:
        raise CannotBe("the local service offers none of these")
    for names in own:
        if not set(names) <= vocabulary or not known:
            return f"has {min(set(names) - vocabulary)}"
    missing = _common(known) - _common(own)
    missing = {path for path in missing if path.rpartition("/")[2] not in DESCRIPTIVE | OFFERED}
    if missing:
        return f"lacks {min(missing)}"
    before = {
        (one, other) for names in known for place, one in enumerate(names) for other in names[place + 1 :]
    }
    for names in own:
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                if (other, one) in before and (one, other) not in before:
                    return f"order: {one} before {other}"
    return ""


def _common(entries: list[list[str]]) -> set[str]:
    """What all entries hold."""
    return {path for path in entries[0] if all(path in names for names in entries)} if entries else set()


def _names(entry: ET.Element) -> list[str]:
    return list(dict.fromkeys(path for path, _ in elements(entry)))


def _text_difference(recorded: str, ours: str) -> str:
    if ours.startswith("\ufeff") != recorded.startswith("\ufeff"):
        return "the byte order mark"
    wanted = [path for path, _ in elements(parse(recorded))]
    return _order_difference(wanted, [path for path, _ in elements(parse(ours))])


# --- bringing about --------------------------------------------------------------------------------------


def prepare(replica: Replica, exchange: Exchange) -> Iterator[str]:
    """Bring a service to the state in which the exchange's request was answered so.

    Yields:
        the body to send, empty for the recorded one, at each moment that fits.

    Raises:
        CannotBe: the local service doesn't know such a state.
    """
    way = WAYS.get(exchange["operation"])
    if way is None:
        raise CannotBe("not brought about")
    moments = way(replica, exchange)
    if moments is None:
        yield ""
    else:
        yield from moments


def _tree(exchange: Exchange) -> ET.Element | None:
    body = exchange["response_body"]
    return parse(body) if body and exchange["status"] < 300 else None


def _path(exchange: Exchange) -> list[str]:
    return [unquote(segment) for segment in exchange["path"].partition("?")[0].split("/")[2:]]


def _query(exchange: Exchange) -> dict[str, str]:
    return dict(parse_qsl(exchange["path"].partition("?")[2]))


def _get_deployment(replica: Replica, exchange: Exchange) -> Iterator[str]:
    tree, service = _tree(exchange), _path(exchange)[2]
    if tree is None:
        states.hosted_service(replica, service)
        yield ""
        return
    for _ in states.deployment(replica, service, tree):
        yield ""


def _role_in_deployment(tree: ET.Element, name: str, role: str) -> ET.Element:
    """A deployment that holds one role, running, as a tree to bring about."""
    deployment = ET.fromstring(
        f"<Deployment {XMLNS}>{element('Name', name)}<DeploymentSlot>Production</DeploymentSlot>"
        f"<Status>Running</Status><RoleInstanceList><RoleInstance>{element('RoleName', role)}"
        "<InstanceStatus>ReadyRole</InstanceStatus><PowerState>Started</PowerState></RoleInstance>"
        "</RoleInstanceList><RoleList/></Deployment>"
    )
    roles = deployment.find(f"{NAMESPACE}RoleList")
    assert roles is not None
    ET.SubElement(roles, f"{NAMESPACE}Role").extend(tree)
    if any(local(each.tag) == "SubnetName" for each in tree.iter()):
        ET.SubElement(deployment, f"{NAMESPACE}VirtualNetworkName").text = "network"
    return deployment


def _get_role(replica: Replica, exchange: Exchange) -> Iterator[str]:
    tree, path = _tree(exchange), _path(exchange)
    assert tree is not None
    for _ in states.deployment(replica, path[2], _role_in_deployment(tree, path[4], path[6])):
        yield ""


def some_role(name: str, *, size: str = "Large") -> ET.Element:
    """A Linux role, as a tree to bring about."""
    return ET.fromstring(
        f"<Role {XMLNS}>{element('RoleName', name)}<OSVirtualHardDisk><SourceImageName>some-image"
        f"</SourceImageName><OS>Linux</OS></OSVirtualHardDisk>{element('RoleSize', size)}</Role>"
    )


def some_deployment(replica: Replica, service: str, name: str, *roles: str) -> None:
    """Have a running deployment with these roles."""
    states.hosted_service(replica, service)
    base = f"services/hostedservices/{service}/deployments"
    first, *others = roles or ("vm",)
    replica.done(
        "POST",
        base,
        f"<Deployment {XMLNS}>{element('Name', name)}<DeploymentSlot>Production</DeploymentSlot>"
        f"<Label>l</Label><RoleList>{states.machine(replica, some_role(first), 'Role')}</RoleList>"
        "</Deployment>",
    )
    replica.wait(1200)
    for other in others:
        replica.done(
            "POST", f"{base}/{name}/roles", states.machine(replica, some_role(other), "PersistentVMRole")
        )
        replica.wait(1200)


def _hosted_services(replica: Replica, exchange: Exchange) -> None:
    tree = _tree(exchange)
    assert tree is not None
    for number, each in enumerate([tree] if local(tree.tag) == "HostedService" else tree):
        states.hosted_service(replica, text(each, "ServiceName"), each)
        if text(each, "DefaultWinRmCertificateThumbprint"):
            states.windows_machine(replica, text(each, "ServiceName"), number)


def _hosted_service_detail(replica: Replica, exchange: Exchange) -> Iterator[str]:
    tree = _tree(exchange)
    assert tree is not None
    name = text(tree, "ServiceName")
    states.hosted_service(replica, name, tree)
    found = children(tree, "Deployments/Deployment")
    if not found:
        yield ""
    for each in found:
        for _ in states.deployment(replica, name, each):
            yield ""


def _create_hosted_service(replica: Replica, exchange: Exchange) -> Iterator[str]:
    name = "not_a_name" if exchange["status"] == 400 else "some-service"
    del replica
    yield (
        ""
        if exchange["request_body"]
        else (
            f"<CreateHostedService {XMLNS}>{element('ServiceName', name)}<Label>bA==</Label>"
            "<Location>West US</Location></CreateHostedService>"
        )
    )


def _service_of_path(replica: Replica, exchange: Exchange) -> None:
    states.hosted_service(replica, _path(exchange)[2])


def _accounts(replica: Replica, exchange: Exchange) -> Iterator[str]:
    tree = _tree(exchange)
    if tree is not None:
        for each in [tree] if local(tree.tag) == "StorageService" else tree:
            states.storage_account(replica, text(each, "ServiceName"), each)
    for _ in range(60):
        yield ""
        replica.wait(1.0)


def _account_of_path(replica: Replica, exchange: Exchange) -> Iterator[str]:
    name = _path(exchange)[2]
    status, body = exchange["status"], exchange["response_body"] or ""
    if status == 200 or "active image" in body:
        states.storage_account(replica, name)
    if found := re.search(r"e\.g\. ([\w.-]+?)\. Ensure", body):
        link = f"<MediaLink xmlns='{NAMESPACE[1:-1]}'>https://{name}.blob.core.windows.net/vhds/x.vhd</MediaLink>"
        tree = parse(f"<Disk {XMLNS}>{link}</Disk>")
        states.disk(replica, found[1], tree)
    if status == 409:
        replica.do(
            "POST",
            "services/storageservices",
            f"<CreateStorageServiceInput {XMLNS}>{element('ServiceName', name)}<Label>bA==</Label>"
            "<Location>West US</Location></CreateStorageServiceInput>",
        )
    if exchange["operation"] == "storageaccount.regenerate_keys" and not exchange["request_body"]:
        yield f"<RegenerateKeys {XMLNS}><KeyType>Primary</KeyType></RegenerateKeys>"
    elif exchange["operation"] == "storageaccount.update" and not exchange["request_body"]:
        yield f"<UpdateStorageServiceInput {XMLNS}><Description>d</Description></UpdateStorageServiceInput>"
    else:
        yield ""


def _check_account_name(replica: Replica, exchange: Exchange) -> None:
    tree = _tree(exchange)
    if tree is not None and text(tree, "Result") == "false":
        states.storage_account(replica, _path(exchange)[-1])


def _create_account(replica: Replica, exchange: Exchange) -> Iterator[str]:
    body = exchange["request_body"] or ""
    group = re.search("<AffinityGroup>(.*?)</AffinityGroup>", body)
    if group and exchange["status"] == 202:
        states.affinity_group(replica, group[1])
    yield (
        ""
        if body
        else (
            f"<CreateStorageServiceInput {XMLNS}><ServiceName>account1</ServiceName><Label>bA==</Label>"
            "<Location>West US</Location></CreateStorageServiceInput>"
        )
    )


def _groups(replica: Replica, exchange: Exchange) -> None:
    tree = _tree(exchange)
    if tree is None:
        return
    for each in [tree] if local(tree.tag) == "AffinityGroup" else tree:
        states.affinity_group(replica, text(each, "Name"), each)


def _group_write(replica: Replica, exchange: Exchange) -> Iterator[str]:
    if exchange["operation"] != "affinitygroup.create" and exchange["status"] == 200:
        states.affinity_group(replica, _path(exchange)[1])
    new = (
        f"<CreateAffinityGroup {XMLNS}><Name>group1</Name><Label>bA==</Label><Location>West US</Location>"
        "</CreateAffinityGroup>"
    )
    yield new if exchange["operation"] == "affinitygroup.create" and not exchange["request_body"] else ""


def _disks(replica: Replica, exchange: Exchange) -> None:
    tree = _tree(exchange)
    assert tree is not None
    found = [tree] if local(tree.tag) == "Disk" else list(tree)
    attached: dict[tuple[str, str, str], list[ET.Element]] = {}
    for each in found:
        to = each.find(f"{NAMESPACE}AttachedTo")
        if to is not None:
            key = (text(to, "HostedServiceName"), text(to, "DeploymentName"), text(to, "RoleName"))
            attached.setdefault(key, []).append(each)
    for each in found:
        if group := text(each, "AffinityGroup"):
            states.storage_account(replica, states.account_of(each), group=group)
    released = [
        each
        for each in found
        if text(each, "SourceImageName") and each.find(f"{NAMESPACE}AttachedTo") is None
    ]
    for number, each in enumerate(released):
        # What is left of a machine.
        states.attached_disks(replica, f"gone{number}", "gone", "gone", [each])
        replica.done("DELETE", f"services/hostedservices/gone{number}/deployments/gone")
        replica.wait(1200.0)
    for each in found:
        if each.find(f"{NAMESPACE}AttachedTo") is None:
            states.disk(replica, text(each, "Name"), each)
    for (service, name, role), held in attached.items():
        states.attached_disks(replica, service, name, role, held)


def _add_disk(replica: Replica, exchange: Exchange) -> Iterator[str]:
    tree = _tree(exchange)
    assert tree is not None
    del replica
    yield states.disk_document(tree)


def _disk_of_path(replica: Replica, exchange: Exchange) -> None:
    states.disk(replica, _path(exchange)[2])


def _image(replica: Replica, exchange: Exchange) -> None:
    tree = _tree(exchange)
    if tree is not None and text(tree, "Category") == "User":
        states.os_image(replica, text(tree, "Name"), text(tree, "OS"), tree)


def _add_image(replica: Replica, exchange: Exchange) -> Iterator[str]:
    tree = _tree(exchange)
    assert tree is not None
    del replica
    yield states.image_document(tree)


def _image_of_path(replica: Replica, exchange: Exchange) -> None:
    states.os_image(replica, _path(exchange)[2], "Linux")


def _nothing(replica: Replica, exchange: Exchange) -> None:
    del replica, exchange


def _vm_images(replica: Replica, exchange: Exchange) -> None:
    tree = _tree(exchange)
    assert tree is not None
    for number, each in enumerate(list(tree)[:40]):
        if text(each, "Category") == "User":
            states.vm_image(replica, each, number)


def _sites(replica: Replica, exchange: Exchange) -> None:
    tree = _tree(exchange)
    assert tree is not None
    if tree.find(f".//{NAMESPACE}RouteTableName") is not None:
        raise CannotBe("route tables aren't operations of the reference's two tiers")
    if len(tree):
        replica.done("PUT", "services/networking/media", states.network_of_sites(replica, tree))
        for number, each in enumerate(tree):
            if text(each, "InUse") == "true":
                states.machine_in(replica, f"svc{number}", each)


def _network_text(replica: Replica, exchange: Exchange) -> None:
    document = exchange["response_body"]
    for name in re.findall(r'AffinityGroup="([^"]+)"', document):
        states.affinity_group(replica, name)
    replica.done("PUT", "services/networking/media", document.lstrip("\ufeff"))


def _set_network(replica: Replica, exchange: Exchange) -> Iterator[str]:
    document = states.network_document(
        '<VirtualNetworkSite name="n" Location="West US"><AddressSpace>'
        "<AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace></VirtualNetworkSite>"
    )
    for name in re.findall(r'AffinityGroup="([^"]+)"', exchange["request_body"] or ""):
        states.affinity_group(replica, name)
    if exchange["status"] == 409:
        replica.do("PUT", "services/networking/media", document)
    yield "" if exchange["request_body"] else document


def _check_address(replica: Replica, exchange: Exchange) -> Iterator[str]:
    tree = _tree(exchange)
    assert tree is not None
    name, address = _path(exchange)[2], _query(exchange)["address"]
    wanted = [each.text or "" for each in children(tree, "AvailableAddresses/AvailableAddress")] or [address]
    prefix = ".".join(wanted[0].split(".")[:2]) + ".0.0/16"
    site = (
        f'<VirtualNetworkSite name="{name}" Location="West US"><AddressSpace><AddressPrefix>{prefix}'
        f'</AddressPrefix></AddressSpace><Subnets><Subnet name="s"><AddressPrefix>{prefix}</AddressPrefix>'
        "</Subnet></Subnets></VirtualNetworkSite>"
    )
    replica.done("PUT", "services/networking/media", states.network_document(site))
    yield ""


WITH_ENDPOINT: Final = (
    f"<PersistentVMRole {XMLNS}><ConfigurationSets><ConfigurationSet><ConfigurationSetType>"
    "NetworkConfiguration</ConfigurationSetType><InputEndpoints><InputEndpoint><LocalPort>22</LocalPort>"
    "<Name>ssh</Name><Protocol>tcp</Protocol></InputEndpoint></InputEndpoints></ConfigurationSet>"
    "</ConfigurationSets></PersistentVMRole>"
)
"""A reserved address needs an endpoint."""


def _reserved_ips(replica: Replica, exchange: Exchange) -> None:
    tree = _tree(exchange)
    assert tree is not None
    for each in [tree] if local(tree.tag) == "ReservedIP" else tree:
        states.reserved_ip(replica, text(each, "Name"), each)
        if text(each, "ServiceName"):
            service, name = text(each, "ServiceName"), text(each, "DeploymentName")
            states.hosted_service(replica, service, place=text(each, "Location"))
            some_deployment(replica, service, name)
            replica.done(
                "PUT", f"services/hostedservices/{service}/deployments/{name}/roles/vm", WITH_ENDPOINT
            )
            replica.done(
                "POST",
                f"services/networking/reservedips/{text(each, 'Name')}/operations/associate",
                f"<ReservedIPAssociation {XMLNS}>{element('ServiceName', service)}"
                f"{element('DeploymentName', name)}</ReservedIPAssociation>",
            )


def _provider(replica: Replica, exchange: Exchange) -> Iterator[str]:
    body = exchange["response_body"] or ""
    if "already registered" in body:
        replica.do("PUT", f"services?service={_query(exchange)['service']}&action=register")
    if "conflicting operation" in body:
        raise CannotBe("a registration by somebody else is on its way: registrations are done at once here")
    yield ""


def _create_deployment(replica: Replica, exchange: Exchange) -> Iterator[str]:
    body, service = exchange["request_body"] or "", _path(exchange)[2]
    group, place = states.place_of_blobs(replica, body)
    states.hosted_service(replica, service, group=group, place=place)
    answer = exchange["response_body"] or ""
    if found := re.search("<SourceImageName>(.*?)</SourceImageName>", body):
        states.os_image(replica, found[1], "Linux" if "LinuxProvisioning" in body else "Windows")
    states.certificates(replica, service, body)
    if network := re.search("<VirtualNetworkName>(.*?)</VirtualNetworkName>", body):
        subnets = set(re.findall("<SubnetName>(.*?)</SubnetName>", body))
        statics = set(re.findall("<StaticVirtualNetworkIPAddress>(.*?)</Static", body))
        states.network(replica, service, network[1], subnets or {"subnet"}, statics)
    if "is occupied" in answer:
        some_deployment(replica, service, "another")
    if "exclusive access" in answer:
        some_deployment(replica, service, "another")
        replica.do("DELETE", f"services/hostedservices/{service}/deployments/another")
    if body:
        yield ""
        return
    role = states.machine(replica, some_role("vm"), "Role")
    if "A parameter was incorrect" in answer:
        role = role.replace("<SourceImageName>some-image</SourceImageName>", "")
    if "IOType" in answer:
        role = role.replace("</OSVirtualHardDisk>", "<IOType>Standard</IOType></OSVirtualHardDisk>")
    yield (
        f"<Deployment {XMLNS}><Name>dep</Name><DeploymentSlot>Production</DeploymentSlot><Label>l</Label>"
        f"<RoleList>{role}</RoleList></Deployment>"
    )


def _write_below_deployment(replica: Replica, exchange: Exchange) -> Iterator[str]:
    path = _path(exchange)
    service, name = path[2], path[4]
    role = path[6] if len(path) > 6 else "vm"
    operation = exchange["operation"]
    if operation == "deployment.delete_by_slot":
        name = "dep"
    base = f"services/hostedservices/{service}/deployments/{name}"
    balancer = f"<LoadBalancer {XMLNS}><Name>{{}}</Name></LoadBalancer>"
    if operation.startswith("loadbalancer"):
        some_deployment(replica, service, name)
        if operation == "loadbalancer.delete" or exchange["status"] == 400:
            existing = path[6] if operation == "loadbalancer.delete" else "testload"
            replica.done("POST", f"{base}/loadbalancers", balancer.format(existing))
        yield balancer.format("other") if operation == "loadbalancer.add" else ""
        return
    if operation == "role.add":
        body = exchange["request_body"]
        if found := re.search("<SourceImageName>(.*?)</SourceImageName>", body):
            states.os_image(replica, found[1], "Linux" if "LinuxProvisioning" in body else "Windows")
        some_deployment(replica, service, name, "other")
        states.certificates(replica, service, body)
    else:
        some_deployment(replica, service, name, "first", role)
    disk_base = f"{base}/roles/{role}/DataDisks"
    disk_document = f"<DataVirtualHardDisk {XMLNS}>{{}}<LogicalDiskSizeInGB>10</LogicalDiskSizeInGB>"
    disk_document += "</DataVirtualHardDisk>"
    if operation == "datadisk.delete":
        replica.done("POST", disk_base, disk_document.format(element("Lun", path[8])))
    if operation == "roleinstance.operation" and "<StartRole" in (exchange["request_body"] or ""):
        replica.done("POST", f"{base}/roleinstances/{role}/Operations", SHUTDOWN)
    if exchange["request_body"]:
        yield ""
    elif operation == "datadisk.add":
        yield disk_document.format("")
    elif operation == "roleinstance.operation":
        yield SHUTDOWN
    elif operation == "role.update":
        yield f"<PersistentVMRole {XMLNS}><RoleName>{role}</RoleName></PersistentVMRole>"
    else:
        yield ""


SHUTDOWN: Final = (
    f"<ShutdownRoleOperation {XMLNS}><OperationType>ShutdownRoleOperation</OperationType>"
    "</ShutdownRoleOperation>"
)


CERTIFICATE: Final = (
    "MIIBDTCBtaADAgECAgEBMAoGCCqGSM49BAMCMBExDzANBgNVBAMMBnNhbXBsZTAeFw0xMzAxMDEwMDAwMDBaFw00MzAxMDEw"
    "MDAwMDBaMBExDzANBgNVBAMMBnNhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJI6IsPIWE73/VgqQdls92gfSzpl"
    "Y4OLm1yY5dtm+AFA/tBdHz8Ws1m7uJkFfg4bMmGaD68Uyey8aDcihxzTmgUwCgYIKoZIzj0EAwIDRwAwRAIgFRLH3mSwG/OF"
    "2+JHPvkPZDUz3wwTZd7feZdeU+lRFFMCIGC2btZZkAx1N2HIJDlIF7daFzaZ6kPlkpTfAQhDttxf"
)
"""Some certificate: recordings keep none of those that were sent."""


def _add_certificate(replica: Replica, exchange: Exchange) -> Iterator[str]:
    states.hosted_service(replica, _path(exchange)[2])
    yield (
        f"<CertificateFile {XMLNS}><Data>{CERTIFICATE}</Data><CertificateFormat>cer</CertificateFormat>"
        "<Password/></CertificateFile>"
    )


@cache
def _operation_documents() -> dict[str, RawResponse]:
    """Answers of Get Operation Status in each of its states."""
    replica = Replica("11111111-2222-3333-4444-555555555555")
    some_deployment(replica, "svc", "dep")
    found: dict[str, RawResponse] = {}
    base = "services/hostedservices/svc/deployments/dep"
    request_id = replica.do("POST", f"{base}/roleinstances/vm/Operations", SHUTDOWN)
    found["InProgress"] = replica.send("GET", f"operations/{request_id}")
    replica.finish(request_id)
    found["Succeeded"] = replica.send("GET", f"operations/{request_id}")
    endpoint = (
        "<ConfigurationSets><ConfigurationSet><ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>"
        "<InputEndpoints>"
        + 2
        * (
            "<InputEndpoint><LocalPort>22</LocalPort><Name>{}</Name><Port>22</Port><Protocol>tcp</Protocol>"
            "</InputEndpoint>"
        )
        + "</InputEndpoints></ConfigurationSet></ConfigurationSets>"
    ).format("a", "b")
    request_id = replica.do(
        "PUT",
        f"{base}/roles/vm",
        f"<PersistentVMRole {XMLNS}><RoleName>vm</RoleName>{endpoint}</PersistentVMRole>",
    )
    replica.finish(request_id)
    found["Failed"] = replica.send("GET", f"operations/{request_id}")
    return found


def operation_problem(exchange: Exchange) -> str:
    """Compare an operation's document: which operation it was doesn't show in it, only how it stands."""
    recorded = parse(exchange["response_body"])
    response = _operation_documents()[text(recorded, "Status")]
    problem = difference(exchange, response)
    ours = parse(response.body.decode())
    for path in ("HttpStatusCode", "Error/Code", "Error/Message"):
        if not problem and text(recorded, path) != text(ours, path):
            return f"{path} is {text(ours, path)!r}, not {text(recorded, path)!r}"
    return problem


WAYS: Final[dict[str, Preparation]] = {
    "affinitygroup.create": _group_write,
    "affinitygroup.delete": _group_write,
    "affinitygroup.get": _groups,
    "affinitygroup.list": _groups,
    "affinitygroup.update": _group_write,
    "certificate.add": _add_certificate,
    "datadisk.add": _write_below_deployment,
    "datadisk.delete": _write_below_deployment,
    "deployment.create": _create_deployment,
    "deployment.delete": _write_below_deployment,
    "deployment.delete_by_slot": _write_below_deployment,
    "deployment.delete_media": _write_below_deployment,
    "deployment.get_by_slot": _get_deployment,
    "disk.add": _add_disk,
    "disk.delete": _disk_of_path,
    "disk.delete_media": _disk_of_path,
    "disk.get": _disks,
    "disk.list": _disks,
    "extension.list": _nothing,
    "hostedservice.create": _create_hosted_service,
    "hostedservice.delete": _service_of_path,
    "hostedservice.get": _hosted_services,
    "hostedservice.get_detail": _hosted_service_detail,
    "hostedservice.list": _hosted_services,
    "image.add": _add_image,
    "image.delete": _image_of_path,
    "image.delete_media": _image_of_path,
    "image.get": _image,
    "image.list": _nothing,
    "loadbalancer.add": _write_below_deployment,
    "loadbalancer.delete": _write_below_deployment,
    "location.list": _nothing,
    "network.check_ip": _check_address,
    "network.get_config": _network_text,
    "network.list_sites": _sites,
    "network.set_config": _set_network,
    "provider.register": _provider,
    "reservedip.get": _reserved_ips,
    "reservedip.list": _reserved_ips,
    "role.add": _write_below_deployment,
    "role.delete": _write_below_deployment,
    "role.get": _get_role,
    "role.update": _write_below_deployment,
    "roleinstance.operation": _write_below_deployment,
    "rolesize.list": _nothing,
    "storageaccount.check_name": _check_account_name,
    "storageaccount.create": _create_account,
    "storageaccount.delete": _account_of_path,
    "storageaccount.get": _accounts,
    "storageaccount.keys": _account_of_path,
    "storageaccount.list": _accounts,
    "storageaccount.regenerate_keys": _account_of_path,
    "storageaccount.update": _account_of_path,
    "vmimage.list": _vm_images,
}
