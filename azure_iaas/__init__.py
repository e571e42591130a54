"""Asyncio client for the Azure IaaS Service Management API, with a callback adapter and a local service.

A name is imported from its module when it is first asked for: a program that needs a part pays for that part.
"""

from importlib import import_module

from azure_iaas.version import __version__

TYPE_CHECKING = False  # not from typing, whose import would take most of the time of this one

if TYPE_CHECKING:
    from azure_iaas.client import Exchange, Progress, ServiceManagementClient, observed, watched
    from azure_iaas.config import ClientOptions
    from azure_iaas.credentials import ManagementCertificate
    from azure_iaas.errors import (
        AuthenticationError,
        AzureError,
        BadRequestError,
        ConfigurationError,
        ConflictError,
        ConflictKind,
        ConnectError,
        ConnectionLostError,
        InvalidArgumentError,
        OperationFailedError,
        OperationTimeoutError,
        OutageError,
        OutcomeUnknownError,
        ProtocolError,
        ProvisioningError,
        RequestTimeoutError,
        ResourceNotFoundError,
        ServerError,
        ServiceError,
        ThrottledError,
        TLSError,
        TransportError,
    )
    from azure_iaas.operations.tracking import AcceptedOperation
    from azure_iaas.transport import deadline

__all__ = [
    "AcceptedOperation",
    "AuthenticationError",
    "AzureError",
    "BadRequestError",
    "ClientOptions",
    "ConfigurationError",
    "ConflictError",
    "ConflictKind",
    "ConnectError",
    "ConnectionLostError",
    "Exchange",
    "InvalidArgumentError",
    "ManagementCertificate",
    "OperationFailedError",
    "OperationTimeoutError",
    "OutageError",
    "OutcomeUnknownError",
    "Progress",
    "ProtocolError",
    "ProvisioningError",
    "RequestTimeoutError",
    "ResourceNotFoundError",
    "ServerError",
    "ServiceError",
    "ServiceManagementClient",
    "TLSError",
    "ThrottledError",
    "TransportError",
    "__version__",
    "deadline",
    "observed",
    "watched",
]

_ELSEWHERE = {
    "AcceptedOperation": "operations.tracking",
    "ClientOptions": "config",
    "Exchange": "client",
    "ManagementCertificate": "credentials",
    "Progress": "client",
    "ServiceManagementClient": "client",
    "deadline": "transport",
    "observed": "client",
    "watched": "client",
}
"""The modules of the public names that aren't in ``errors``."""
_MODULES = ("client", "config", "credentials", "errors", "models", "operations", "transport")
"""What ``import azure_iaas`` alone gives as well: ``azure_iaas.models.VMRole``."""


if not TYPE_CHECKING:  # which would take any name for one that is there

    def __getattr__(name: str) -> object:
        if name in _MODULES:
            return import_module(f"{__name__}.{name}")
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'errors')}"), name)
        globals()[name] = value
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__, *_MODULES})
