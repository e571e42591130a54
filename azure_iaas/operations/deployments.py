"""Deployments of virtual machines, with their DNS servers, load balancers and virtual IPs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.models import Deployment, DeployOptions, DnsServer, LoadBalancer
from azure_iaas.models.documents import (
    ChangeConfiguration,
    CreateDeployment,
    LoadBalancedEndpointList,
    Swap,
    UpdateDeploymentStatus,
)
from azure_iaas.operations import arguments
from azure_iaas.operations.answers import OneObject
from azure_iaas.operations.operation import Document, Group, Parts, read, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from azure_iaas.models import ExternalEndpoint, VMRole
    from azure_iaas.models.mappings import (
        ChangeConfigurationDict,
        DeployOptionsDict,
        ExternalEndpointDict,
        LoadBalancerDict,
        VMRoleDict,
    )

_SERVICE = "/services/hostedservices/{service_name}"
_ONE = f"{_SERVICE}/deployments/{{deployment_name}}"
_BY_SLOT = f"{_SERVICE}/deploymentslots/{{deployment_slot}}"
_DNS_SERVERS = f"{_ONE}/dnsservers"
_DNS_SERVER = f"{_DNS_SERVERS}/{{name}}"
_LOAD_BALANCERS = f"{_ONE}/loadbalancers"
_LOAD_BALANCER = f"{_LOAD_BALANCERS}/{{name}}"
_SINCE = "2014-05-01"


class Deployments(Group):
    """Deployments."""

    @read(_ONE, "Get Deployment (ee460804)", OneObject(Deployment, "Deployment"), since="2009-10-01")
    def get_deployment(self, service_name: str, deployment_name: str) -> None:
        """Read a deployment with its roles and instances.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
        """

    @read(_BY_SLOT, "Get Deployment (ee460804)", OneObject(Deployment, "Deployment"), since="2009-10-01")
    def get_deployment_by_slot(self, service_name: str, deployment_slot: str) -> Parts:
        """Read the deployment in a slot.

        Args:
            service_name: name of the cloud service.
            deployment_slot: ``Production`` or ``Staging``, in any case.
        """
        return Parts(path={"deployment_slot": arguments.slot("deployment_slot", deployment_slot)})

    @write(
        "POST",
        f"{_SERVICE}/deployments",
        "Create Virtual Machine Deployment (jj157194)",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def create_deployment(
        self,
        service_name: str,
        deployment_name: str,
        role: VMRole | VMRoleDict | Mapping[str, Any],
        options: DeployOptions | Deployment | DeployOptionsDict | Mapping[str, Any] | None = None,
    ) -> Parts:
        """Create a deployment with its first virtual machine. Never repeat it blindly.

        Its operation succeeds before the machine is ready: that is when the instance in
        ``get_deployment`` is ``ReadyRole``.

        Args:
            service_name: an existing cloud service.
            deployment_name: unique in the service.
            role: the machine; ``role_name``, and ``os_disk`` or ``vm_image_name``, are required.
            options: DeploymentSlot (default ``Production``), Label (default: the name),
                UpgradeDomainCount, and the others of :class:`~azure_iaas.models.DeployOptions`.

        Raises:
            ConflictError: kind ``SLOT_OCCUPIED``: there is a deployment already, add the role to it; or
                ``EXCLUSIVE_ACCESS``: another write is under way.
        """
        arguments.new_name("deployment_name", deployment_name)
        checked_role = arguments.new_role(role)
        given = arguments.coerce("options", options, DeployOptions, required=False, closed=True)
        slot = "Production" if given.deployment_slot is None else given.deployment_slot
        document = CreateDeployment(
            name=deployment_name,
            deployment_slot=arguments.slot("options.deployment_slot", slot),
            label=given.label or deployment_name,
            role_list=[checked_role],
        )
        for attribute in ("upgrade_domain_count", "virtual_network_name", "dns", "reserved_ip_name"):
            if (value := getattr(given, attribute)) is not None:
                setattr(document, attribute, value)
        if given.load_balancers:
            document.load_balancers = given.load_balancers
        return Parts(Document(document, "Deployment", argument="options", part=("role_list[0]", "role")))

    @write(
        "DELETE",
        _ONE,
        "Delete Deployment (ee460815)",
        since="2009-10-01",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def delete_deployment(
        self, service_name: str, deployment_name: str, *, delete_media: bool = False
    ) -> Parts:
        """Delete a deployment with all its machines. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            delete_media: delete the disks and their blobs too (x-ms-version 2013-08-01); otherwise they stay,
                and are billed.
        """
        return Parts.media(delete_media)

    @write(
        "DELETE",
        _BY_SLOT,
        "Delete Deployment (ee460815)",
        since="2009-10-01",
        shown_by="get_deployment_by_slot(service_name, deployment_slot)",
    )
    def delete_deployment_by_slot(self, service_name: str, deployment_slot: str) -> Parts:
        """Delete the deployment in a slot; its disks stay. Look what is in the slot before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_slot: ``Production`` or ``Staging``, in any case.
        """
        return Parts(path={"deployment_slot": arguments.slot("deployment_slot", deployment_slot)})

    @write(
        "POST",
        _SERVICE,
        "Swap Deployment (ee460814)",
        since="2009-10-01",
        shown_by="get_deployment_by_slot(service_name, 'Production')",
    )
    def swap_deployment(self, service_name: str, production: str, source_deployment: str) -> Parts:
        """Exchange the deployments of the two slots. Not for virtual machines. Repeating it swaps back.

        Args:
            service_name: name of the cloud service.
            production: name of the deployment in production.
            source_deployment: name of the deployment in staging.
        """
        return Parts(Document(Swap(production=production, source_deployment=source_deployment), "Swap"))

    @write(
        "POST",
        f"{_ONE}/",
        "Update Deployment Status (ee460808)",
        query="comp=status",
        since="2009-10-01",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def update_deployment_status(self, service_name: str, deployment_name: str, status: str) -> Parts:
        """Run or suspend a web or worker deployment. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            status: ``Running`` or ``Suspended``.
        """
        arguments.one_of("status", status, ("Running", "Suspended"))
        return Parts(Document(UpdateDeploymentStatus(status=status), "UpdateDeploymentStatus"))

    @write(
        "POST",
        f"{_ONE}/",
        "Change Deployment Configuration (protocol 12.2)",
        query="comp=config",
        since="2009-10-01",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def change_deployment_configuration(
        self, service_name: str, deployment_name: str, change: ChangeConfigurationDict | Mapping[str, Any]
    ) -> Parts:
        """Change the service configuration of a web or worker deployment. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            change: Configuration (base64 of the document), TreatWarningsAsError, Mode, ExtendedProperties.
        """
        document = arguments.coerce("change", change, ChangeConfiguration, closed=True)
        return Parts(Document(document, "ChangeConfiguration", argument="change"))

    @write(
        "POST",
        _ONE,
        "Update Load Balanced Endpoint Set (dn469417)",
        query="comp=UpdateLbSet",
        since="2013-06-01",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def update_load_balanced_set(
        self,
        service_name: str,
        deployment_name: str,
        endpoints: Sequence[ExternalEndpoint | ExternalEndpointDict | Mapping[str, Any]],
    ) -> Parts:
        """Change the endpoints of load balanced sets in all roles at once. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            endpoints: the endpoints as they are to be, each with its LoadBalancedEndpointSetName.
        """
        if not isinstance(endpoints, (list, tuple)):
            raise arguments.refused("endpoints", "a list of endpoints is required")
        document = arguments.coerce("endpoints", {"InputEndpoint": endpoints}, LoadBalancedEndpointList)
        body = Document(document, "LoadBalancedEndpointList", part=("input_endpoints", "endpoints"))
        return Parts(body)

    # --- what its network has beside its roles -----------------------------------------------------------

    @write(
        "POST",
        _DNS_SERVERS,
        "Add DNS Server (protocol 12.2)",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def add_dns_server(self, service_name: str, deployment_name: str, name: str, address: str) -> Parts:
        """Give a deployment a further name server. Look for it before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the name server, unique in the deployment.
            address: its address.
        """
        return Parts(Document(DnsServer(name=name, address=address), "DnsServer"))

    @write(
        "PUT",
        _DNS_SERVER,
        "Update DNS Server (protocol 12.2)",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def update_dns_server(self, service_name: str, deployment_name: str, name: str, address: str) -> Parts:
        """Change a name server's address. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the name server.
            address: its new address.
        """
        return Parts(Document(DnsServer(name=name, address=address), "DnsServer"))

    @write(
        "DELETE",
        _DNS_SERVER,
        "Delete DNS Server (protocol 12.2)",
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def delete_dns_server(self, service_name: str, deployment_name: str, name: str) -> None:
        """Take a name server away. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the name server.
        """

    @write(
        "POST",
        _LOAD_BALANCERS,
        "Add Internal Load Balancer (protocol 12.2)",
        since=_SINCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def add_load_balancer(
        self,
        service_name: str,
        deployment_name: str,
        load_balancer: LoadBalancer | LoadBalancerDict | Mapping[str, Any],
    ) -> Parts:
        """Give a deployment an internal load balancer; it can have one. Look for it before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            load_balancer: Name, and FrontendIpConfiguration with Type ``Private``, SubnetName and
                StaticVirtualNetworkIPAddress.
        """
        balancer = arguments.coerce("load_balancer", load_balancer, LoadBalancer, closed=True)
        arguments.text("load_balancer.name", balancer.name)
        return Parts(Document(balancer, "LoadBalancer", argument="load_balancer"))

    @write(
        "PUT",
        _LOAD_BALANCER,
        "Update Internal Load Balancer (protocol 12.2)",
        since=_SINCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def update_load_balancer(
        self,
        service_name: str,
        deployment_name: str,
        load_balancer: LoadBalancer | LoadBalancerDict | Mapping[str, Any],
    ) -> Parts:
        """Change the internal load balancer of this name. May be repeated.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            load_balancer: Name, and FrontendIpConfiguration with Type ``Private``, SubnetName and
                StaticVirtualNetworkIPAddress.
        """
        balancer = arguments.coerce("load_balancer", load_balancer, LoadBalancer, closed=True)
        name = arguments.segment("load_balancer.name", balancer.name)
        body = Document(balancer, "LoadBalancer", argument="load_balancer")
        return Parts(body, path={"name": name})

    @write(
        "DELETE",
        _LOAD_BALANCER,
        "Delete Internal Load Balancer (protocol 12.2)",
        since=_SINCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def delete_load_balancer(self, service_name: str, deployment_name: str, name: str) -> None:
        """Take the internal load balancer away. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the load balancer.
        """

    @write(
        "POST",
        f"{_ONE}/{{name}}",
        "Add Virtual IP (protocol 12.10)",
        since=_SINCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def add_virtual_ip(self, service_name: str, deployment_name: str, name: str) -> None:
        """Give a deployment a further public address, as the generated client does.

        Look for it before repeating it.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the address.
        """

    @write(
        "DELETE",
        f"{_ONE}/virtualIPs/{{name}}",
        "Delete Virtual IP (protocol 12.10)",
        since=_SINCE,
        shown_by="get_deployment(service_name, deployment_name)",
    )
    def delete_virtual_ip(self, service_name: str, deployment_name: str, name: str) -> None:
        """Give a further public address back, as the generated client does. May be repeated: gone is 404.

        Args:
            service_name: name of the cloud service.
            deployment_name: name of the deployment.
            name: name of the address.
        """
