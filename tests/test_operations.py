"""The operation table: paths, names, requests and answers. Pure."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas import ServiceManagementClient
from azure_iaas.client.documented import DocumentedOperations
from azure_iaas.errors import (
    BadRequestError,
    InvalidArgumentError,
    ProtocolError,
    ServiceError,
)
from azure_iaas.models import VMRole
from azure_iaas.operations import DOCUMENTED, REGISTRY, deployments, method_name, roles, subscriptions
from azure_iaas.operations.operation import Call, Terms, segment
from azure_iaas.wire.messages import RawResponse

SUBSCRIPTION = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
TERMS = Terms(SUBSCRIPTION, "2014-10-01")
PREVIEW = Terms(SUBSCRIPTION, "2012-03-01", dialect="preview")
ROLE = {"RoleName": "r1", "OSDisk": {"SourceImageName": "image"}}


def test_every_operation_has_a_method_and_a_docstring() -> None:
    for name in REGISTRY:
        method = getattr(ServiceManagementClient, method_name(name))
        assert inspect.iscoroutinefunction(method), name
        assert "Source:" in (method.__doc__ or ""), name


def test_the_documented_operations_are_all_there() -> None:
    assert len(DOCUMENTED) == 21
    assert set(DOCUMENTED) <= REGISTRY.keys()
    public = {name for name, value in vars(DocumentedOperations).items() if inspect.isfunction(value)}
    assert public == {method_name(name) for name in DOCUMENTED}


@pytest.mark.parametrize("name", REGISTRY)
def test_an_operation_says_where_it_comes_from(name: str) -> None:
    operation = REGISTRY[name]
    assert operation.source
    assert operation.rest_name
    assert all(200 <= status < 300 for status in operation.success)


def test_a_request_is_built() -> None:
    request = roles.get_role("svc", "dep", "web 1").build(TERMS)
    assert request.method == "GET"
    expected = f"/{SUBSCRIPTION}/services/hostedservices/svc/deployments/dep/roles/web%201"
    assert request.target == expected
    assert request.headers == {"x-ms-version": "2014-10-01", "accept": "application/xml"}
    assert request.body == b""


def test_the_preview_has_its_own_paths_and_roots() -> None:
    request = roles.add_role("svc", "dep", ROLE).build(PREVIEW)
    assert request.target.endswith("/deployments/dep/Roles")
    assert request.body.startswith(b"<Role ")
    assert roles.add_role("svc", "dep", ROLE).build(TERMS).body.startswith(b"<PersistentVMRole ")


def test_json_is_asked_for_and_sent() -> None:
    terms = Terms(SUBSCRIPTION, "2014-10-01", serialization="JSON")
    request = deployments.create_deployment("svc", "dep", ROLE, None).build(terms)
    assert request.headers["content-type"] == request.headers["accept"] == "application/json"
    assert request.body.startswith(b'{"Name":"dep"')


@pytest.mark.parametrize(
    "name",
    ["", "  ", ".", "..", "a/b", "../x", "a\\b", "a?b", "a#b", "a%2fb", "a\nb", "a\x00b", None, 7, b"x"],
)
def test_a_name_that_could_change_the_path_is_refused(name: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        Call(deployments.GET_DEPLOYMENT, {"serviceName": name, "deploymentName": "d"}).build(TERMS)  # type: ignore[dict-item]
    assert caught.value.method == "GetDeployment"
    assert caught.value.argument == "serviceName"
    assert caught.value.request_sent is False


@given(st.text())
def test_a_segment_never_leaves_its_place(value: str) -> None:
    try:
        quoted = segment("GetRole", "roleName", value)
    except InvalidArgumentError:
        return
    assert quoted not in {"", ".", ".."}
    assert quoted.isascii()
    assert set("/\\?# ").isdisjoint(quoted)


def test_an_acceptance_needs_its_request_id() -> None:
    call = roles.delete_role("svc", "dep", "r", delete_media=True)
    assert call.build(TERMS).target.endswith("/roles/r?comp=media")
    accepted = call.operation.parse(RawResponse(202, {"x-ms-request-id": "ab" * 16}), TERMS)
    assert (accepted.request_id, accepted.operation, accepted.completed) == ("ab" * 16, "DeleteRole", False)
    with pytest.raises(ProtocolError, match="x-ms-request-id") as caught:
        call.operation.parse(RawResponse(202), TERMS)
    assert caught.value.status == 202


def test_a_status_that_is_no_success_is_an_error() -> None:
    operation = subscriptions.GET_OPERATION_STATUS
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
        subscriptions.GET_OPERATION_STATUS.parse(RawResponse(200, {"x-ms-request-id": "9"}, body), TERMS)
    assert (caught.value.status, caught.value.body) == (200, body)
    assert caught.value.operation == "GetOperationStatus"


def test_a_control_character_in_a_text_is_refused_before_sending() -> None:
    role = {**ROLE, "Label": "bell\x07"}
    call = roles.add_role("svc", "dep", role)
    with pytest.raises(InvalidArgumentError, match=r"U\+0007") as caught:
        call.build(TERMS)
    assert "Label" in caught.value.argument


def test_the_callers_objects_are_left_alone() -> None:
    role = VMRole.model_validate(ROLE)
    before = role.model_dump()
    call = roles.add_role("svc", "dep", role)
    assert b"<RoleType>PersistentVMRole</RoleType>" in call.build(TERMS).body
    assert role.model_dump() == before
    given_mapping = {"RoleName": "r1", "OSDisk": {"SourceImageName": "image"}}
    roles.add_role("svc", "dep", given_mapping)
    assert given_mapping == ROLE
