"""Asyncio client for the Azure IaaS Service Management API, with a callback adapter and a local service."""

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
from azure_iaas.version import __version__

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
