"""The local service: endpoints of machines, their front ends, ports and load balanced sets."""

from __future__ import annotations

import re
from typing import Any

import pytest

from azure_iaas.emulator.world import Quotas
from tests.emulator_driver import (
    XMLNS,
    Driver,
    deployment,
    element,
    endpoint,
    network,
    vm_role,
)

SERVICE = "services/hostedservices/svc"
DEP = f"{SERVICE}/deployments/dep"


@pytest.fixture
def driver() -> Driver:
    driver = Driver()
    driver.create_service()
    return driver


def behind(document: str, **front: str) -> str:
    """An endpoint with a front end: ``LoadBalancerName`` or ``VirtualIPName``."""
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in front.items())
    return document.replace("</InputEndpoint>", f"{inner}</InputEndpoint>")


def probe(**values: object) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f"<LoadBalancerProbe>{inner}</LoadBalancerProbe>"


def acl(*rules: str) -> str:
    return f"<EndpointAcl><Rules>{''.join(rules)}</Rules></EndpointAcl>"


def rule(order: object = 1, action: str = "permit", subnet: str = "10.0.0.0/8") -> str:
    said = "" if order is None else f"<Order>{order}</Order>"
    return f"<Rule>{said}<Action>{action}</Action><RemoteSubnet>{subnet}</RemoteSubnet></Rule>"


def member(
    name: str = "web",
    *,
    port: int | None = 80,
    local: int = 8080,
    protocol: str = "tcp",
    probed: str = "",
    direct: str = "",
    rules: str = "",
    after: str = "",
) -> str:
    """An endpoint of the load balanced set ``farm``, in the order of the contract."""
    public = "" if port is None else f"<Port>{port}</Port>"
    returned = f"<EnableDirectServerReturn>{direct}</EnableDirectServerReturn>" if direct else ""
    return (
        f"<InputEndpoint><LoadBalancedEndpointSetName>farm</LoadBalancedEndpointSetName><LocalPort>{local}"
        f"</LocalPort><Name>{name}</Name>{public}{probed}<Protocol>{protocol}</Protocol>{returned}{rules}"
        f"{after}"
        "</InputEndpoint>"
    )


def add(driver: Driver, name: str, endpoints: str) -> str:
    return driver.done("POST", f"{DEP}/roles", vm_role(name, endpoints=endpoints))


def update(name: str, endpoints: str) -> tuple[str, str, str]:
    body = (
        f"<PersistentVMRole {XMLNS}><ConfigurationSets>{network(endpoints)}</ConfigurationSets>"
        "</PersistentVMRole>"
    )
    return "PUT", f"{DEP}/roles/{name}", body


def in_use(port: int) -> str:
    return f"<Message>Port {port} is already in use by one of the endpoints in this deployment."


# One endpoint

PORTS = "'a number between 1 to 65535'"


def invalid(value: object, parameter: str, allowed: str) -> str:
    return f"Value '{value}' specified for parameter '{parameter}' is invalid. Allowed values are {allowed}."


def with_parts(*, before: str = "", after: str = "") -> str:
    return (
        f"<InputEndpoint><LocalPort>80</LocalPort><Name>web</Name><Port>80</Port>{before}<Protocol>tcp</P"
        f"rotocol>"
        f"{after}</InputEndpoint>"
    )


