"""Writing: what a caller changed is checked again, nothing is written as a repr, what was read goes back."""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from azure_iaas import models
from azure_iaas.models import documents, options
from azure_iaas.models.base import check_again, for_request, parts
from azure_iaas.wire import codecs
from tests import strategies
from tests.soak import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.wire.messages import Serialization

BOTH: list[Serialization] = ["XML", "JSON"]


def body(model: models.AzureModel, serialization: Serialization = "XML") -> str:
    return codecs.encode(model, root="R", serialization=serialization).decode()


# --- changed in place --------------------------------------------------------------------------------------


WHERE = "configuration_sets[0].input_endpoints[0].endpoint_acl."


def role_with_endpoint() -> tuple[models.VMRole, models.ExternalEndpoint]:
    role = models.VMRole(
        RoleName="r",
        ConfigurationSets=[
            models.NetworkConfiguration(InputEndpoints=[{"Name": "ssh", "EndpointAcl": {"Rules": []}}])
        ],
    )
    network = role.network_configuration
    assert network is not None
    return role, network.input_endpoints[0]


@pytest.mark.parametrize("serialization", BOTH)
def test_a_mapping_put_into_a_list_is_the_object_it_describes(serialization: Serialization) -> None:
    role, endpoint = role_with_endpoint()
    assert endpoint.endpoint_acl is not None
    rule: Any = {"Order": 1, "Action": "deny", "RemoteSubnet": "0.0.0.0/0"}
    endpoint.endpoint_acl.rules.append(rule)
    text = body(role, serialization)
    assert "{'" not in text
    assert re.search("Order.{1,3}1.*Action.{1,3}deny.*RemoteSubnet.{1,3}0.0.0.0/0", text)
    assert endpoint.endpoint_acl.rules == [models.AclRule.model_validate(rule)]


@pytest.mark.parametrize("serialization", BOTH)
@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"Order": "first"}, "rules[0].Order: "),
        ({"Ordr": 1}, "rules[0]: 'Ordr' is unknown; 'Order' is meant?"),
        ("deny", "rules[0]: "),
        (None, "rules[0]: "),
        (models.DataDisk(), "rules[0]: "),
    ],
)
def test_what_no_list_may_hold_is_refused_by_name(
    wrong: Any, place: str, serialization: Serialization
) -> None:
    role, endpoint = role_with_endpoint()
    assert endpoint.endpoint_acl is not None
    endpoint.endpoint_acl.rules.append(wrong)
    with pytest.raises(ValueError, match=f"^{re.escape(WHERE + place)}"):
        body(role, serialization)
    with pytest.raises(ValidationError):
        check_again(role)


def test_what_is_put_into_a_list_nobody_set_is_written() -> None:
    role = models.VMRole(RoleName="r")
    role.data_disks.append(models.DataDisk(LUN=1))
    assert "<Lun>1</Lun>" in body(role)


def test_checking_again_changes_nothing_that_is_right() -> None:
    role, _ = role_with_endpoint()
    before = role.model_copy(deep=True)
    check_again(role)
    assert role == before
    assert role.model_fields_set == before.model_fields_set


# --- values ------------------------------------------------------------------------------------------------


class Word(StrEnum):
    DENY = "deny"


class Mixed(str, Enum):  # noqa: UP042 - its str() is Mixed.DENY
    DENY = "deny"


@pytest.mark.parametrize("serialization", BOTH)
@pytest.mark.parametrize("word", [Word.DENY, Mixed.DENY])
def test_a_word_of_an_enumeration_is_the_word(word: Any, serialization: Serialization) -> None:
    assert "Mixed" not in body(models.VMRole.model_validate({"Later": word}), serialization)
    assert "deny" in body(models.VMRole.model_validate({"Later": word}), serialization)
    assert "deny" in body(models.AclRule(Action=word), serialization)


