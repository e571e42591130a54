"""Hostile answers, requests and journals: typed errors only, whatever the bytes."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from azure_iaas import AzureError, ServiceManagementClient
from azure_iaas.operations import REGISTRY
from azure_iaas.operations.operation import Call
from azure_iaas.wire.messages import RawRequest
from tests import soak
from tests.transport_peers import CA_PEM, CERTIFICATE, Peer, answer, serving
from tools.fuzz.harnesses import HARNESSES, seeds
from tools.fuzz.mutation import mutations

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyio.abc import ByteStream

COUNT = soak.number(2_000, 100_000)
OVER_TLS = soak.number(200, 10_000)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", HARNESSES)
def test_whatever_comes_only_documented_errors_leave(name: str, tell: Callable[[str], None]) -> None:
    harness = HARNESSES[name]()
    longest = 0.0
    for data in mutations(seeds(name), Random(2012), COUNT):
        began = time.perf_counter()
        try:
            harness(data)
        except Exception as error:
            raise AssertionError(data) from error
        longest = max(longest, time.perf_counter() - began)
    # Told, not asserted: it is the machine's as much as the program's.
    tell(f"{COUNT} {name} fuzzed: the longest took {longest * 1000:.0f} ms")


@pytest.mark.anyio
@pytest.mark.timeout(soak.number(120, 1800))
async def test_whatever_is_answered_over_tls_too(anyio_backend: str, tell: Callable[[str], None]) -> None:
    random = Random(2013)
    answers = list(mutations(seeds("answers"), random, 10 * OVER_TLS))
    named: list[str] = []

    async def hostile(peer: Peer, stream: ByteStream) -> None:
        while True:
            await peer.read(stream)
            line, _, body = answers[len(peer.requests) - 1].partition(b"\n")
            status = line.split(b" ")[1].decode("latin-1") if line.count(b" ") else ""
            known = status if status.isascii() and status.isdigit() and len(status) == 3 else "200"
            headers = ("Content-Type: application/xml", f"x-ms-request-id: {'ab' * 16}")
            data = answer(body, f"{known} OK", *headers)
            if peer.connections % 2:
                await stream.send(data)
            else:
                # Its framing may promise more than there is: after it the connection ends.
                await stream.send(next(mutations([data], random, 1)))
                return
            if random.random() < 0.1:
                return

    async with serving(hostile) as peer:
        client = ServiceManagementClient(
            "sub", CERTIFICATE, host=f"localhost:{peer.port}", ca=CA_PEM, random=lambda: 0.0, fail_fast=False
        )
        async with client:
            for _ in range(OVER_TLS):
                name = answers[len(peer.requests)].partition(b" ")[0].decode("latin-1")
                operation = REGISTRY.get(name, REGISTRY["GetDeployment"])
                try:
                    await client._call(Call(operation, RawRequest("GET", "/sub/x")))
                except AzureError as error:
                    named.append(type(error).__name__)
    assert len(peer.requests) >= OVER_TLS > len(named)
    assert len(set(named)) >= 5
    tell(f"{len(peer.requests)} hostile answers over TLS on {anyio_backend}: {len(named)} typed errors")
