"""Recorded sequences, asked of one local service step by step, in their order and on their clock.

What a sequence found there already is brought about when it is first asked for. What a recorded client wrote
isn't kept in most recordings; it is told from the paths and from what was read later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tools.fidelity import answering, states
from tools.fidelity.recording import Exchange, Finding, children, parse, text
from tools.fidelity.states import XMLNS, CannotBe, Replica, element

if TYPE_CHECKING:
    from azure_iaas.wire.messages import RawResponse

Flow = dict[str, Any]
Step = dict[str, Any]

LEFT_OUT: Final = ("nsg.", "provider.")
"""Steps that aren't operations of the local service, or have nothing to do with the rest."""


@dataclass(slots=True)
class Replay:
    """One sequence on its way."""

    flow: Flow
    exchanges: dict[str, Exchange]
    replica: Replica
    ids: dict[str, str] = field(default_factory=dict)
    outstanding: list[str] = field(default_factory=list)
    compared: int = 0

    def settle(self) -> None:
        """Let everything that was accepted end."""
        for request_id in self.outstanding:
            self.replica.finish(request_id)
        self.outstanding.clear()

    def exchange(self, step: Step) -> Exchange:
        """The exchange a step is, with its own path."""
        return {**self.exchanges[step["exchange"]], "path": step["path"]}

    def deployed(self, service: str) -> tuple[str, list[str]]:
        """Name and roles of the deployment that the sequence has in a service."""
        name, roles = "", []
        for step in self.flow["steps"]:
            match = re.search(
                rf"/hostedservices/{re.escape(service)}/deployments/([^/?]+)(?:/role(?:s|instances)/([^/?]+))?",
                step["path"],
                re.IGNORECASE,
            )
            if match:
                name = name or match[1]
                roles += [match[2]] if match[2] else []
            if step["operation"] == "deployment.get_by_slot" and step["status"] == 200:
                tree = parse(self.exchanges[step["exchange"]]["response_body"])
                if f"/{service.lower()}/" in step["path"].lower():
                    name = name or text(tree, "Name")
                    roles += [text(each, "RoleName") for each in children(tree, "RoleList/Role")]
        unique = {role.lower(): role for role in roles if role}
        return name or service, list(unique.values()) or ["vm"]


def compare(flow: Flow, exchanges: dict[str, Exchange]) -> tuple[Finding, int]:
    """Replay one sequence.

    Returns:
        what came of it, and how many steps were compared.
    """
    first = flow["steps"][0]["path"].split("/")[1].lower()
    replay = Replay(flow, exchanges, Replica(first))
    begun = replay.replica.now
    identity = f"{flow['source']} {flow['recording']} {flow['scope']}"
    if any(exchanges[step["exchange"]]["kind"] != "recorded" for step in flow["steps"]):
        return Finding("flows", "flows", "not compared", identity, "made by hand"), 0
    for step in flow["steps"]:
        replay.replica.now = max(replay.replica.now, begun + timedelta(seconds=step["t"] or 0))
        try:
            problem = _compare_step(replay, step)
        except CannotBe as reason:
            return Finding("flows", "flows", "not compared", identity, str(reason)[:120]), replay.compared
        if problem:
            difference = f"{step['operation']}: {problem}"
            return Finding("flows", "flows", "differs", identity, difference), replay.compared
    return Finding("flows", "flows", "agreed", identity), replay.compared


def _compare_step(replay: Replay, step: Step) -> str:
    operation, status = step["operation"], step["status"]
    if operation.startswith(LEFT_OUT) or status == 307 or step.get("hand_edited"):
        return ""
    exchange = replay.exchange(step)
    if exchange.get("hand_edited"):
        return ""
    path = "/".join(step["path"].split("/")[2:])
    if operation == "operation.get":
        return _compare_poll(replay, step, exchange)
    if step["method"] == "GET":
        return _compare_read(replay, step, exchange, path)
    if status >= 300:
        # Refusals depend on documents that weren't kept; each is compared by itself.
        return ""
    replay.settle()
    body = _written(replay, exchange, step)
    if operation.startswith("disk.delete"):
        path = _own_disk(replay, path)
    response = replay.replica.send(step["method"], path, body)
    replay.compared += 1
    if response.status == status:
        ours = response.headers["x-ms-request-id"]
        replay.ids[step["request_id"]] = ours
        if status == 202:
            replay.outstanding.append(ours)
        return ""
    return f"{response.status} {response.body.decode()[-200:]}, not {status}"


def _compare_poll(replay: Replay, step: Step, exchange: Exchange) -> str:
    ours = replay.ids.get(step["path"].rpartition("/")[2].replace("-", ""))
    if ours is None or not exchange["response_body"]:
        return ""
    wanted = text(parse(exchange["response_body"]), "Status")
    if wanted != "InProgress":
        replay.replica.finish(ours)
    response = replay.replica.send("GET", f"operations/{ours}")
    replay.compared += 1
    status = text(parse(response.body.decode()), "Status")
    # How long an operation takes is drawn; one that has ended before the recorded one isn't a difference.
    return (
        ""
        if status == wanted or (wanted, status) == ("InProgress", "Succeeded")
        else f"{status}, not {wanted}"
    )


