"""What is fuzzed: each harness takes any bytes, and lets nothing leave but what isn't documented.

The first line of an input says what it is about (the operation and status of an answer, the method and
target of a request), so that seeds can be read and mutations stay close to them; the rest is the body.
"""

from __future__ import annotations

import re
import tempfile
from binascii import crc32
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from azure_iaas.emulator.service import Service as LocalBackend
from azure_iaas.endpoint.backend import Peer
from azure_iaas.errors import ConfigurationError, ProtocolError, ServiceError
from azure_iaas.operations import REGISTRY
from azure_iaas.operations.operation import Terms
from azure_iaas.provisioning.progress.journal import Journal
from azure_iaas.provisioning.progress.ledger import Ledger
from azure_iaas.wire.messages import RawRequest, RawResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.wire.messages import Method

VECTORS: Final = Path(__file__).parents[2] / "tests" / "vectors"
SUBSCRIPTION: Final = "167a0c69-cb6f-4522-ba3e-d3bdc9c504e1"
NOW: Final = datetime(2013, 6, 7, tzinfo=UTC)
_TERMS: Final = Terms(SUBSCRIPTION, "2014-10-01")
_NAMES: Final = tuple(REGISTRY)
_BLOCK: Final = re.compile(r"^[<>] (.*)\n((?:(?![<>] |\w[\w -]*:).*\n?)*)", re.MULTILINE)


def read_answer(data: bytes) -> None:
    """Read an answer to the operation its first line names: ``Operation status content-type``."""
    line, _, body = data.partition(b"\n")
    name, status, kind = (*line.decode("latin-1").split(" ", 2), "", "", "")[:3]
    operation = REGISTRY[name if name in REGISTRY else _NAMES[crc32(line) % len(_NAMES)]]
    number = int(status) if re.fullmatch("[1-5][0-9][0-9]", status) else 200 + crc32(line) % 400
    headers = {"content-type": kind, "x-ms-request-id": "ab" * 16, "retry-after": kind, "date": kind}
    with suppress(ProtocolError, ServiceError):
        operation.parse(RawResponse(number, headers, body), _TERMS)


class Service:
    """The local service in memory, as after all golden requests; so again after every thousand."""

    def __init__(self) -> None:
        self._service = LocalBackend(subscriptions=[SUBSCRIPTION])
        self._count = 0
        # So that most seeds meet a hosted service and a deployment of their own.
        for seed in seeds("requests"):
            self.answer(seed)
        self._begun = self._service.snapshot()

    def answer(self, data: bytes) -> None:
        """Answer the request whose first line is ``METHOD target content-type``; a 500 is a finding too."""
        line, _, body = data.partition(b"\n")
        method, target, kind = (*line.decode("latin-1").split(" ", 2), "", "", "")[:3]
        self._count += 1
        if self._count % 1000 == 0:
            self._service.restore(self._begun)
        headers = {"x-ms-version": "2014-10-01", "content-type": kind}
        request = RawRequest(cast("Method", method), target, headers, body)
        response = self._service.handle(request, Peer(), NOW)
        if response.status >= 500:
            raise AssertionError(response.body)


def replay_journal(data: bytes) -> None:
    """Open a journal made of these bytes, and replay it."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(data)
        with suppress(ConfigurationError), Journal(file.name, plan="abc", subscription_id="sub") as journal:
            journal.replay(Ledger())


HARNESSES: Final[dict[str, Callable[[], Callable[[bytes], None]]]] = {
    "answers": lambda: read_answer,
    "requests": lambda: Service().answer,
    "journal": lambda: replay_journal,
}
"""Each makes the function that takes an input, by the name it is chosen with."""


def seeds(name: str) -> list[bytes]:
    """Inputs to begin with: the golden vectors', and a journal with one fact of each kind."""
    if name == "journal":
        return [_JOURNAL, *_JOURNAL.splitlines(keepends=True)]
    found = []
    for file in sorted(VECTORS.glob("*.txt")):
        for block in _BLOCK.finditer(file.read_text()):
            request = block[0].startswith(">")
            body = re.sub(r">\s+<", "><", block[2].strip())
            kind = "application/json" if body.startswith(("{", "[")) else "application/xml"
            if request is (name == "requests"):
                line = block[1] if request else f"{file.name.partition('.')[0]} {block[1][:3]}"
                found.append(f"{line} {kind}\n{body}".encode())
    return found


_STEP: Final = '"step":["create role","fleet","web","web01",null]'
_JOURNAL: Final = (
    '{"fact":"begin","at":1,"plan":"abc","subscription_id":"sub","format":1}\n'
    f'{{"fact":"intent","at":2.5,{_STEP},"operation":"AddRole","new_disks":[0,1]}}\n'
    f'{{"fact":"accepted","at":3,{_STEP},"request_id":"1f"}}\n'
    f'{{"fact":"refused","at":3,{_STEP},"error":{{"code":"x"}}}}\n'
    f'{{"fact":"failed","at":3,{_STEP},"error":{{"code":"x"}},"unknown":true}}\n'
    f'{{"fact":"found","at":3,{_STEP}}}\n'
    f'{{"fact":"done","at":4,{_STEP}}}\n'
    '{"fact":"ready","at":5,"role":["fleet","web","web01"]}\n'
    '{"fact":"not ready","at":5,"role":["fleet","web","web01"],"error":{"code":"x"}}\n'
    f'{{"fact":"removed","at":6,{_STEP},"what":"role web01"}}\n'
    '{"fact":"end","at":7}\n'
).encode()
