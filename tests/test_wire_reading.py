"""Reading as far as it can be read: odd elements of answers, and giving back what was read."""

from __future__ import annotations

import copy
import pickle
import xml.etree.ElementTree as ET
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from azure_iaas import models
from azure_iaas.errors import ProtocolError
from azure_iaas.models import Oddity
from azure_iaas.wire import codecs, xml
from tests.soak import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def read(cls: type[models.AzureModel], content: str) -> Any:
    return codecs.decode(cls, f'<R xmlns:i="{xml.SCHEMA_INSTANCE}">{content}</R>'.encode(), root="R")


def written(model: models.AzureModel) -> str:
    """What stands inside the root element."""
    return codecs.encode(model, root="R", whole=True).decode().partition(">")[2].rpartition("</")[0]


# --- the rule ----------------------------------------------------------------------------------------------

ODD = [
    # class, content, attribute that is None, oddities
    (models.DataDisk, "<Lun>1o</Lun>", "lun", [("lun", "1o")]),
    (models.DataDisk, "<Lun>-1</Lun>", "lun", [("lun", "-1")]),
    (models.DataDisk, "<HostCaching>Some</HostCaching>", "host_caching", [("host_caching", "Some")]),
    (models.Disk, "<IsPremium>maybe</IsPremium>", "is_premium", [("is_premium", "maybe")]),
    (models.Disk, "<CreatedTime>2016-03-12T07:65:25Z</CreatedTime>", "created_time", None),
    (models.Disk, "<CreatedTime>12345</CreatedTime>", "created_time", [("created_time", "12345")]),
    (models.Disk, "<Name><A>1</A><A>2</A></Name>", "name", [("name", {"A": ["1", "2"]})]),
    (models.Disk, "<Name>x<A>1</A></Name>", "name", [("name", {"A": "1", "#text": "x"})]),
    (models.VMRole, "<OSVirtualHardDisk>none</OSVirtualHardDisk>", "os_disk", [("os_disk", "none")]),
    (models.HostedServiceProperties, "<Label><A>1</A></Label>", "label", [("label", {"A": "1"})]),
    (models.StorageServiceKeys, "<Primary><A>1</A></Primary>", "primary", [("primary", {"A": "1"})]),
]


@pytest.mark.parametrize(("cls", "content", "attribute", "oddities"), ODD)
def test_what_cant_be_read_is_none_and_kept(
    cls: type[models.AzureModel], content: str, attribute: str, oddities: list[tuple[str, Any]] | None
) -> None:
    model = read(cls, content)
    assert getattr(model, attribute) is None
    assert attribute not in model.model_fields_set
    if oddities is not None:
        assert model.oddities == [Oddity(*each) for each in oddities]
    if "x<A>" not in content:  # the text of mixed content goes last
        assert written(model) == content
    assert "odd=" in repr(model)


def test_the_first_of_a_repeated_element_counts() -> None:
    content = "<RoleName>a</RoleName><RoleName>b</RoleName><OSVirtualHardDisk/><OSVirtualHardDisk/>"
    role = read(models.VMRole, content)
    assert (role.role_name, role.os_disk) == ("a", models.OSDisk())
    assert role.oddities == [Oddity("role_name", "b"), Oddity("os_disk", None)]
    assert written(role) == content
    assert codecs.encode(role, root="R", serialization="JSON") == b'{"RoleName":["a","b"],"OSDisk":[{},null]}'


def test_no_item_of_a_list_is_lost() -> None:
    content = (
        "<RoleList><Role>text</Role><Role><RoleName>r</RoleName></Role><Role><RoleSize><A/></RoleSize></Role>"
        "<Other>x</Other></RoleList><VirtualIPs>none</VirtualIPs>"
    )
    deployment = read(models.Deployment, content)
    assert [role.role_name for role in deployment.role_list] == [None, "r", None]
    assert {(each.path, str(each.raw)) for each in deployment.oddities} == {
        ("role_list", "{'Other': 'x'}"),
        ("role_list[0]", "text"),
        ("role_list[2].role_size", "{'A': None}"),
        ("virtual_ips", "none"),
    }
    assert written(deployment) == content.replace("<Role>", '<Role i:type="PersistentVMRole">')


def test_no_text_of_a_list_is_lost() -> None:
    content = "<SubnetNames><SubnetName>a</SubnetName><SubnetName><B/></SubnetName></SubnetNames>"
    network = read(models.NetworkConfiguration, content)
    assert network.subnet_names == ["a", ""]
    assert network.oddities == [Oddity("subnet_names[1]", {"B": None})]
    assert written(network).endswith(content)
    network.subnet_names = ["a"]
    assert network.oddities == []
    assert "<B/>" not in written(network)


