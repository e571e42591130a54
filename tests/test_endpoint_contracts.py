"""The contract reader: blanks around words don't matter, and free text is kept to the letter."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from azure_iaas.emulator import routes as _routes  # noqa: F401 - every contract there is
from azure_iaas.endpoint.contracts import Contract, ListOf, read_body
from azure_iaas.endpoint.refusals import Refusal
from tests.emulator_driver import (
    XMLNS,
    Driver,
    deployment,
    element,
    endpoint,
    linux,
    network_configuration,
    network_set,
    network_site,
    vm_role,
)

if TYPE_CHECKING:
    from azure_iaas.endpoint.contracts import Kind

DEP = "services/hostedservices/svc/deployments/dep"
BLANK = "\n\t word  with blanks \r\n"
CONTRACT = Contract("Root", {"Word": "text", "Text": "verbatim", "Words": ListOf(("Word",), "text")})


def test_words_are_read_without_blanks_around_them() -> None:
    document = f"<Root {XMLNS}><Word>{BLANK}</Word><Text>{BLANK}</Text><Words><Word> a </Word></Words></Root>"
    wanted = {"Word": "word  with blanks", "Text": BLANK.replace("\r\n", "\n"), "Words": ["a"]}
    assert read_body(document.encode(), roots={"Root": CONTRACT}, json=False, strict=True) == ("Root", wanted)
    source = '{"Word": " word  with blanks ", "Text": " \\t", "Words": [" a "]}'
    assert read_body(source.encode(), roots={"Root": CONTRACT}, json=True, strict=True)[1] == {
        "Word": "word  with blanks",
        "Text": " \t",
        "Words": ["a"],
    }


def test_a_required_word_of_blanks_is_missing() -> None:
    contract = Contract("Root", {"Word": "text"}, frozenset({"Word"}))
    document = f"<Root {XMLNS}><Word> </Word></Root>".encode()
    with pytest.raises(Refusal, match="'Root/Word' is required"):
        read_body(document, roots={"Root": contract}, json=False, strict=True)


def _kinds(kind: Kind, name: str, found: dict[str, set[str]], seen: set[int]) -> None:
    if isinstance(kind, str):
        found.setdefault(name, set()).add(kind)
    elif isinstance(kind, ListOf):
        _kinds(kind.kind, name, found, seen)
    elif isinstance(kind, Contract) and id(kind) not in seen:
        seen.add(id(kind))
        for each, inner in kind.members.items():
            _kinds(inner, each, found, seen)


def test_secrets_and_descriptions_are_verbatim_everywhere_and_nothing_is_both() -> None:
    found: dict[str, set[str]] = {}
    seen: set[int] = set()
    for name, module in list(sys.modules.items()):
        if name.startswith("azure_iaas.emulator") and name.endswith("contract"):
            for each in vars(module).values():
                if isinstance(each, Contract | ListOf):
                    _kinds(each, name, found, seen)
    assert [name for name, kinds in found.items() if kinds == {"text", "verbatim"}] == []
    verbatim = {name for name, kinds in found.items() if kinds == {"verbatim"}}
    assert verbatim >= {
        "AdminPassword",
        "UserPassword",
        "Password",
        "CustomData",
        "Label",
        "Description",
    }
    assert not verbatim & {"OperationType", "PostShutdownAction", "Protocol", "Location", "DeploymentSlot"}


@pytest.mark.parametrize("root", ["ShutdownRoleOperation", "StartRoleOperation"])
def test_an_operation_type_with_a_blank_behind_it(root: str) -> None:
    driver = Driver()
    driver.create_service()
    driver.create_deployment()
    action = "<PostShutdownAction>\n StoppedDeallocated </PostShutdownAction>" if "Shut" in root else ""
    body = f"<{root} {XMLNS}><OperationType>{root} </OperationType>{action}</{root}>"
    assert "Succeeded" in driver.done("POST", f"{DEP}/roleinstances/vm0/Operations", body)
    if action:
        driver.wait(600)
        assert driver.states()["vm0"][0] == "StoppedDeallocated"


def test_a_deployment_written_with_blanks_around_every_word() -> None:
    driver = Driver()
    driver.done(
        "PUT",
        "services/networking/media",
        network_configuration(network_site("net1", {"front": "10.1.1.0/24"})),
    )
    driver.create_service()
    sets = linux() + network_set(
        endpoint("ssh", 22),
        subnets=(" front\n",),
        static=" 10.1.1.9 ",
        more="<IPForwarding> Enabled </IPForwarding>",
    )
    role = vm_role(" vm0 ", root="Role", size=" Small ", provisioning=sets)
    body = deployment(
        " dep ", role, " Production ", after="<VirtualNetworkName>\nnet1\n</VirtualNetworkName>"
    )
    assert "Succeeded" in driver.done(
        "POST", "services/hostedservices/svc/deployments", body.replace(">tcp<", "> TCP <")
    )
    driver.wait(600)
    text = driver.get(DEP)
    assert "<RoleSize>Small</RoleSize>" in text
    assert "<IPForwarding>Enabled</IPForwarding>" in text
    assert "<Protocol>tcp</Protocol>" in text
    assert (element(text, "IpAddress"), element(text, "SubnetName")) == ("10.1.1.9", "front")