@pytest.mark.parametrize("serialization", BOTH)
@pytest.mark.parametrize(
    "value",
    [
        b"x",
        object(),
        {1, 2},
        uuid.UUID(int=1),
        Decimal(1),
        date(2014, 1, 1),
        float("nan"),
        float("inf"),
        1j,
        range(3),
        int,
        lambda: None,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_has_no_form_on_the_wire_is_refused(value: Any, serialization: Serialization) -> None:
    for later in (value, [value], {"Deep": value}, {"Deep": [{"Er": value}]}):
        with pytest.raises(ValueError, match=r"^Later: .* has no form on the wire"):
            body(models.VMRole.model_validate({"Later": later}), serialization)
    with pytest.raises(ValueError, match="has no form on the wire"):
        codecs.write_scalar(value)
    if isinstance(value, (bytes, Decimal, float)):
        return  # where a text is wanted it is taken for one, as when it is assigned
    role = models.VMRole()
    role.__dict__["role_name"] = value  # behind the model's back
    role.model_fields_set.add("role_name")
    with pytest.raises(ValueError, match=r"^role_name: a text is required"):
        body(role, serialization)


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("role_nme", "'role_name' is meant"),
        ("RoleNme", "'RoleName' is meant"),
        ("rolename", "'role_name' is meant"),
        ("Rolename", "'RoleName' is meant"),
        ("anything", "is no attribute of VMRole"),
    ],
)
def test_unknown_names_are_refused_where_they_are_made(name: str, meant: str) -> None:
    with pytest.raises(ValidationError, match=meant):
        models.VMRole.model_validate({name: "x"})
    with pytest.raises(ValidationError, match=meant):
        models.Deployment.model_validate({"RoleList": [{name: "x"}]})
    role = models.VMRole()
    with pytest.raises(ValueError, match=meant):
        setattr(role, name, "x")
    assert role == models.VMRole()
    read = codecs.from_json(models.VMRole, {name: "x"}, body=b"")
    assert read.model_extra == {name: "x"}
    setattr(read, name, "y")
    assert read.model_extra == {name: "y"}


def test_an_element_this_library_doesnt_know_can_be_set_on_purpose() -> None:
    role = models.VMRole.model_validate({"Novel": "x"})
    role.Other = "y"
    assert "<Novel>x</Novel><Other>y</Other>" in body(role)


def test_a_set_becomes_the_class_its_type_names() -> None:
    made = models.ConfigurationSet(configuration_set_type="LinuxProvisioningConfiguration", host_name="h")
    assert made == models.LinuxProvisioningConfiguration(HostName="h")
    validated = models.ConfigurationSet.model_validate(
        {"ConfigurationSetType": "WindowsProvisioningConfiguration", "ComputerName": "m"}
    )
    assert validated == models.ProvisioningConfiguration(MachineName="m")
    with pytest.raises(ValidationError, match="'host_name' is no attribute"):
        models.ConfigurationSet(configuration_set_type="Other", host_name="h")
    with pytest.raises(ValidationError, match="'host_nme' is unknown; 'host_name' is meant"):
        models.ConfigurationSet(configuration_set_type="LinuxProvisioningConfiguration", host_nme="h")


# --- secrets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("serialization", BOTH)
def test_the_mask_of_a_secret_is_never_sent(serialization: Serialization) -> None:
    secret = models.LinuxProvisioningConfiguration(UserName="u", UserPassword="Sesam-0ffne")
    masked = secret.model_dump_json(by_alias=True, exclude_unset=True)
    assert "Sesam" not in masked
    read = models.LinuxProvisioningConfiguration.model_validate_json(masked)
    with pytest.raises(ValueError, match=r"^UserPassword: this is the mask of a secret"):
        body(read, serialization)
    with pytest.raises(ValueError, match="mask"):
        codecs.write_scalar(SecretStr("*" * 10))


def test_secrets_are_dumped_on_purpose() -> None:
    role = models.VMRole(
        ConfigurationSets=[models.LinuxProvisioningConfiguration(UserPassword="Sesam-0ffne")],
        ResourceExtensionReferences=[{"ResourceExtensionParameterValues": [{"Value": "geheim"}]}],
    )
    text = role.model_dump_json(by_alias=True, exclude_unset=True, context=models.KEEP_SECRETS)
    assert models.VMRole.model_validate_json(text) == role
    assert isinstance(role.configuration_sets[0].model_dump()["user_password"], SecretStr)


# --- giving back -------------------------------------------------------------------------------------------