def test_a_root_that_holds_text_is_kept() -> None:
    status = read(models.OperationStatus, "InProgress")
    assert (status.status, status.oddities) == (None, [Oddity("", "InProgress")])
    assert written(status) == "InProgress"
    (first, second) = codecs.decode_list(
        models.Disk, b"<R><Disk>x</Disk><Disk><Name>n</Name></Disk></R>", root="R", item="Disk"
    )
    assert (first.oddities, second.name) == ([Oddity("", "x")], "n")


def test_a_configuration_set_of_an_unknown_word_is_known_by_its_i_type() -> None:
    content = (
        '<ConfigurationSets><ConfigurationSet i:type="NetworkConfigurationSet"><ConfigurationSetType>Bogus'
        "</ConfigurationSetType><InputEndpoints/></ConfigurationSet></ConfigurationSets>"
    )
    role = read(models.VMRole, content)
    (network,) = role.configuration_sets
    assert type(network) is models.NetworkConfiguration
    assert network.configuration_set_type is None
    assert role.oddities == [Oddity("configuration_sets[0].configuration_set_type", "Bogus")]
    assert written(role) == content.replace(' i:type="Network', ' i:type="Network')


def test_what_is_assigned_takes_the_place_of_what_couldnt_be_read() -> None:
    disk = read(models.DataDisk, "<HostCaching>Some</HostCaching><Lun>-1</Lun>")
    disk.disk_label = "x"
    assert [each.path for each in disk.oddities] == ["host_caching", "lun"]
    disk.lun = 3
    disk.enable_write_cache = True
    assert disk.oddities == []
    assert written(disk) == "<HostCaching>ReadWrite</HostCaching><DiskLabel>x</DiskLabel><Lun>3</Lun>"


def test_odd_models_are_compared_copied_and_dumped_as_others() -> None:
    content = "<Lun>-1</Lun><DiskName>d</DiskName>"
    disk = read(models.DataDisk, content)
    assert disk == read(models.DataDisk, content) != models.DataDisk(DiskName="d")
    for other in (copy.copy(disk), copy.deepcopy(disk), disk.model_copy(), _pickled(disk)):
        assert other == disk
        assert other.oddities == disk.oddities
        assert written(other) == written(disk)
    assert disk.model_dump(exclude_unset=True) == {"disk_name": "d"}
    assert disk.model_dump()["lun"] is None


def test_another_document_is_refused() -> None:
    for body in (b"<Other/>", b"no", b"", b"<R>", b"<R></S>"):
        with pytest.raises(ProtocolError):
            codecs.decode(models.Disk, body, root="R")
    for body in (b"[]", b"1", b'"x"', b"{"):
        with pytest.raises(ProtocolError):
            codecs.decode(models.Disk, body, root="R", serialization="JSON")


@pytest.mark.parametrize(
    ("document", "oddities", "back"),
    [
        (b'{"Name":["a"]}', [Oddity("name", ["a"])], None),
        (b'{"AttachedTo":"x"}', [Oddity("attached_to", "x")], None),
        (b'{"CreatedTime":1394608}', [Oddity("created_time", 1394608)], None),
        (b'{"#odd":1}', [], b"{}"),
    ],
)
def test_odd_json_is_kept(document: bytes, oddities: list[Oddity], back: bytes | None) -> None:
    disk = codecs.decode(models.Disk, document, root="", serialization="JSON")
    assert disk.oddities == oddities
    assert codecs.encode(disk, root="", serialization="JSON") == (back or document)


def test_odd_items_of_json_lists_are_kept() -> None:
    document = b'{"RoleList":[null,"x",{"RoleName":"r"}],"Dns":{"DnsServers":[7]},"VirtualIPs":"y"}'
    deployment = codecs.decode(models.Deployment, document, root="", serialization="JSON")
    assert [role.role_name for role in deployment.role_list] == [None, None, "r"]
    assert len(deployment.oddities) == 4
    assert codecs.encode(deployment, root="", serialization="JSON") == document


def _pickled(model: Any) -> Any:
    return pickle.loads(pickle.dumps(model))  # noqa: S301 - our own bytes


# --- recorded answers, one leaf changed --------------------------------------------------------------------


