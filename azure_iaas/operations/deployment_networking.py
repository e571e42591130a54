"""What a deployment's network has beside its roles: DNS servers, an internal load balancer, virtual IPs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from azure_iaas.models.deployments import DnsServer, LoadBalancer
from azure_iaas.operations import arguments
from azure_iaas.operations.deployments import place
from azure_iaas.operations.operation import ACCEPTED, Call, Document, Operation

if TYPE_CHECKING:
    from azure_iaas.operations.tracking import AcceptedOperation
    from azure_iaas.wire.messages import Method

TAKEN: Final = frozenset({202})
_DEPLOYMENT: Final = "/services/hostedservices/{serviceName}/deployments/{deploymentName}"


def _operation(
    name: str, rest_name: str, method: Method, path: str, since: str = "2012-03-01"
) -> Operation[AcceptedOperation]:
    return Operation(
        name=name,
        rest_name=rest_name,
        source="protocol 12.10" if "Virtual" in name else "protocol 12.2",
        method=method,
        path=f"{_DEPLOYMENT}{path}",
        since=since,
        success=TAKEN,
        answer=ACCEPTED,
    )


_DNS_SERVER: Final = "/dnsservers/{dnsServerName}"
_LOAD_BALANCER: Final = "/loadbalancers/{loadBalancerName}"
_SINCE: Final = "2014-05-01"

ADD_DNS_SERVER: Final = _operation("AddDnsServer", "Add DNS Server", "POST", "/dnsservers")
UPDATE_DNS_SERVER: Final = _operation("UpdateDnsServer", "Update DNS Server", "PUT", _DNS_SERVER)
DELETE_DNS_SERVER: Final = _operation("DeleteDnsServer", "Delete DNS Server", "DELETE", _DNS_SERVER)
ADD_LOAD_BALANCER: Final = _operation(
    "AddLoadBalancer", "Add Internal Load Balancer", "POST", "/loadbalancers", _SINCE
)
UPDATE_LOAD_BALANCER: Final = _operation(
    "UpdateLoadBalancer", "Update Internal Load Balancer", "PUT", _LOAD_BALANCER, _SINCE
)
DELETE_LOAD_BALANCER: Final = _operation(
    "DeleteLoadBalancer", "Delete Internal Load Balancer", "DELETE", _LOAD_BALANCER, _SINCE
)
ADD_VIRTUAL_IP: Final = _operation("AddVirtualIP", "Add Virtual IP", "POST", "/{virtualIPName}", _SINCE)
DELETE_VIRTUAL_IP: Final = _operation(
    "DeleteVirtualIP", "Delete Virtual IP", "DELETE", "/virtualIPs/{virtualIPName}", _SINCE
)

OPERATIONS: Final = (
    ADD_DNS_SERVER,
    UPDATE_DNS_SERVER,
    DELETE_DNS_SERVER,
    ADD_LOAD_BALANCER,
    UPDATE_LOAD_BALANCER,
    DELETE_LOAD_BALANCER,
    ADD_VIRTUAL_IP,
    DELETE_VIRTUAL_IP,
)


def _dns_server(method: str, name: str, address: str) -> Document:
    server = DnsServer(name=arguments.text(method, "name", name))
    server.address = arguments.text(method, "address", address)
    return Document(server, "DnsServer")


def add_dns_server(
    service_name: str, deployment_name: str, name: str, address: str
) -> Call[AcceptedOperation]:
    """Give a deployment a further name server."""
    body = _dns_server(ADD_DNS_SERVER.name, name, address)
    return Call(ADD_DNS_SERVER, place(service_name, deployment_name), body)


def update_dns_server(
    service_name: str, deployment_name: str, name: str, address: str
) -> Call[AcceptedOperation]:
    """Change a name server's address."""
    path = {**place(service_name, deployment_name), "dnsServerName": name}
    return Call(UPDATE_DNS_SERVER, path, _dns_server(UPDATE_DNS_SERVER.name, name, address))


def delete_dns_server(service_name: str, deployment_name: str, name: str) -> Call[AcceptedOperation]:
    """Take a name server away."""
    return Call(DELETE_DNS_SERVER, {**place(service_name, deployment_name), "dnsServerName": name})


def _load_balancer(method: str, given: object) -> tuple[str, Document]:
    balancer = arguments.coerce(method, "loadBalancer", given, LoadBalancer, closed=True)
    name = arguments.text(method, "loadBalancer.name", balancer.name)
    return name, Document(balancer, "LoadBalancer")


def add_load_balancer(
    service_name: str, deployment_name: str, load_balancer: object
) -> Call[AcceptedOperation]:
    """Give a deployment an internal load balancer; it can have one."""
    _, body = _load_balancer(ADD_LOAD_BALANCER.name, load_balancer)
    return Call(ADD_LOAD_BALANCER, place(service_name, deployment_name), body)


def update_load_balancer(
    service_name: str, deployment_name: str, load_balancer: object
) -> Call[AcceptedOperation]:
    """Change the internal load balancer of this name."""
    name, body = _load_balancer(UPDATE_LOAD_BALANCER.name, load_balancer)
    path = {**place(service_name, deployment_name), "loadBalancerName": name}
    return Call(UPDATE_LOAD_BALANCER, path, body)


def delete_load_balancer(service_name: str, deployment_name: str, name: str) -> Call[AcceptedOperation]:
    """Take the internal load balancer away."""
    return Call(DELETE_LOAD_BALANCER, {**place(service_name, deployment_name), "loadBalancerName": name})


def virtual_ip(
    operation: Operation[AcceptedOperation], service_name: str, deployment_name: str, name: str
) -> Call[AcceptedOperation]:
    """Add a further public address, or give it back."""
    return Call(operation, {**place(service_name, deployment_name), "virtualIPName": name})
