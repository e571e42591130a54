"""What a deployment's network has beside its roles.

Errors are those of :mod:`azure_iaas.client.documented`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.client.calling import Caller
from azure_iaas.operations import deployment_networking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.models.deployments import LoadBalancer
    from azure_iaas.operations.tracking import AcceptedOperation


class DeploymentNetworkingOperations(Caller):
    """DNS servers, the internal load balancer and the virtual IPs of a deployment."""

    async def add_dns_server(
        self, service_name: str, deployment_name: str, name: str, address: str
    ) -> AcceptedOperation:
        """Give a deployment a further name server.

        Source: "Add DNS Server" (protocol 12.2).
        """
        call = deployment_networking.add_dns_server(service_name, deployment_name, name, address)
        return await self._call(call)

    async def update_dns_server(
        self, service_name: str, deployment_name: str, name: str, address: str
    ) -> AcceptedOperation:
        """Change a name server's address.

        Source: "Update DNS Server" (protocol 12.2).
        """
        call = deployment_networking.update_dns_server(service_name, deployment_name, name, address)
        return await self._call(call)

    async def delete_dns_server(
        self, service_name: str, deployment_name: str, name: str
    ) -> AcceptedOperation:
        """Take a name server away.

        Source: "Delete DNS Server" (protocol 12.2).
        """
        return await self._call(deployment_networking.delete_dns_server(service_name, deployment_name, name))

    async def add_load_balancer(
        self, service_name: str, deployment_name: str, load_balancer: LoadBalancer | Mapping[str, Any]
    ) -> AcceptedOperation:
        """Give a deployment an internal load balancer; it can have one.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            load_balancer: Name, and FrontendIpConfiguration with Type ``Private``, SubnetName and
                StaticVirtualNetworkIPAddress.

        Source: "Add Internal Load Balancer" (protocol 12.2): x-ms-version 2014-05-01 or higher.
        """
        call = deployment_networking.add_load_balancer(service_name, deployment_name, load_balancer)
        return await self._call(call)

    async def update_load_balancer(
        self, service_name: str, deployment_name: str, load_balancer: LoadBalancer | Mapping[str, Any]
    ) -> AcceptedOperation:
        """Change the internal load balancer of this name.

        Source: "Update Internal Load Balancer" (protocol 12.2).
        """
        call = deployment_networking.update_load_balancer(service_name, deployment_name, load_balancer)
        return await self._call(call)

    async def delete_load_balancer(
        self, service_name: str, deployment_name: str, name: str
    ) -> AcceptedOperation:
        """Take the internal load balancer away.

        Source: "Delete Internal Load Balancer" (protocol 12.2).
        """
        call = deployment_networking.delete_load_balancer(service_name, deployment_name, name)
        return await self._call(call)

    async def add_virtual_ip(self, service_name: str, deployment_name: str, name: str) -> AcceptedOperation:
        """Give a deployment a further public address.

        Source: "Add Virtual IP" (protocol 12.10), as the generated client has it.
        """
        operation = deployment_networking.ADD_VIRTUAL_IP
        return await self._call(
            deployment_networking.virtual_ip(operation, service_name, deployment_name, name)
        )

    async def delete_virtual_ip(
        self, service_name: str, deployment_name: str, name: str
    ) -> AcceptedOperation:
        """Give a further public address back.

        Source: "Delete Virtual IP" (protocol 12.10), as the generated client has it.
        """
        operation = deployment_networking.DELETE_VIRTUAL_IP
        return await self._call(
            deployment_networking.virtual_ip(operation, service_name, deployment_name, name)
        )
