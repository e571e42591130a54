"""The generated pages of the documentation are current."""

from __future__ import annotations

from azure_iaas.callback import ServiceManagementService
from azure_iaas.client import ServiceManagementClient
from azure_iaas.operations import REGISTRY
from tools import coverage_page, own_wordings


def test_every_operation_is_in_client_callback_local_service_and_vectors() -> None:
    for name, operation in REGISTRY.items():
        assert hasattr(ServiceManagementClient, operation.method_name), name
        assert hasattr(ServiceManagementService, name), name
        assert coverage_page.route_of(operation) is not None, name
        assert coverage_page.vectors_of(name), name


def test_the_coverage_page_is_current() -> None:
    assert coverage_page.PAGE.read_text(encoding="utf-8") == coverage_page.render()


def test_the_local_services_own_wordings_are_current() -> None:
    assert len(list(own_wordings.texts())) > 40
    assert own_wordings.PAGE.read_text(encoding="utf-8") == own_wordings.render()
