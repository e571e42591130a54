"""OpenTelemetry spans of calls and attempts. The only module that knows OpenTelemetry.

::

    client = ServiceManagementClient(subscription_id, auth, watcher=telemetry.Spans())

A call is an INTERNAL span named by its operation, ``CreateDeployment``; each attempt is a CLIENT span below
it, with the attributes of the HTTP client conventions: ``http.request.method``, ``url.full``,
``url.template``, ``server.address``, ``server.port``, ``http.response.status_code``,
``http.request.resend_count``, ``error.type``. The request id of an answer is ``azure.service_request_id``.
Neither bodies nor headers are in them. Needs the extra ``azure-iaas[otel]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from opentelemetry import trace
except ModuleNotFoundError as _error:
    raise ModuleNotFoundError(
        "azure_iaas.telemetry needs opentelemetry-api: pip install 'azure-iaas[otel]'", name=_error.name
    ) from _error

from azure_iaas.addresses import join_host
from azure_iaas.client import AttemptEnded, AttemptStarted, CallEnded, CallFacts, CallStarted, Event
from azure_iaas.version import __version__

if TYPE_CHECKING:
    from opentelemetry.trace import Span, TracerProvider
    from opentelemetry.util.types import AttributeValue


class Spans:
    """A watcher that makes spans.

    Args:
        provider: where the spans go; None takes the program's own, as set with ``set_tracer_provider``.
    """

    def __init__(self, provider: TracerProvider | None = None) -> None:
        self._tracer = trace.get_tracer("azure_iaas", __version__, provider)
        self._calls: dict[CallFacts, Span] = {}
        self._attempts: dict[CallFacts, Span] = {}

    def __call__(self, event: Event) -> None:
        """Take in an event."""
        call = event.call
        match event:
            case CallStarted():
                self._calls[call] = self._tracer.start_span(call.operation, kind=trace.SpanKind.INTERNAL)
            case AttemptStarted() if call in self._calls:
                self._attempts[call] = self._tracer.start_span(
                    f"{call.request.method} {call.path_template}",
                    trace.set_span_in_context(self._calls[call]),
                    kind=trace.SpanKind.CLIENT,
                    attributes=_of_request(call, event.number),
                )
            case AttemptEnded() if call in self._attempts:
                span = self._attempts.pop(call)
                if event.response is not None:
                    status = event.response.status
                    span.set_attribute("http.response.status_code", status)
                    if request_id := event.response.headers.get("x-ms-request-id"):
                        span.set_attribute("azure.service_request_id", request_id)
                    _end(span, str(status) if status >= 400 else None)
                else:
                    _end(span, None if event.error is None else _name(event.error))
            case CallEnded() if call in self._calls:
                _end(self._calls.pop(call), None if event.error is None else _name(event.error))
            case _:
                pass


def _of_request(call: CallFacts, number: int) -> dict[str, AttributeValue]:
    attributes: dict[str, AttributeValue] = {
        "http.request.method": call.request.method,
        "url.template": call.path_template,
    }
    if call.host is not None and call.port is not None:
        attributes["server.address"] = call.host
        attributes["server.port"] = call.port
        origin = join_host(call.host, call.port, default_port=443)
        attributes["url.full"] = f"https://{origin}{call.request.target}"
    if number > 1:
        attributes["http.request.resend_count"] = number - 1
    return attributes


def _name(error: BaseException) -> str:
    kind = type(error)
    return f"{kind.__module__.removesuffix('.errors')}.{kind.__qualname__}"


def _end(span: Span, error: str | None) -> None:
    if error is not None:
        span.set_attribute("error.type", error)
        span.set_status(trace.Status(trace.StatusCode.ERROR))
    span.end()
