"""What operations on service certificates do at their end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from azure_iaas.emulator.effect import Effect, kept_as
from azure_iaas.emulator.state import ServiceCertificate

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Subscription
    from azure_iaas.emulator.world import World


@kept_as("certificate_added")
@dataclass(frozen=True, slots=True)
class CertificateAdded(Effect):
    """A hosted service has a certificate; ``data`` is its public part as base64."""

    service: str
    thumbprint: str
    data: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Add the certificate."""
        service = subscription.hosted_services.get(self.service)
        if service is not None:
            service.certificates[self.thumbprint.lower()] = ServiceCertificate(self.thumbprint, self.data)
            subscription.hosted_services.touch(service.name)


@kept_as("certificate_removed")
@dataclass(frozen=True, slots=True)
class CertificateRemoved(Effect):
    """A hosted service has lost a certificate."""

    service: str
    thumbprint: str

    def apply(self, world: World, subscription: Subscription, at: float) -> None:
        """Remove the certificate."""
        service = subscription.hosted_services.get(self.service)
        if service is not None:
            service.certificates.pop(self.thumbprint.lower(), None)
            subscription.hosted_services.touch(service.name)