def _compare_read(replay: Replay, step: Step, exchange: Exchange, path: str) -> str:
    replica, status = replay.replica, step["status"]
    response: RawResponse = replica.send("GET", path)
    if status == 404 and response.status == 200:
        replay.settle()
        replica.wait(5.0)
        response = replica.send("GET", path)
    if status == 404 and response.status == 200 and step["operation"] == "deployment.get_by_slot":
        # The deletion isn't in the recording: its requests were kept by scope, and this scope begins later.
        replica.done("DELETE", path)
        response = replica.send("GET", path)
    if status == 200 and response.status == 404:
        replay.settle()
        _bring_about(replay, exchange)
        response = replica.send("GET", path)
    replay.compared += 1
    return "" if response.status == status else f"{response.status}, not {status}"


def _bring_about(replay: Replay, exchange: Exchange) -> None:
    segments = exchange["path"].partition("?")[0].split("/")[2:]
    if "deployments" in segments or "deploymentslots" in segments:
        role = segments[6] if len(segments) > 6 else ""
        _have_role(replay, segments[2], role)
        return
    way = answering.WAYS.get(exchange["operation"])
    if way is not None:
        for _ in way(replay.replica, exchange) or ():
            break


def _have_role(replay: Replay, service: str, role: str) -> None:
    """Have a service with its deployment, and this role in it."""
    replica = replay.replica
    states.hosted_service(replica, service)
    name, roles = replay.deployed(service)
    base = f"services/hostedservices/{service}"
    if not replica.there(f"{base}/deploymentslots/Production"):
        answering.some_deployment(replica, service, name, *roles)
    elif role and not replica.there(f"{base}/deployments/{name}/roles/{role}"):
        document = states.machine(replica, answering.some_role(role), "PersistentVMRole")
        replica.done("POST", f"{base}/deployments/{name}/roles", document)
        replica.wait(600.0)


def _own_disk(replay: Replay, path: str) -> str:
    """The path of our disk for a recorded one's: names the service made end in the time they were made at."""
    stem = path.rpartition("/")[2].partition("?")[0].rpartition("-")[0]
    disks = replay.replica.send("GET", "services/disks").body.decode()
    for name in re.findall(r"<Disk>.*?<Name>(.*?)</Name>", disks):
        if stem and name.startswith(f"{stem}-"):
            # A disk whose machine went is let go a while later.
            replay.replica.wait(600.0)
            return path.replace(path.rpartition("/")[2].partition("?")[0], name)
    return path


def _later(replay: Replay, step: Step) -> list[Step]:
    steps: list[Step] = replay.flow["steps"]
    return steps[steps.index(step) + 1 :]


def _created(replay: Replay, step: Step, kind: str, fallback: str) -> str:
    """Name of what a creation made: what is asked for next. Equal answers were kept once, with one name."""
    for later in _later(replay, step):
        match = re.search(rf"/{kind}/([^/?]+)", later["path"], re.IGNORECASE)
        if match and match[1].lower() != "operations":
            return match[1]
        if later["operation"] == step["operation"]:
            break
    return fallback


def _fails(replay: Replay, step: Step) -> bool:
    """Whether the recorded operation failed in the end."""
    return any(
        later["operation"] == "operation.get"
        and later["path"].endswith(f"/{step['request_id']}")
        and str(later.get("state")).startswith("Failed")
        for later in _later(replay, step)
    )


def _captures(replay: Replay, step: Step, service: str) -> bool:
    """Whether an operation on an instance took it away: the service could be deleted right after it."""
    for later in _later(replay, step):
        if f"/hostedservices/{service}".lower() not in later["path"].lower():
            continue
        if later["operation"] == "hostedservice.delete":
            return True
        if later["method"] != "GET":
            return False
    return False


CLASH: Final = "".join(
    f"<InputEndpoint><LocalPort>22</LocalPort><Name>{name}</Name><Port>22</Port><Protocol>tcp</Protocol>"
    "</InputEndpoint>"
    for name in ("one", "two")
)
"""All recorded failures are of two endpoints on one port."""
CAPTURE: Final = (
    f"<CaptureRoleOperation {XMLNS}><OperationType>CaptureRoleOperation</OperationType>"
    "<PostCaptureAction>Delete</PostCaptureAction><TargetImageLabel>l</TargetImageLabel>"
    "<TargetImageName>captured-image</TargetImageName></CaptureRoleOperation>"
)


