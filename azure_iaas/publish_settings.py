"""Publish settings files: the subscriptions in one, with a management certificate each.

The portal gave them out ("Certificate sources of clients", protocol.md 1.3). Format 1.0 has one certificate
and one address for all subscriptions, format 2.0 (``SchemaVersion``) has them with each.
"""

from __future__ import annotations

from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from xml.parsers.expat import ExpatError

from azure_iaas.errors import ConfigurationError, quoted


@dataclass(frozen=True, slots=True)
class PublishedSubscription:
    """One subscription of a publish settings file.

    Attributes:
        subscription_id: its id, as the file has it.
        name: its name; empty when the file has none.
        url: where it is managed, such as ``https://management.core.windows.net/``, or None.
        encoded_bundle: its certificate and key: PKCS#12 without a password, in base64; secret.
    """

    subscription_id: str
    name: str
    url: str | None
    encoded_bundle: str = field(repr=False)

    def bundle(self, source: str) -> bytes:
        """Give the PKCS#12 bundle; secret.

        Raises:
            ConfigurationError: it isn't base64.
        """
        try:
            return b64decode(self.encoded_bundle)
        except ValueError:
            raise ConfigurationError(f"{source}: its certificate isn't base64") from None


def published_subscriptions(text: str, source: str) -> list[PublishedSubscription]:
    """Read a publish settings file; one subscription at least.

    Args:
        text: the file's text.
        source: how errors call it.

    Raises:
        ConfigurationError: it isn't such a file, or has no subscription with a certificate.
    """
    import xmltodict  # noqa: PLC0415 - few programs read such a file

    # The file is the user's own; a DOCTYPE, which none has, is refused, so no entity is ever expanded.
    if "<!DOCTYPE" in text:
        raise ConfigurationError(f"{source}: not a publish settings file")
    document: Any = None
    with suppress(ExpatError):
        document = xmltodict.parse(text, attr_prefix="", force_list=("PublishProfile", "Subscription"))
    if document is None:
        raise ConfigurationError(f"{source}: not a publish settings file (not XML)")
    found: dict[str, PublishedSubscription] = {}
    for profile in _elements(document.get("PublishData"), "PublishProfile"):
        for element in _elements(profile, "Subscription"):
            encoded = element.get("ManagementCertificate") or profile.get("ManagementCertificate")
            identity = element.get("Id")
            if encoded and identity:
                found[identity.lower()] = PublishedSubscription(
                    identity,
                    element.get("Name") or "",
                    element.get("ServiceManagementUrl") or profile.get("Url"),
                    encoded,
                )
    if not found:
        raise ConfigurationError(f"{source}: no subscription with a management certificate in it")
    return list(found.values())


def _elements(parent: Any, name: str) -> list[dict[str, Any]]:
    """The elements of this name, with their attributes; an empty element has none."""
    children = parent.get(name, []) if isinstance(parent, dict) else []
    return [each for each in children if isinstance(each, dict)]


def chosen(
    subscriptions: list[PublishedSubscription], subscription_id: str | None, source: str
) -> PublishedSubscription:
    """Give the subscription meant; None will do when all share one certificate.

    Raises:
        ConfigurationError: it isn't among them, or has to be named; they are listed.
    """
    listed = ", ".join(item.subscription_id for item in subscriptions)
    if subscription_id is None:
        if len({item.encoded_bundle for item in subscriptions}) != 1:
            raise ConfigurationError(f"{source}: say which subscription: {listed}")
        return subscriptions[0]
    for item in subscriptions:
        if item.subscription_id.lower() == subscription_id.lower():
            return item
    raise ConfigurationError(f"{source}: subscription {quoted(subscription_id)} isn't in it; it has {listed}")
