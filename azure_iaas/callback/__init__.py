"""The callback API as it was documented for NodeJS, on top of the async client.

::

    import azure_iaas.callback as azure

    iaasClient = azure.createServiceManagementService(subscriptionId, auth)
    iaasClient.CreateHostedService("sampleService2", lambda rsp: print(rsp.isSuccessful))
"""

from azure_iaas.callback.bound import BoundService
from azure_iaas.callback.documented import DocumentedMethods
from azure_iaas.callback.host import DEFAULT_DRAIN_TIMEOUT_SECONDS
from azure_iaas.callback.response import DocumentedObject, Headers, Response
from azure_iaas.callback.service import ServiceManagementService, createServiceManagementService

__all__ = [
    "DEFAULT_DRAIN_TIMEOUT_SECONDS",
    "BoundService",
    "DocumentedMethods",
    "DocumentedObject",
    "Headers",
    "Response",
    "ServiceManagementService",
    "createServiceManagementService",
]
