"""Spans of calls and attempts, by the conventions for HTTP clients."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import anyio
import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from azure_iaas import ResourceNotFoundError, ServiceManagementClient
from azure_iaas.telemetry import Spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.sdk.trace import ReadableSpan

pytestmark = pytest.mark.anyio

LOCATIONS = httpx.Response(
    200,
    headers={"content-type": "application/xml", "x-ms-request-id": "ab" * 16},
    content=b"<Locations/>",
)


@pytest.fixture
def exporter() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def client_of(
    exporter: InMemorySpanExporter, answer: Callable[[httpx.Request], httpx.Response]
) -> ServiceManagementClient:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return ServiceManagementClient(
        "sub", transport=httpx.MockTransport(answer), random=lambda: 0.0, watcher=Spans(provider)
    )


def facts(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


async def test_a_call_and_its_attempts(exporter: InMemorySpanExporter) -> None:
    answers = [httpx.Response(500), LOCATIONS]
    async with client_of(exporter, lambda _: answers.pop(0)) as client:
        await client.list_locations()
    first, second, call = exporter.get_finished_spans()
    assert (call.name, call.kind, call.status.status_code) == (
        "ListLocations",
        SpanKind.INTERNAL,
        StatusCode.UNSET,
    )
    for span in (first, second):
        assert (span.name, span.kind) == ("GET /locations", SpanKind.CLIENT)
        assert span.parent is not None
        assert call.context is not None
        assert span.parent.span_id == call.context.span_id
    common = {
        "http.request.method": "GET",
        "url.template": "/locations",
        "url.full": "https://management.core.windows.net/sub/locations",
        "server.address": "management.core.windows.net",
        "server.port": 443,
    }
    assert facts(first) == {**common, "http.response.status_code": 500, "error.type": "500"}
    assert first.status.status_code is StatusCode.ERROR
    assert facts(second) == {
        **common,
        "http.response.status_code": 200,
        "http.request.resend_count": 1,
        "azure.service_request_id": "ab" * 16,
    }


async def test_failures(exporter: InMemorySpanExporter) -> None:
    async with client_of(exporter, lambda _: httpx.Response(404)) as client:
        with pytest.raises(ResourceNotFoundError):
            await client.list_locations()
    attempt, call = exporter.get_finished_spans()
    assert facts(attempt)["error.type"] == "404"
    assert facts(call) == {"error.type": "azure_iaas.ResourceNotFoundError"}
    assert call.status.status_code is StatusCode.ERROR


async def test_a_cancelled_call_ends_its_spans(exporter: InMemorySpanExporter) -> None:
    async def never(_: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError

    client = client_of(exporter, never)  # type: ignore[arg-type]
    async with client:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(client.list_locations)
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()
        tasks.cancel_scope.cancel()
    assert [span.name for span in exporter.get_finished_spans()] == ["GET /locations", "ListLocations"]


def test_it_is_imported_only_when_used() -> None:
    program = "import sys, azure_iaas, azure_iaas.cli.main; sys.exit('opentelemetry' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