REFUSED = {
    "no name": (
        with_parts().replace("<Name>web</Name>", ""),
        "InputEndpoint has a missing, misspelled or out of order element.",
    ),
    "no protocol": (
        with_parts().replace("<Protocol>tcp</Protocol>", ""),
        "InputEndpoint has a missing, misspelled or out of order element.",
    ),
    "no local port": (
        with_parts().replace("<LocalPort>80</LocalPort>", ""),
        invalid(0, "InputEndpoint.LocalPort", PORTS),
    ),
    "a port out of range": (
        with_parts().replace("<Port>80<", "<Port>65536<"),
        invalid(65536, "InputEndpoint.Port", PORTS),
    ),
    "a protocol of its own": (
        with_parts().replace(">tcp<", ">icmp<"),
        invalid("icmp", "InputEndpoint.Protocol", "'tcp, udp'"),
    ),
    "a name twice": (
        with_parts() + with_parts().replace("80", "81").replace(">web<", ">WEB<"),
        "The endpoint name 'WEB' is used more than once.",
    ),
    "a probe without a port": (
        with_parts(before=probe(Protocol="tcp", IntervalInSeconds=20)),
        invalid(0, "LoadBalancerProbe.Port", PORTS),
    ),
    "a probe of its own protocol": (
        with_parts(before=probe(Port=80, Protocol="udp")),
        invalid("udp", "LoadBalancerProbe.Protocol", "'tcp, http'"),
    ),
    "an http probe without a path": (
        with_parts(before=probe(Port=80, Protocol="http")),
        invalid("", "LoadBalancerProbe.Path", "'a relative path for http, none for tcp'"),
    ),
    "a tcp probe with a path": (
        with_parts(before=probe(Path="/up", Port=80, Protocol="tcp")),
        invalid("/up", "LoadBalancerProbe.Path", "'a relative path for http, none for tcp'"),
    ),
    "a probe too often": (
        with_parts(before=probe(Port=80, Protocol="tcp", IntervalInSeconds=4)),
        invalid(4, "LoadBalancerProbe.IntervalInSeconds", "'a number from 5 on'"),
    ),
    "a probe too short": (
        with_parts(before=probe(Port=80, Protocol="tcp", TimeoutInSeconds=10)),
        invalid(10, "LoadBalancerProbe.TimeoutInSeconds", "'a number from 11 on'"),
    ),
    "a probe given up before the next": (
        with_parts(before=probe(Port=80, Protocol="tcp", IntervalInSeconds=20, TimeoutInSeconds=20)),
        invalid(20, "LoadBalancerProbe.TimeoutInSeconds", "'a number above that of IntervalInSeconds'"),
    ),
    "a rule without an order": (
        with_parts(after=acl(rule(None))),
        "The value for parameter 'EndpointAcl.Rules.Rule.Order' is null or empty.",
    ),
    "a rule without a subnet": (
        with_parts(after=acl(rule(subnet=""))),
        "The value for parameter 'EndpointAcl.Rules.Rule.RemoteSubnet' is null or empty.",
    ),
    "a rule that does neither": (
        with_parts(after=acl(rule(action="ask"))),
        invalid("ask", "EndpointAcl.Rules.Rule.Action", "'permit, deny'"),
    ),
    "a rule for no subnet": (
        with_parts(after=acl(rule(subnet="10.0.0.0/33"))),
        invalid("10.0.0.0/33", "EndpointAcl.Rules.Rule.RemoteSubnet", "'an IPv4 subnet'"),
    ),
    "a rule before all": (
        with_parts(after=acl(rule(-1))),
        invalid(-1, "EndpointAcl.Rules.Rule.Order", "'a number from 0 on'"),
    ),
    "two rules of one order": (
        with_parts(after=acl(rule(1), rule(1, "deny"))),
        "The order '1' is used by more than one rule of an endpoint ACL.",
    ),
    "51 rules": (
        with_parts(after=acl(*map(rule, range(51)))),
        "No more than 50 rules of an endpoint ACL are allowed.",
    ),
    "a time-out too long": (
        with_parts(after="<IdleTimeoutInMinutes>31</IdleTimeoutInMinutes>"),
        invalid(31, "InputEndpoint.IdleTimeoutInMinutes", "'a number between 4 to 30'"),
    ),
    "a distribution of its own": (
        with_parts(after="<LoadBalancerDistribution>random</LoadBalancerDistribution>"),
        invalid("random", "InputEndpoint.LoadBalancerDistribution", "'sourceIP, sourceIPProtocol, none'"),
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_endpoint_that_cannot_be_is_refused_at_once(driver: Driver, what: str) -> None:
    endpoints, message = REFUSED[what]
    body = deployment("dep", vm_role("vm0", root="Role", endpoints=endpoints))
    assert driver.refused("POST", f"{SERVICE}/deployments", body) == (400, "BadRequest", message)
    driver.create_deployment()
    assert driver.refused("POST", f"{DEP}/roles", vm_role("vm1", endpoints=endpoints))[2] == message
    assert driver.refused(*update("vm0", endpoints))[2] == message


def test_what_an_endpoint_may_say_is_kept(driver: Driver) -> None:
    said = with_parts(
        before=probe(Path="up", Port=81, Protocol="HTTP", IntervalInSeconds=18, TimeoutInSeconds=31),
        after=acl(rule(3), rule(0, "Deny", "10.0.0.1")) + "<IdleTimeoutInMinutes>30</IdleTimeoutInMinutes>"
        "<LoadBalancerDistribution>SourceIP</LoadBalancerDistribution>",
    )
    driver.create_deployment(endpoints=said)
    text = driver.get(f"{DEP}/roles/vm0")
    assert probe(Path="up", Port=81, Protocol="http", IntervalInSeconds=18, TimeoutInSeconds=31) in text
    assert acl(rule(3), rule(0, "deny", "10.0.0.1")) in text
    assert "<LoadBalancerDistribution>sourceIP<" in text


def test_fifty_rules_are_taken(driver: Driver) -> None:
    driver.create_deployment(endpoints=with_parts(after=acl(*map(rule, range(50)))))
    assert driver.get(f"{DEP}/roles/vm0").count("<Rule>") == 50


def test_direct_server_return_to_another_port_is_taken(driver: Driver) -> None:
    """As recorded, whatever the reference says."""
    driver.create_deployment(endpoints=member(direct="true"))
    assert "<EnableDirectServerReturn>true<" in driver.get(f"{DEP}/roles/vm0")


def test_a_service_has_so_many_endpoints() -> None:
    quotas = Quotas(endpoints_per_service=3)
    driver = Driver(quotas=quotas)
    driver.create_service()
    driver.create_deployment(endpoints=endpoint("a", 1) + endpoint("b", 2))
    message = "No more than 3 input endpoints of a cloud service are allowed."
    two = endpoint("a", 3) + endpoint("b", 4)
    assert driver.refused("POST", f"{DEP}/roles", vm_role("vm1", endpoints=two))[2] == message
    assert "Succeeded" in add(driver, "vm1", endpoint("a", 3))
    assert driver.refused(*update("vm1", two))[2] == message
    assert "Succeeded" in driver.done(*update("vm1", endpoint("b", 4)))
    assert "Succeeded" in add(driver, "vm2", "")
    staging = deployment("other", vm_role("vm0", root="Role", endpoints=endpoint("a", 1)), "Staging")
    assert driver.refused("POST", f"{SERVICE}/deployments", staging)[2] == message


# Front ends


def test_a_port_is_one_endpoints_of_an_address(driver: Driver) -> None:
    driver.create_deployment(endpoints=endpoint("a", 80) + endpoint("b", 80, protocol="udp"))
    assert in_use(80) in add(driver, "vm1", endpoint("a", 80))
    assert list(driver.states()) == ["vm0"]
    driver.done("POST", f"{DEP}/second")
    assert "Succeeded" in add(driver, "vm1", behind(endpoint("a", 80), VirtualIPName="SECOND"))
    assert in_use(80) in add(driver, "vm2", behind(endpoint("a", 80), VirtualIPName="second"))
    driver.done("POST", f"{DEP}/loadbalancers", f"<LoadBalancer {XMLNS}><Name>inner</Name></LoadBalancer>")
    both = behind(endpoint("a", 80), LoadBalancerName="inner") + endpoint("b", 81)
    assert "Succeeded" in add(driver, "vm2", both)
    assert in_use(80) in driver.done(*update("vm1", behind(endpoint("a", 80), LoadBalancerName="Inner")))
    text = driver.get(DEP)
    vips = {
        element(each, "Name"): element(each, "Address")
        for each in re.findall("<VirtualIP>.*?</VirtualIP>", text)
    }
    assert len({*vips.values()}) == 2
    roles = re.search("<RoleList>.*</RoleList>", text)
    assert roles is not None
    shown = re.findall(r"<Name>(\w+)</Name><Port>(\d+)</Port><Protocol>(\w+)</Protocol><Vip>(.*?)<", roles[0])
    inner = shown[3][3]
    assert shown == [
        ("a", "80", "tcp", vips["svcContractContract"]),
        ("b", "80", "udp", vips["svcContractContract"]),
        ("a", "80", "tcp", vips["second"]),
        ("a", "80", "tcp", inner),
        ("b", "81", "tcp", vips["svcContractContract"]),
    ]
    assert inner.startswith("10.")


def test_a_port_twice_in_one_role(driver: Driver) -> None:
    driver.create_deployment()
    assert in_use(80) in add(driver, "vm1", endpoint("a", 80) + endpoint("b", 80))
    assert in_use(80) in add(driver, "vm1", member("a") + member("b"))


def test_the_first_virtual_ip_may_be_named(driver: Driver) -> None:
    driver.create_deployment(endpoints=behind(endpoint("a", 80), VirtualIPName="svcContractContract"))
    assert "<VirtualIPName>svcContractContract</VirtualIPName>" in driver.get(DEP)
    assert in_use(80) in add(driver, "vm1", endpoint("a", 80))


@pytest.mark.parametrize(
    ("front", "message"),
    [
        ({"VirtualIPName": "third"}, "The virtual IP 'third' does not exist."),
        ({"LoadBalancerName": "third"}, "The load balancer 'third' does not exist."),
        (
            {"LoadBalancerName": "inner", "VirtualIPName": "second"},
            invalid("second", "InputEndpoint.VirtualIPName", "'none beside LoadBalancerName'"),
        ),
    ],
)
def test_front_ends_must_be_there(driver: Driver, front: dict[str, str], message: str) -> None:
    lost = behind(endpoint("a", 80), **front)
    if len(front) == 1:
        body = deployment("dep", vm_role("vm0", root="Role", endpoints=lost))
        assert driver.refused("POST", f"{SERVICE}/deployments", body) == (400, "BadRequest", message)
    driver.create_deployment()
    driver.done("POST", f"{DEP}/second")
    assert driver.refused("POST", f"{DEP}/roles", vm_role("vm1", endpoints=lost))[2] == message
    assert driver.refused(*update("vm0", lost))[2] == message


def test_front_ends_in_use_cannot_be_deleted(driver: Driver) -> None:
    driver.create_deployment()
    driver.done("POST", f"{DEP}/Second")
    driver.done("POST", f"{DEP}/loadbalancers", f"<LoadBalancer {XMLNS}><Name>inner</Name></LoadBalancer>")
    driver.done(
        *update(
            "vm0",
            behind(endpoint("a", 80), VirtualIPName="second")
            + behind(endpoint("b", 80), LoadBalancerName="inner"),
        )
    )
    assert driver.refused("DELETE", f"{DEP}/virtualips/second") == (
        400,
        "BadRequest",
        "The virtual IP 'second' is in use.",
    )
    assert driver.refused("DELETE", f"{DEP}/loadbalancers/inner") == (
        400,
        "BadRequest",
        "The load balancer 'inner' is in use.",
    )
    driver.done(*update("vm0", endpoint("c", 80)))
    for path in ("virtualips/second", "loadbalancers/inner"):
        assert "Succeeded" in driver.done("DELETE", f"{DEP}/{path}")


def test_a_further_virtual_ip_has_an_address_while_it_is_used(driver: Driver) -> None:
    driver.create_deployment(endpoints=endpoint("a", 80))
    driver.done("POST", f"{DEP}/second")
    unused = "<VirtualIP><IsDnsProgrammed>false</IsDnsProgrammed><Name>second</Name></VirtualIP>"
    assert unused in driver.get(DEP)
    assert driver.refused("POST", f"{DEP}/SECOND")[0] == 409
    assert driver.refused("POST", f"{DEP}/svcContractContract")[0] == 409
    driver.done(*update("vm0", behind(endpoint("a", 80), VirtualIPName="second")))
    assert re.search(
        r"<VirtualIP><Address>[0-9.]+</Address><IsDnsProgrammed>false</IsDnsProgrammed><Name>second<",
        driver.get(DEP),
    )
    driver.done(*update("vm0", endpoint("a", 80)))
    assert unused in driver.get(DEP)


def test_remote_desktop_goes_to_the_address_of_its_endpoint(driver: Driver) -> None:
    driver.create_deployment()
    driver.done("POST", f"{DEP}/second")
    driver.done("POST", f"{DEP}/loadbalancers", f"<LoadBalancer {XMLNS}><Name>inner</Name></LoadBalancer>")
    rdp, path = endpoint("rdp", 33890, 3389), f"{DEP}/roleinstances/vm0/ModelFile?FileType=RDP"
    driver.done(*update("vm0", behind(rdp, LoadBalancerName="inner")))
    assert driver.refused("GET", path)[2].startswith("An external endpoint to the Remote Desktop port")
    driver.done(*update("vm0", behind(rdp, VirtualIPName="second")))
    address = element(driver.get(f"{SERVICE}/deploymentslots/production"), "Vip")
    assert f"full address:s:{address}:33890" in driver.get(path)
    driver.done(*update("vm0", rdp))
    assert "full address:s:svc.cloudapp.net:33890" in driver.get(path)


# Load balanced sets


def mismatch(name: str, existing: object, given: object) -> str:
    return (
        "<Code>BadRequest</Code><Message>Endpoint name 'web', property "
        f"'{name}'. The value '{existing}' does not match '{given}' for LB set 'farm'.</Message>"
    )


HTTP = {"Path": "/", "Port": 8080, "Protocol": "http"}


@pytest.mark.parametrize(
    ("one", "other", "message"),
    [
        ({}, {"local": 8081}, mismatch("LocalPort", 8080, 8081)),
        ({}, {"port": 81}, mismatch("Port", 80, 81)),
        ({}, {"protocol": "udp"}, mismatch("Protocol", "tcp", "udp")),
        ({}, {"direct": "true"}, mismatch("EnableDirectServerReturn", False, True)),
        (
            {"probed": probe(**HTTP)},
            {"probed": probe(**{**HTTP, "Port": 1234})},
            mismatch("LoadBalancerProbe.Port", 8080, 1234),
        ),
        (
            {"probed": probe(**HTTP)},
            {"probed": probe(**{**HTTP, "Path": "/up"})},
            mismatch("LoadBalancerProbe.Path", "/", "/up"),
        ),
        (
            {"probed": probe(**HTTP)},
            {"probed": probe(**HTTP, IntervalInSeconds=20)},
            mismatch("LoadBalancerProbe.IntervalInSeconds", 15, 20),
        ),
        (
            {"probed": probe(**HTTP)},
            {"probed": probe(Port=8080, Protocol="tcp")},
            mismatch("LoadBalancerProbe.Protocol", "http", "tcp"),
        ),
        ({"probed": probe(**HTTP)}, {}, mismatch("LoadBalancerProbe.Port", 8080, "")),
        (
            {"after": "<IdleTimeoutInMinutes>5</IdleTimeoutInMinutes>"},
            {},
            mismatch("IdleTimeoutInMinutes", 5, 4),
        ),
        (
            {},
            {"after": "<LoadBalancerDistribution>sourceIP</LoadBalancerDistribution>"},
            mismatch("LoadBalancerDistribution", "none", "sourceIP"),
        ),
    ],
)
def test_members_that_differ_fail_the_operation(
    driver: Driver, one: dict[str, Any], other: dict[str, Any], message: str
) -> None:
    """Reported inside the operation; the value of the others comes first."""
    driver.create_deployment(endpoints=member(**one))
    document = add(driver, "vm1", member("second", **other))
    assert "<Status>Failed</Status><HttpStatusCode>400</HttpStatusCode>" in document
    assert message in document
    assert "Succeeded" in add(driver, "vm1", member("second", **one))
    assert message in driver.done(*update("vm1", member("second", **other)))


def test_defaults_agree_with_what_they_stand_for(driver: Driver) -> None:
    driver.create_deployment(endpoints=member(probed=probe(**HTTP)))
    said: dict[str, Any] = {
        "probed": probe(**HTTP, IntervalInSeconds=15, TimeoutInSeconds=31),
        "direct": "false",
        "after": "<IdleTimeoutInMinutes>4</IdleTimeoutInMinutes>"
        "<LoadBalancerDistribution>none</LoadBalancerDistribution>",
    }
    assert "Succeeded" in add(driver, "vm1", member("another", **said))


def test_the_first_virtual_ip_by_name_agrees_with_the_first_by_none(driver: Driver) -> None:
    driver.create_deployment(endpoints=member())
    driver.done("POST", f"{DEP}/second")
    assert "Succeeded" in add(driver, "vm1", behind(member(), VirtualIPName="svcContractContract"))
    document = add(driver, "vm2", behind(member(), VirtualIPName="second"))
    assert mismatch("VirtualIPName", "", "second") in document


def test_a_lone_member_may_change(driver: Driver) -> None:
    driver.create_deployment(endpoints=member())
    assert "Succeeded" in driver.done(*update("vm0", member(port=81, local=81)))


def test_a_member_without_a_port_gets_the_sets(driver: Driver) -> None:
    driver.create_deployment(endpoints=member(port=4711))
    add(driver, "vm1", member(port=None))
    assert "<Port>4711</Port>" in driver.get(f"{DEP}/roles/vm1")


ONE, TWO = acl(rule()), acl(rule(), rule(2, "deny"))


@pytest.mark.parametrize(
    ("existing", "given", "message"),
    [
        ("", ONE, "Existing endpoints in LB set 'farm' do not contain ACL."),
        (ONE, "", "Existing endpoints in LB set 'farm' contain ACL."),
        (
            ONE,
            TWO,
            (
                "ACL rules do not match for endpoint in 'farm'. Mismatch in rule count. Specified '2'. "
                "Existing '1'."
            ),
        ),
        (
            ONE,
            acl(rule(action="deny")),
            "ACL rules do not match for endpoint in 'farm'. Mismatch in rule with order '1'.",
        ),
        (
            ONE,
            acl(rule(7)),
            "ACL rules do not match for endpoint in 'farm'. Mismatch in rule with order '7'.",
        ),
    ],
)
def test_access_lists_that_differ_are_refused_at_once(
    driver: Driver, existing: str, given: str, message: str
) -> None:
    driver.create_deployment(endpoints=member(rules=existing))
    body = vm_role("vm1", endpoints=member(rules=given))
    assert driver.refused("POST", f"{DEP}/roles", body) == (400, "BadRequest", message)
    assert "Succeeded" in add(driver, "vm1", member(rules=existing))
    assert driver.refused(*update("vm1", member(rules=given))) == (400, "BadRequest", message)


def change(document: str) -> str:
    return f"<LoadBalancedEndpointList {XMLNS}>{document}</LoadBalancedEndpointList>"


def test_a_set_is_changed_as_a_whole(driver: Driver) -> None:
    driver.create_deployment(endpoints=member("one", rules=ONE))
    add(driver, "vm1", member("two", rules=ONE))
    driver.done("POST", f"{DEP}/second")
    changed = member(
        "any",
        port=81,
        local=9090,
        protocol="udp",
        probed=probe(**HTTP),
        rules=TWO,
        after="<LoadBalancerDistribution>sourceIP</LoadBalancerDistribution><VirtualIPName>second</VirtualIPName>",
    )
    assert "Succeeded" in driver.done("POST", f"{DEP}?comp=UpdateLbSet", change(changed))
    texts = [driver.get(f"{DEP}/roles/{name}") for name in ("vm0", "vm1")]
    for text, name in zip(texts, ("one", "two"), strict=True):
        assert (
            f"<LocalPort>9090</LocalPort><Name>{name}</Name><Port>81</Port><LoadBalancerProbe><Path>/</Path>"
            in text
        )
        assert "<Protocol>udp</Protocol>" in text
        assert TWO in text
        assert "<VirtualIPName>second</VirtualIPName>" in text
        assert "<LoadBalancerDistribution>sourceIP<" in text
    assert driver.refused("DELETE", f"{DEP}/virtualips/second")[0] == 400


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (member(probed=probe(Protocol="tcp")), invalid(0, "LoadBalancerProbe.Port", PORTS)),
        (
            member(rules=acl(rule(None))),
            "The value for parameter 'EndpointAcl.Rules.Rule.Order' is null or empty.",
        ),
        (behind(member(), VirtualIPName="third"), "The virtual IP 'third' does not exist."),
    ],
)
def test_a_set_cannot_be_what_an_endpoint_cannot(driver: Driver, document: str, message: str) -> None:
    driver.create_deployment(endpoints=member())
    answer = driver.refused("POST", f"{DEP}?comp=UpdateLbSet", change(document))
    assert answer == (400, "BadRequest", message)


def test_a_set_cannot_take_anothers_port(driver: Driver) -> None:
    driver.create_deployment(endpoints=member() + endpoint("ssh", 22))
    assert in_use(22) in driver.done("POST", f"{DEP}?comp=UpdateLbSet", change(member(port=22)))
    assert "<Port>80</Port>" in driver.get(f"{DEP}/roles/vm0")
