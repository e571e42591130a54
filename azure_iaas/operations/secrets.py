"""Secrets a client has sent, and their removal from what the service says. Pure.

The service's texts may repeat what was sent: ``The value ... for AdminPassword is invalid``.
"""

from __future__ import annotations

import base64
import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from azure_iaas.models import AzureModel
from azure_iaas.wire import xml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORTEST: Final = 6
"""Removing shorter texts would garble the answer; the service's shortest password has 6 characters."""
REMEMBERED: Final = 1000
_TELLING: Final = re.compile(r"passw|secret|customdata|accountdata|key", re.IGNORECASE)
MASK: Final = b"**********"


def secrets_in(value: object) -> Iterator[str]:
    """Give the secrets of a request's document.

    Of elements no model knows, those whose name sounds like one.
    """
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, AzureModel):
        for each in value.__dict__.values():
            if each and not isinstance(each, str):  # most are neither
                yield from secrets_in(each)
        if value.model_extra:
            yield from secrets_in(value.model_extra)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if isinstance(each, str) and sounds_secret(name):
                yield each
            else:
                yield from secrets_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from secrets_in(each)


def sounds_secret(name: str) -> bool:
    """Whether an element no model knows may hold a secret, by its name."""
    return _TELLING.search(name) is not None


class SentSecrets:
    """The last secrets a client has sent; nothing shows them."""

    def __init__(self) -> None:
        self._forms: OrderedDict[bytes, None] = OrderedDict()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def remember(self, secrets: Iterable[str]) -> None:
        """Keep secrets, in every form an answer may have them; the oldest are forgotten."""
        for secret in secrets:
            if len(secret) >= SHORTEST:
                for form in _forms(secret):
                    self._forms[form] = None
                    self._forms.move_to_end(form)
        while len(self._forms) > REMEMBERED:
            self._forms.popitem(last=False)

    def removed_from(self, body: bytes) -> bytes:
        """Give an answer's body with each of them masked; the same object where there is none."""
        for form in sorted((form for form in self._forms if form in body), key=len, reverse=True):
            body = body.replace(form, MASK)
        return body


def _forms(secret: str) -> set[bytes]:
    raw = secret.encode("utf-8", "replace")
    forms = {raw, base64.b64encode(raw), json.dumps(secret)[1:-1].encode()}
    forms |= {
        secret.translate(escapes).encode("utf-8", "replace")
        for escapes in (xml.MARKUP, xml.MARKUP | xml.QUOTES)
    }
    with suppress(ValueError):  # not base64, as custom data is
        forms.add(base64.b64decode(raw, validate=True))
    return {form for form in forms if len(form) >= SHORTEST}
