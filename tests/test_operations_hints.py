"""What is added to a service's refusal: only to the error's text, and only what is so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import pytest

from azure_iaas import ServiceManagementClient
from azure_iaas.callback import createServiceManagementService
from azure_iaas.emulator import LocalService
from azure_iaas.errors import BadRequestError
from azure_iaas.operations.hints import HINTS, hint
from azure_iaas.wire.messages import RawRequest

if TYPE_CHECKING:
    from azure_iaas.callback import Response

IMAGE = "The virtual machine image source is not valid."


def request(body: str = "") -> RawRequest:
    return RawRequest("POST", "/sub/x", {}, body.encode())


@pytest.mark.parametrize("known", HINTS, ids=lambda known: known.advice)
def test_a_hint_names_a_call_of_the_client(known: tuple[object, object, str]) -> None:
    found = re.match(r"(\w+)\(\)", known[2])
    assert found is not None
    assert hasattr(ServiceManagementClient, found[1])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<Role><SourceImageName>a image</SourceImageName></Role>", "'a image'; list_os_images() shows"),
        ('{"Role": {"SourceImageName": "b"}}', "'b'; list_os_images() shows"),
        ("<Role><SourceImageName></SourceImageName></Role>", "list_os_images() shows"),
        ("", "list_os_images() shows"),
        (f"<SourceImageName>{'A' * 60}</SourceImageName>", "(text of 60 characters); list_os_images()"),
        ("\xff<SourceImageName>c</SourceImageName>", "'c'; "),
    ],
)
def test_the_value_is_the_request_s(body: str, said: str) -> None:
    assert (hint(IMAGE, request(body)) or "").startswith(said)


def test_another_refusal_has_none() -> None:
    assert hint("A parameter was incorrect.", request("<Location>Mars</Location>")) is None


@pytest.mark.anyio
@pytest.mark.parametrize("form", ["XML", "JSON"])
async def test_the_service_s_own_words_stay(form: Literal["XML", "JSON"]) -> None:
    async with LocalService(sockets=False) as service, service.client(serialize_type=form) as client:
        with pytest.raises(BadRequestError) as caught:
            await client.create_hosted_service("shop", {"Location": "Mars"})
    assert caught.value.service_message == "The location constraint is not valid."
    assert str(caught.value).endswith(
        "The location constraint is not valid. ('Mars'; list_locations() shows which there are)"
    )
    assert caught.value.message == str(caught.value)


def test_a_callback_hears_the_service_s_words_alone() -> None:
    heard: list[Response] = []
    with LocalService(sockets=False) as local:
        with createServiceManagementService(
            local.subscription_id, transport=local.client().transport
        ) as service:
            service.CreateHostedService("shop", {"Location": "Mars"}, heard.append)
    (error,) = (rsp.error for rsp in heard)
    assert error is not None
    assert error.Message == "The location constraint is not valid."