class Answer(NamedTuple):
    """What an operation's answer is; ``item`` where it is a list."""

    cls: type[models.AzureModel]
    root: str
    item: str | None

    def read(self, body: bytes) -> list[models.AzureModel]:
        if self.item:
            return codecs.decode_list(self.cls, body, root=self.root, item=self.item)
        return [codecs.decode(self.cls, body, root=self.root)]

    def write(self, read: list[models.AzureModel]) -> bytes:
        if self.item:
            return codecs.encode_list(read, root=self.root, item=self.item, whole=True)
        return codecs.encode(read[0], root=self.root, whole=True)


ANSWERS = {
    "deployment.get_by_slot": Answer(models.Deployment, "Deployment", None),
    "hostedservice.list": Answer(models.HostedService, "HostedServices", "HostedService"),
    "operation.get": Answer(models.OperationStatus, "Operation", None),
    "image.list": Answer(models.OSImage, "Images", "OSImage"),
    "role.get": Answer(models.VMRole, "PersistentVMRole", None),
    "disk.list": Answer(models.Disk, "Disks", "Disk"),
}
MARK = "0dd-mark"
"""A text that no recording holds, and that is no number, date, boolean nor word of an enumeration."""
DATE = "2016-03-12T07:65:25Z"


def _nested(leaf: ET.Element, _: ET.Element) -> None:
    leaf.text = None
    ET.SubElement(leaf, f"{{{xml.NAMESPACE}}}Nested").text = MARK


def _beside(leaf: ET.Element, _: ET.Element) -> None:
    ET.SubElement(leaf, f"{{{xml.NAMESPACE}}}Beside").text = MARK


def _word(leaf: ET.Element, _: ET.Element) -> None:
    leaf.text = MARK


def _date(leaf: ET.Element, _: ET.Element) -> None:
    leaf.text = DATE


def _number(leaf: ET.Element, _: ET.Element) -> None:
    leaf.text = "-98765432109876543210"


def _repeated(leaf: ET.Element, parent: ET.Element) -> None:
    again = copy.deepcopy(leaf)
    again.text = MARK
    parent.append(again)


def _missing(leaf: ET.Element, parent: ET.Element) -> None:
    parent.remove(leaf)


MUTATIONS: dict[Callable[[ET.Element, ET.Element], None], str | None] = {
    _nested: MARK,
    _beside: MARK,
    _word: MARK,
    _date: DATE,
    _number: "-98765432109876543210",
    _repeated: MARK,
    _missing: None,
}


def _plain(model: models.AzureModel) -> str:
    return repr(model.model_dump(exclude_unset=True)) + repr([each.raw for each in model.oddities])


def _leaves(tree: ET.Element) -> list[tuple[ET.Element, ET.Element]]:
    return [(child, parent) for parent in tree.iter() for child in parent if not len(child)]


def _mutations(corpus: list[dict[str, Any]], operation: str, random: Random, count: int) -> Iterator[Any]:
    root = ANSWERS[operation].root
    bodies = sorted(
        {
            each["response_body"]
            for each in corpus
            if each["operation"] == operation
            and each["status"] == 200
            and f"<{root} " in (each["response_body"] or "")
            and "&#x" not in each["response_body"]
        }
    )
    assert bodies
    ways = list(MUTATIONS)
    for turn in range(count):
        tree = ET.fromstring(random.choice(bodies))  # noqa: S314 - recorded bodies
        if ANSWERS[operation].item:
            # Of a list of hundreds a few items are as odd, and are read sooner.
            for item in random.sample(list(tree), max(len(tree) - 5, 0)):
                tree.remove(item)
        leaf, parent = random.choice(_leaves(tree) or [(tree, tree)])
        if leaf is tree:
            continue
        way = ways[turn % len(ways)]
        way(leaf, parent)
        yield way, ET.tostring(tree), leaf.tag.rpartition("}")[2]


@pytest.mark.corpus
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("operation", ANSWERS)
def test_recorded_answers_with_one_odd_leaf_are_read(
    corpus: list[dict[str, Any]], operation: str, tell: Callable[[str], None]
) -> None:
    answer, tried = ANSWERS[operation], 0
    for way, body, name in _mutations(corpus, operation, Random(operation), number(84, 4200)):
        read = answer.read(body)
        raw = MUTATIONS[way]
        case = (operation, way.__name__, name)
        assert raw is None or any(raw in _plain(model) for model in read), case
        again = answer.read(answer.write(read))
        assert again == read, case
        tried += 1
    tell(f"{operation}: {tried} mutations, all read, each raw value found and written back")
    assert tried >= number(60, 3400)