def _clashing(document: str) -> str:
    network = (
        "<ConfigurationSet><ConfigurationSetType>NetworkConfiguration</ConfigurationSetType>"
        f"<InputEndpoints>{CLASH}</InputEndpoints></ConfigurationSet>"
    )
    if "</ConfigurationSets>" in document:
        return document.replace("</ConfigurationSets>", f"{network}</ConfigurationSets>", 1)
    return document.replace("</RoleName>", f"</RoleName><ConfigurationSets>{network}</ConfigurationSets>", 1)


def _written(replay: Replay, exchange: Exchange, step: Step) -> str:
    """The document a recorded client sent, as it is or made up; what it needs is brought about."""
    replica, operation = replay.replica, exchange["operation"]
    segments = exchange["path"].partition("?")[0].split("/")[2:]
    body: str = exchange["request_body"] or ""
    name = (exchange["response_headers"].get("location") or "").rpartition("/")[2]
    if operation == "hostedservice.create":
        name = _created(replay, step, "hostedservices", name)
        return body or (
            f"<CreateHostedService {XMLNS}>{element('ServiceName', name)}<Label>bA==</Label>"
            "<Location>West US</Location></CreateHostedService>"
        )
    if operation == "storageaccount.create":
        group = re.search("<AffinityGroup>(.*?)</AffinityGroup>", body)
        if group:
            states.affinity_group(replica, group[1])
        return body or (
            f"<CreateStorageServiceInput {XMLNS}>{element('ServiceName', name)}<Label>bA==</Label>"
            "<Location>West US</Location></CreateStorageServiceInput>"
        )
    if operation == "affinitygroup.create" and not body:
        return (
            f"<CreateAffinityGroup {XMLNS}>{element('Name', name)}<Label>bA==</Label>"
            "<Location>West US</Location></CreateAffinityGroup>"
        )
    if operation == "deployment.create":
        document = _prepared(replica, exchange) if body else _deployment(replay, segments[2])
        return _clashing(document) if _fails(replay, step) and not body else document
    if len(segments) > 4 and segments[1] == "hostedservices":
        role = segments[6] if len(segments) > 6 and operation != "loadbalancer.delete" else ""
        _have_role(replay, segments[2], "" if operation == "role.add" else role)
    if operation == "roleinstance.operation" and not body and _captures(replay, step, segments[2]):
        return CAPTURE
    document = _below(replay, exchange, segments, body)
    return _clashing(document) if _fails(replay, step) and not body else document


def _prepared(replica: Replica, exchange: Exchange) -> str:
    for body in answering.prepare(replica, exchange):
        return body or str(exchange["request_body"])
    return ""


def _deployment(replay: Replay, service: str) -> str:
    states.hosted_service(replay.replica, service)
    name, roles = replay.deployed(service)
    role = states.machine(replay.replica, answering.some_role(roles[0]), "Role")
    return (
        f"<Deployment {XMLNS}>{element('Name', name)}<DeploymentSlot>Production</DeploymentSlot>"
        f"<Label>l</Label><RoleList>{role}</RoleList></Deployment>"
    )


def _below(replay: Replay, exchange: Exchange, segments: list[str], body: str) -> str:
    """Documents of writes on something that exists; what isn't there is made."""
    replica, operation = replay.replica, exchange["operation"]
    base = "/".join(segments[:5])
    if operation == "datadisk.delete":
        lun = segments[8]
        disks = "/".join(segments[:8])
        if not replica.there(f"{disks}/{lun}"):
            replica.done("POST", disks, _data_disk(lun))
    elif operation == "datadisk.add" and not body:
        taken = {lun for lun in range(16) if replica.there(f"{'/'.join(segments[:8])}/{lun}")}
        return _data_disk(str(min(set(range(16)) - taken)))
    elif operation == "loadbalancer.add":
        return f"<LoadBalancer {XMLNS}><Name>testload</Name></LoadBalancer>"
    elif operation == "loadbalancer.delete":
        states.hosted_service(replica, segments[2])
        deployment = replica.send("GET", base).body.decode()
        if f"<Name>{segments[6]}</Name>" not in deployment:
            name = element("Name", segments[6])
            replica.done("POST", f"{base}/loadbalancers", f"<LoadBalancer {XMLNS}>{name}</LoadBalancer>")
    elif operation == "role.update" and not body:
        return f"<PersistentVMRole {XMLNS}>{element('RoleName', segments[6])}</PersistentVMRole>"
    elif operation == "roleinstance.operation" and not body:
        return answering.SHUTDOWN
    elif not operation.startswith(("deployment.", "role", "datadisk")):
        for made in answering.prepare(replica, exchange):
            return made or body
    return body


def _data_disk(lun: str) -> str:
    return (
        f"<DataVirtualHardDisk {XMLNS}>{element('Lun', lun)}<LogicalDiskSizeInGB>10</LogicalDiskSizeInGB>"
        "</DataVirtualHardDisk>"
    )
