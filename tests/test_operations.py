"""The operation table: paths, names, requests and answers. Pure."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any, assert_type

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas import AcceptedOperation, ServiceManagementClient
from azure_iaas.errors import (
    BadRequestError,
    InvalidArgumentError,
    ProtocolError,
    ServiceError,
)
from azure_iaas.models import Disk, VMRole
from azure_iaas.operations import DOCUMENTED, REGISTRY, Roles
from azure_iaas.operations.arguments import segment
from azure_iaas.operations.naming import documented_name
from azure_iaas.operations.operation import Operation, Terms
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from azure_iaas.callback import ServiceManagementService

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
TERMS = Terms(SUBSCRIPTION, "2014-10-01")
PREVIEW = Terms(SUBSCRIPTION, "2012-03-01", dialect="preview")
ROLE = {"RoleName": "r1", "OSDisk": {"SourceImageName": "image"}}


class Nobody:
    async def send(self, request: RawRequest) -> RawResponse:
        raise AssertionError(request)


def build(name: str, *args: Any, terms: Terms = TERMS, **named: Any) -> RawRequest:
    return REGISTRY[name].build(terms, *args, **named).request


def test_every_public_coroutine_of_the_client_is_an_operation_or_said_here() -> None:
    methods = {
        name
        for name, value in inspect.getmembers(ServiceManagementClient, inspect.iscoroutinefunction)
        if not name.startswith("_")
    }
    others = {"wait_for_operation", "wait_until_ready", "open", "aclose"}
    assert methods == {each.method_name for each in REGISTRY.values()} | others


@pytest.mark.parametrize("name", REGISTRY)
def test_the_method_of_an_operation_shows_what_it_takes_and_gives(name: str) -> None:
    operation = REGISTRY[name]
    method = getattr(ServiceManagementClient, operation.method_name)
    assert method.operation is operation
    assert method.__name__ == operation.method_name
    assert documented_name(operation.method_name) == name
    signature = inspect.signature(method)
    assert list(signature.parameters) == ["self", *operation.signature.parameters]
    assert signature.return_annotation == operation.answer.gives == method.__annotations__["return"]
    bound = getattr(ServiceManagementClient(SUBSCRIPTION, transport=Nobody()), operation.method_name)
    assert inspect.iscoroutinefunction(bound)
    assert inspect.signature(bound) == operation.signature


@pytest.mark.parametrize("name", REGISTRY)
def test_a_docstring_explains_every_argument_whether_to_repeat_and_the_source(name: str) -> None:
    operation = REGISTRY[name]
    doc = inspect.getdoc(getattr(ServiceManagementClient, operation.method_name)) or ""
    explained = re.findall(r"^    (\w+): ", doc.partition("Args:")[2].partition("\n\n")[0], re.MULTILINE)
    assert explained == list(operation.signature.parameters)
    assert doc.endswith(f"Source: {operation.source}.")
    assert operation.repeatable or re.search("repeat", doc, re.IGNORECASE)


def test_the_documented_operations_are_all_there() -> None:
    assert len(DOCUMENTED) == 21
    assert DOCUMENTED.keys() <= REGISTRY.keys()
    for name, spelled in DOCUMENTED.items():
        assert tuple(REGISTRY[name].documented.values())[: len(spelled)] == spelled


@pytest.mark.parametrize("name", REGISTRY)
def test_an_operation_says_where_it_comes_from(name: str) -> None:
    operation = REGISTRY[name]
    assert operation.source
    assert all(200 <= status < 300 for status in operation.success)


def test_a_request_is_built() -> None:
    request = build("GetRole", "svc", "dep", "web 1")
    assert request.method == "GET"
    expected = f"/{SUBSCRIPTION}/services/hostedservices/svc/deployments/dep/roles/web%201"
    assert request.target == expected
    assert request.headers == {"x-ms-version": "2014-10-01", "accept": "application/xml"}
    assert request.body == b""


def test_the_preview_has_its_own_paths_and_roots() -> None:
    request = build("AddRole", "svc", "dep", ROLE, terms=PREVIEW)
    assert request.target.endswith("/deployments/dep/Roles")
    assert request.body.startswith(b"<Role ")
    assert build("AddRole", "svc", "dep", ROLE).body.startswith(b"<PersistentVMRole ")


def test_json_is_asked_for_and_sent() -> None:
    terms = Terms(SUBSCRIPTION, "2014-10-01", serialization="JSON")
    request = build("CreateDeployment", "svc", "dep", ROLE, terms=terms)
    assert request.headers["content-type"] == request.headers["accept"] == "application/json"
    assert request.body.startswith(b'{"Name":"dep"')


@pytest.mark.parametrize(
    "name",
    ["", "  ", ".", "..", "a/b", "../x", "a\\b", "a?b", "a#b", "a%2fb", "a\nb", "a\x00b", None, 7, b"x"],
)
def test_a_name_that_could_change_the_path_is_refused(name: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        build("GetDeployment", name, "d")
    assert caught.value.method == "get_deployment"
    assert caught.value.argument == "service_name"
    assert caught.value.request_sent is False


@given(st.text())
def test_a_segment_never_leaves_its_place(value: str) -> None:
    try:
        quoted = segment("role_name", value)
    except InvalidArgumentError:
        return
    assert quoted not in {"", ".", ".."}
    assert quoted.isascii()
    assert set("/\\?# ").isdisjoint(quoted)


def test_an_acceptance_needs_its_request_id() -> None:
    call = Roles.delete_role.operation.build(TERMS, "svc", "dep", "r", delete_media=True)
    assert call.request.target.endswith("/roles/r?comp=media")
    accepted = call.operation.parse(RawResponse(202, {"x-ms-request-id": "ab" * 16}), TERMS)
    assert (accepted.request_id, accepted.operation, accepted.completed) == ("ab" * 16, "DeleteRole", False)
    with pytest.raises(ProtocolError, match="x-ms-request-id") as caught:
        call.operation.parse(RawResponse(202), TERMS)
    assert caught.value.status == 202


def test_a_status_that_is_no_success_is_an_error() -> None:
    operation = REGISTRY["GetOperationStatus"]
    body = b"<Error><Code>BadRequest</Code><Message>no</Message></Error>"
    with pytest.raises(BadRequestError, match="GetOperationStatus: HTTP 400 BadRequest: no") as caught:
        operation.parse(RawResponse(400, {"x-ms-request-id": "1f" * 16}, body), TERMS)
    assert caught.value.operation == "GetOperationStatus"
    assert (caught.value.status, caught.value.code) == (400, "BadRequest")
    assert caught.value.request_id == "1f" * 16
    with pytest.raises(ServiceError) as teapot:
        operation.parse(RawResponse(418, {}, b"<html>short and stout</html>"), TERMS)
    assert teapot.value.status == 418
    assert teapot.value.body == b"<html>short and stout</html>"


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b"<Operation>", b"\xff\xfe\x00", b"<!DOCTYPE x><Operation/>"]
)
def test_a_body_that_is_something_else_keeps_status_and_body(body: bytes) -> None:
    with pytest.raises(ProtocolError) as caught:
        REGISTRY["GetOperationStatus"].parse(RawResponse(200, {"x-ms-request-id": "9"}, body), TERMS)
    assert (caught.value.status, caught.value.body) == (200, body)
    assert caught.value.operation == "GetOperationStatus"


def test_a_control_character_in_a_text_is_refused_before_sending() -> None:
    role = {**ROLE, "Label": "bell\x07"}
    with pytest.raises(InvalidArgumentError, match=r"U\+0007") as caught:
        build("AddRole", "svc", "dep", role)
    assert caught.value.argument == "role.label"


def test_the_callers_objects_are_left_alone() -> None:
    role = VMRole.model_validate(ROLE)
    before = role.model_dump()
    request = build("AddRole", "svc", "dep", role)
    assert b"<RoleType>PersistentVMRole</RoleType>" in request.body
    assert role.model_dump() == before
    given_mapping = {"RoleName": "r1", "OSDisk": {"SourceImageName": "image"}}
    build("AddRole", "svc", "dep", given_mapping)
    assert given_mapping == ROLE


async def what_type_checkers_see(client: ServiceManagementClient, iaas: ServiceManagementService) -> None:
    """Never run: mypy holds arguments and results, and says when one of the wrong calls is let through."""
    assert_type(await client.add_role("s", "d", VMRole()), AcceptedOperation)
    assert_type(await client.list_disks(), list[Disk])
    assert_type(await client.get_remote_desktop_file("s", "d", "r"), str)
    assert_type(Roles.get_role.operation, Operation[VMRole])
    await client.add_role("s", "d", 3)  # type: ignore[arg-type]
    await client.delete_role("s", "d", "r", delete_medium=True)  # type: ignore[call-arg]
    await client.get_disk()  # type: ignore[call-arg]
    iaas.CreateHostedService("s", print)
    iaas.CreateHostedService("s", {"Label": "l"}, print)
    iaas.DeleteDisk("d", print, deleteMedia=True)
    iaas.CreateHostedService("s")  # type: ignore[call-overload]
    iaas.DeleteDisk(3, print)  # type: ignore[arg-type]