READ: list[tuple[type[models.AzureModel], dict[str, Any], type[models.AzureModel], str]] = [
    (
        models.Disk,
        {"Name": "d", "Label": "l", "IOType": "Standard", "AttachedTo": {"RoleName": "r"}, "OS": "Linux"},
        documents.AddDisk,
        "<OS>Linux</OS><Label>l</Label><Name>d</Name>",
    ),
    (
        models.OSImage,
        {"Name": "i", "Label": "l", "IOType": "Standard", "LogicalSizeInGB": 30, "PublisherName": "User"},
        documents.AddOSImage,
        "<Label>l</Label><Name>i</Name>",
    ),
    (
        models.OSImage,
        {"Label": "l", "IOType": "x", "OS": "Linux"},
        options.ImageOptions,
        "<Label>l</Label><OS>Linux</OS>",
    ),
    (
        models.HostedService,
        {
            "Url": "u",
            "ServiceName": "s",
            "HostedServiceProperties": {"Label": "l", "Description": "d", "Status": "Created"},
            "IsComplete": True,
        },
        documents.UpdateHostedService,
        "<Label>bA==</Label><Description>d</Description>",
    ),
    (
        models.VMImage,
        {
            "Name": "v",
            "Label": "l",
            "Category": "User",
            "OSDiskConfiguration": {"Name": "n", "OS": "Linux", "IOType": "Standard"},
        },
        documents.CreateVMImage,
        "<Name>v</Name><Label>l</Label><OSDiskConfiguration><OS>Linux</OS></OSDiskConfiguration>",
    ),
    (
        models.StorageService,
        {"Url": "u", "StorageServiceProperties": {"Description": "d", "Status": "Created"}},
        documents.UpdateStorageServiceInput,
        "<Description>d</Description>",
    ),
    (models.DataDisk, {"LUN": 1, "IOType": "Standard"}, models.DataDisk, "<Lun>1</Lun>"),
]


@pytest.mark.parametrize(("cls", "values", "kind", "content"), READ)
def test_what_was_read_can_be_given_back(
    cls: type[models.AzureModel], values: dict[str, Any], kind: type[models.AzureModel], content: str
) -> None:
    read = codecs.from_json(cls, values, body=b"")
    document = for_request(kind, read)
    assert document is not None
    assert body(document).partition(">")[2].rpartition("</")[0] == content
    assert for_request(documents.Swap, read) is None


def test_output_only_elements_are_left_out_of_requests_alone() -> None:
    role = models.VMRole(OSDisk={"DiskName": "d", "IOType": "x"}, MigrationState="y")
    for serialization in BOTH:
        assert "IOType" not in body(role, serialization)
        whole = codecs.encode(role, root="R", serialization=serialization, whole=True)
        assert b"IOType" in whole
        assert b"MigrationState" in whole


def _changes(corpus: list[dict[str, Any]]) -> list[models.VMRole]:
    bodies = {
        each["response_body"] for each in corpus if each["operation"] == "role.get" and each["status"] == 200
    }
    return [codecs.decode(models.VMRole, each.encode(), root="PersistentVMRole") for each in sorted(bodies)]


@pytest.mark.corpus
@settings(max_examples=number(30, 1000), deadline=None)
@given(data=st.data())
def test_a_recorded_role_given_back_differs_by_the_change_alone(
    corpus: list[dict[str, Any]], data: st.DataObject
) -> None:
    role = data.draw(st.sampled_from(_changes(corpus)))
    before = body(role)
    assert "IOType" not in before
    text = data.draw(strategies.xml_texts.filter(lambda each: each.isalnum()))
    change = data.draw(st.sampled_from(["size", "set", "label of a disk", "endpoint"]))
    changed = role.model_copy(deep=True)
    if change == "size":
        changed.role_size = text
        after = re.sub("<RoleSize>.*?</RoleSize>", lambda _: f"<RoleSize>{text}</RoleSize>", before)
    elif change == "set":
        changed.availability_set_name = text
        element = f"<AvailabilitySetName>{text}</AvailabilitySetName>"
        after = re.sub("<AvailabilitySetName>.*?</AvailabilitySetName>|<AvailabilitySetName/>", "", before)
        after = re.sub("(?=<DataVirtualHardDisks)", lambda _: element, after)
    elif change == "label of a disk":
        assert changed.os_disk is not None
        changed.os_disk.disk_label = text
        after = re.sub("<DiskLabel>[^<]*</DiskLabel>(?=.{0,400}</OSVirtualHardDisk>)", "", before)
        after = re.sub(
            "(<OSVirtualHardDisk><HostCaching>[^<]*</HostCaching>)",
            lambda found: f"{found[1]}<DiskLabel>{text}</DiskLabel>",
            after,
        )
    else:
        network = changed.network_configuration
        if network is None:
            return
        endpoint: Any = {"LocalPort": 7, "Name": text, "Protocol": "udp"}
        network.input_endpoints.append(endpoint)
        element = f"<LocalPort>7</LocalPort><Name>{text}</Name><Protocol>udp</Protocol>"
        element = f"<InputEndpoint>{element}</InputEndpoint>"
        after = before.replace("<InputEndpoints/>", "<InputEndpoints></InputEndpoints>")
        if "<InputEndpoints>" in after:
            after = after.replace("</InputEndpoints>", f"{element}</InputEndpoints>")
        else:
            after = after.replace(
                "</ConfigurationSetType>",
                f"</ConfigurationSetType><InputEndpoints>{element}</InputEndpoints>",
            )
    assert body(changed) == after
    assert body(role) == before


