"""Answers lost before and after the service acted: nothing twice, and every error says where to look."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from azure_iaas import (
    ConnectionLostError,
    OutcomeUnknownError,
    RequestTimeoutError,
    ResourceNotFoundError,
    ServiceManagementClient,
)
from azure_iaas.emulator import LocalService
from tests import soak

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.transport import Sender
    from azure_iaas.wire.messages import RawRequest, RawResponse


class Losing:
    """Loses the answer of every write, before or after the service has acted."""

    def __init__(self, sender: Sender, random: Random) -> None:
        self.sender = sender
        self.random = random
        self.sent: Counter[bytes] = Counter()
        self.acted: set[bytes] = set()

    async def send(self, request: RawRequest) -> RawResponse:
        if request.method == "GET":
            return await self.sender.send(request)
        self.sent[request.body] += 1
        if self.random.random() < 0.5:
            await self.sender.send(request)
            self.acted.add(request.body)
        raise self.random.choice([ConnectionLostError("reset"), RequestTimeoutError("no answer")])


@pytest.mark.anyio
async def test_lost_answers_do_nothing_twice_and_say_where_to_look(tell: Callable[[str], None]) -> None:
    count = soak.number(50, 500)
    shown = 0
    async with LocalService(sockets=False) as service:
        sender = Losing(service.sender(), Random(1))
        client = ServiceManagementClient(service.subscription_id, transport=sender)
        for number in range(count):
            with pytest.raises(OutcomeUnknownError) as caught:
                await client.create_hosted_service(f"lost-{number}", {"Location": "West US"})
            error = caught.value
            assert error.may_have_been_carried_out
            assert error.resource == f"hosted service 'lost-{number}'"
            assert error.look_with == f"get_hosted_service('lost-{number}')"
            assert error.look_with in str(error)
            try:
                # The call is Python of this client's, so it is made as it is printed.
                await eval(f"client.{error.look_with}", {"client": client})  # noqa: S307
                shown += 1
            except ResourceNotFoundError:
                pass
    tell(f"{count} lost answers: {shown} carried out and shown, {count - shown} not; 0 duplicates")
    assert set(sender.sent.values()) == {1}
    assert shown == len(sender.acted)
    assert 0 < shown < count
