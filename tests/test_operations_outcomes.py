"""Every write says which read shows what came of it."""

from __future__ import annotations

from typing import Any

import pytest

from azure_iaas import ServiceManagementClient
from azure_iaas.operations.operation import REGISTRY, Operation, Terms
from azure_iaas.operations.outcomes import ShownBy

TERMS = Terms("sub", "2014-10-01")
NOT_SHOWN = {"RegisterResourceProvider", "UnregisterResourceProvider"}
"""No read of the protocol says which providers are registered."""
WRITES = [operation for operation in REGISTRY.values() if operation.method != "GET"]


@pytest.mark.parametrize("operation", WRITES, ids=lambda operation: operation.name)
def test_every_write_names_a_read_and_can_call_it(operation: Operation[Any]) -> None:
    shown_by = operation.shown_by
    assert (shown_by is None) == (operation.name in NOT_SHOWN)
    if shown_by is not None:
        read = getattr(ServiceManagementClient, shown_by.read).operation
        assert read.method == "GET"
        read.signature.bind(*shown_by.arguments)
        for way in shown_by.arguments:
            assert way.startswith("'") or way.split(".")[0] in operation.signature.parameters


def test_reads_name_none() -> None:
    assert all(operation.shown_by is None for operation in REGISTRY.values() if operation.method == "GET")


@pytest.mark.parametrize(
    ("name", "arguments", "resource", "look_with"),
    [
        (
            "AddRole",
            ("svc", "dep", {"RoleName": "web1", "VMImageName": "image"}),
            "role 'web1' of deployment 'dep' in service 'svc'",
            "get_role('svc', 'dep', 'web1')",
        ),
        (
            "AddDataDisk",
            ("svc", "dep", "web1", {"lun": 3, "logical_disk_size_in_gb": 5}),
            "data disk 3 of role 'web1' of deployment 'dep' in service 'svc'",
            "get_data_disk('svc', 'dep', 'web1', 3)",
        ),
        (
            "CreateStorageAccount",
            ("account1",),
            "storage account 'account1'",
            "get_storage_account('account1')",
        ),
        (
            "SwapDeployment",
            ("svc", "one", "two"),
            "deployment 'Production' in service 'svc'",
            "get_deployment_by_slot('svc', 'Production')",
        ),
        (
            "SetNetworkConfiguration",
            ("<NetworkConfiguration/>",),
            "network configuration",
            "get_network_configuration()",
        ),
    ],
)
def test_the_sentence_and_the_call(
    name: str, arguments: tuple[Any, ...], resource: str, look_with: str
) -> None:
    where = REGISTRY[name].build(TERMS, *arguments).whereabouts
    assert where is not None
    assert (where.resource, where.look_with) == (resource, look_with)


def test_what_the_service_chooses_keeps_the_argument_s_name() -> None:
    shown_by = ShownBy.declared("get_data_disk(service_name, deployment_name, role_name, data_disk.lun)")
    where = shown_by.of(
        {"service_name": "s", "deployment_name": "d", "role_name": "r", "data_disk": {"label": "x"}}
    )
    assert where.look_with == "get_data_disk('s', 'd', 'r', data_disk.lun)"
    assert where.resource == "data disk of role 'r' of deployment 'd' in service 's'"


@pytest.mark.parametrize("call", ["", "get_role", "delete_role(service_name)"])
def test_only_the_call_of_a_read_is_a_declaration(call: str) -> None:
    with pytest.raises(ValueError, match="shown_by"):
        ShownBy.declared(call)
