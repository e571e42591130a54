"""Which elements the service would skip: unknown ones, and known ones that come too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from azure_iaas import models
from azure_iaas.models import requests
from azure_iaas.wire import codecs, strictness, xml
from tests import strategies

if TYPE_CHECKING:
    from azure_iaas.wire.dialects import Dialect

ROLE = (
    "<RoleName>r</RoleName><RoleType>PersistentVMRole</RoleType><ConfigurationSets><ConfigurationSet>"
    "<ConfigurationSetType>NetworkConfiguration</ConfigurationSetType><InputEndpoints><InputEndpoint>"
    "{endpoint}</InputEndpoint></InputEndpoints></ConfigurationSet></ConfigurationSets>{late}"
)
ENDPOINT = "<LocalPort>22</LocalPort><Name>ssh</Name><Protocol>tcp</Protocol>"


def _misplaced(document: str, cls: type[models.AzureModel], dialect: Dialect = "ga") -> list[tuple[str, str]]:
    return list(strictness.misplaced(cls, xml.parse(document.encode())[1], dialect))


def test_a_document_in_order_has_nothing_misplaced() -> None:
    document = "<R>" + ROLE.format(endpoint=ENDPOINT, late="<RoleSize>Small</RoleSize>") + "</R>"
    assert _misplaced(document, models.VMRole) == []


def test_order_of_the_documented_trap_of_input_endpoints() -> None:
    # Port before LocalPort was answered "missing, misspelled or out of order".
    late = ROLE.format(endpoint="<Name>ssh</Name><LocalPort>22</LocalPort><Port>22</Port>", late="")
    assert _misplaced(f"<R>{late}</R>", models.VMRole) == [
        ("ConfigurationSets.InputEndpoints.LocalPort", "out of order")
    ]


def test_a_label_before_os_is_late_for_os() -> None:
    disk = "<Disk><Label>l</Label><OS>Linux</OS><Name>n</Name></Disk>"
    assert _misplaced(disk, requests.AddDisk) == [("OS", "out of order")]
    pruned = strictness.prune(requests.AddDisk, xml.parse(disk.encode())[1], "ga")
    assert codecs.from_tree(requests.AddDisk, pruned, body=b"") == requests.AddDisk(Label="l", Name="n")


def test_unknown_elements_are_named_and_kept() -> None:
    document = (
        "<R><RoleName>r</RoleName><Novel/><OSVirtualHardDisk><Strange>1</Strange></OSVirtualHardDisk>"
        "<DataVirtualHardDisks><Other/></DataVirtualHardDisks></R>"
    )
    tree = xml.parse(document.encode())[1]
    assert list(strictness.misplaced(models.VMRole, tree, "ga")) == [
        ("Novel", "unknown"),
        ("OSVirtualHardDisk.Strange", "unknown"),
        ("DataVirtualHardDisks", "out of order"),
    ]
    kept = codecs.from_tree(models.VMRole, strictness.prune(models.VMRole, tree, "ga"), body=b"")
    assert kept.model_extra == {"Novel": None}
    assert kept.data_disks == []
    assert "data_disks" not in kept.model_fields_set


def test_an_unknown_item_of_a_list_is_named() -> None:
    document = "<R><DataVirtualHardDisks><Other/></DataVirtualHardDisks></R>"
    assert _misplaced(document, models.VMRole) == [("DataVirtualHardDisks.Other", "unknown")]


def test_only_the_item_that_is_late_loses_its_element() -> None:
    good = "<DataVirtualHardDisk><HostCaching>None</HostCaching><Lun>1</Lun></DataVirtualHardDisk>"
    late = "<DataVirtualHardDisk><Lun>2</Lun><HostCaching>None</HostCaching></DataVirtualHardDisk>"
    document = f"<R><DataVirtualHardDisks>{good}{late}</DataVirtualHardDisks></R>".encode()
    tree = strictness.prune(models.VMRole, xml.parse(document)[1], "ga")
    role = codecs.from_tree(models.VMRole, tree, body=document)
    assert [(disk.lun, disk.host_caching) for disk in role.data_disks] == [(1, "None"), (2, None)]


def test_names_of_the_other_dialect_are_unknown() -> None:
    flag = "<D><DisableReadCache>true</DisableReadCache></D>"
    assert _misplaced(flag, models.DataDisk) == [("DisableReadCache", "unknown")]
    assert _misplaced(flag, models.DataDisk, "preview") == []
    caching = "<D><HostCaching>None</HostCaching></D>"
    assert _misplaced(caching, models.DataDisk, "preview") == [("HostCaching", "unknown")]


@pytest.mark.parametrize(
    ("document", "preview"),
    [
        ("<R><OSDisk/></R>", True),
        ("<R><DataDisks><DataDisk><LUN>0</LUN></DataDisk></DataDisks></R>", True),
        ("<R><A><B><MachineName>m</MachineName></B></A></R>", True),
        ("<R><OSVirtualHardDisk><OS>Linux</OS></OSVirtualHardDisk></R>", False),
        ("<R/>", False),
        ("<R>OSDisk</R>", False),
    ],
)
def test_the_preview_dialect_shows_by_its_names(document: str, preview: bool) -> None:
    assert strictness.speaks_preview(xml.parse(document.encode())[1]) is preview


@pytest.mark.parametrize("dialect", ["ga", "preview"])
@pytest.mark.parametrize(
    "cls", [requests.CreateDeployment, models.VMRole, models.DataDisk, requests.CaptureRoleOperation]
)
@settings(max_examples=40)
@given(data=st.data())
def test_what_the_codecs_write_is_in_order(
    cls: type[models.AzureModel], dialect: Dialect, data: st.DataObject
) -> None:
    body = codecs.encode(data.draw(strategies.models(cls)), root="R", dialect=dialect)
    tree = xml.parse(body)[1]
    assert {problem for _, problem in strictness.misplaced(cls, tree, dialect)} <= {"unknown"}
    assert strictness.prune(cls, tree, dialect) == tree