KINDS: list[tuple[str, str, type[models.AzureModel], type[models.AzureModel]]] = [
    ("disk.list", "Disks", models.Disk, documents.AddDisk),
    ("image.list", "Images", models.OSImage, documents.AddOSImage),
    ("vmimage.list", "VMImages", models.VMImage, documents.CreateVMImage),
    ("hostedservice.list", "HostedServices", models.HostedService, documents.UpdateHostedService),
    ("affinitygroup.list", "AffinityGroups", models.AffinityGroup, documents.UpdateAffinityGroup),
    ("storageaccount.list", "StorageServices", models.StorageService, documents.UpdateStorageServiceInput),
]


def _elements(document: bytes) -> list[tuple[str, str | None]]:
    """Every element by its path, with its text, read without any of our own code."""

    def walk(node: ET.Element, path: str) -> Iterator[tuple[str, str | None]]:
        for child in node:
            place = f"{path}/{child.tag.rpartition('}')[2]}"
            yield place, child.text
            yield from walk(child, place)

    return list(walk(ET.fromstring(document), ""))  # noqa: S314 - a body of our own


@pytest.mark.corpus
@pytest.mark.parametrize(("operation", "root", "cls", "kind"), KINDS, ids=[kind[0] for kind in KINDS])
@settings(max_examples=number(20, 500), deadline=None)
@given(data=st.data())
def test_a_recorded_object_given_back_differs_by_the_change_alone(
    corpus: list[dict[str, Any]],
    operation: str,
    root: str,
    cls: type[models.AzureModel],
    kind: type[models.AzureModel],
    data: st.DataObject,
) -> None:
    item = cls.__name__
    answers = [each for each in corpus if each["operation"] == operation and each["status"] == 200]
    bodies = {each["response_body"] for each in answers if f"<{item}>" in each["response_body"]}
    body = data.draw(st.sampled_from(sorted(bodies, key=len)[:5]))
    read = data.draw(st.sampled_from(codecs.decode_list(cls, body.encode(), root=root, item=item)[:20]))
    before = for_request(kind, read)
    assert before is not None
    inside = next((part for path, part in parts(read) if path.endswith("_properties")), read)
    fields = {field.attribute: field for field in codecs.plan(kind).orders["ga"]}
    changeable = [
        name
        for name in fields
        if name in type(inside).model_fields and "str" in str(type(inside).model_fields[name].annotation)
    ]
    name = data.draw(st.sampled_from([name for name in changeable if not fields[name].is_list]))
    text = data.draw(strategies.xml_texts.filter(str.isalnum))
    setattr(inside, name, text)
    after = for_request(kind, read)
    assert after is not None
    old = _elements(codecs.encode(before, root="R"))
    new = _elements(codecs.encode(after, root="R"))
    place = f"/{fields[name].ga}"
    assert [each for each in new if each[0] != place] == [each for each in old if each[0] != place]
    written = codecs.encode_label(text) if fields[name].base64 else text
    assert [each for each in new if each[0] == place] == [(place, written)]
    known = {field.ga for field in fields.values()}
    assert {each[0].split("/")[1] for each in new} <= known
