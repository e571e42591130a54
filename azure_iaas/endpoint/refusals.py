"""Every error document of the service, with its exact wording, in one place.

Texts marked *recorded* were seen in traffic of the real service, are matched by clients of its time
(protocol.md, 7.3 and chapter 8) or are quoted in reports of their users. A text marked ``# Unverified:`` has
no source; a recording of the situation would settle it. ``Code`` and status follow the reference ("Service
Management Status and Error Codes", ee460801).
"""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - the service's answer, not a failure of this program
    """The service refuses: an HTTP status and an error document.

    Attributes:
        status: HTTP status code.
        code: value of ``Code`` in the error document.
        message: value of ``Message``.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def bad_request(message: str) -> Refusal:
    """400 ``BadRequest``: by far the most common, told apart by its text only."""
    return Refusal(400, "BadRequest", message)


def not_found(message: str) -> Refusal:
    """404 ``ResourceNotFound``."""
    return Refusal(404, "ResourceNotFound", message)


def conflict(message: str) -> Refusal:
    """409 ``ConflictError``."""
    return Refusal(409, "ConflictError", message)


# The request as a whole


def missing_version() -> Refusal:
    """``x-ms-version`` is absent, malformed, or older than the operation."""
    return Refusal(
        400,
        "MissingOrIncorrectVersionHeader",
        "The versioning header is not specified or was specified incorrectly.",
    )


def forbidden() -> Refusal:
    """The certificate isn't one of the subscription, or the subscription is unknown."""
    return Refusal(
        403,
        "ForbiddenError",
        "The server failed to authenticate the request. Verify that the certificate is valid and is "
        "associated with this subscription.",
    )


def unknown_path() -> Refusal:
    """No operation has this path."""
    # Unverified: the message for an unknown path; status and code are the reference's.
    return not_found("The specified resource does not exist.")


def wrong_method() -> Refusal:
    """The path exists, the verb doesn't."""
    return Refusal(
        400,
        "InvalidHttpVerb",
        "The HTTP verb specified was not recognized by the server or is not valid for this resource.",
    )


def wrong_query() -> Refusal:
    """A query parameter the operation needs is absent or has another value."""
    return Refusal(
        400,
        "MissingOrInvalidRequiredQueryParameter",
        "A required query parameter was not specified for this request or was specified incorrectly.",
    )


def invalid_xml(detail: str = "") -> Refusal:
    """The body isn't XML (or JSON), or has the wrong root element."""
    text = "The request body's XML was invalid or not correctly specified."
    return Refusal(400, "InvalidXmlRequest", f"{text} {detail}".rstrip())


def incorrect_parameter() -> Refusal:
    """Recorded, without a full stop: an element is missing or has a wrong value."""
    return bad_request("A parameter was incorrect")


def strict_element(path: str, why: str) -> Refusal:
    """Strict mode only: names the element the real service would have skipped or refused without a word."""
    return bad_request(f"The element '{path}' {why}.")


def invalid_value(value: object, parameter: str, allowed: str) -> Refusal:
    """Recorded form: ``Value '0' specified for parameter 'InputEndpoint.LocalPort' is invalid. ...``."""
    return bad_request(
        f"Value '{value}' specified for parameter '{parameter}' is invalid. Allowed values are '{allowed}'."
    )


def internal_error() -> Refusal:
    """The service itself failed."""
    return Refusal(
        500, "InternalError", "The server encountered an internal error. Please retry the request."
    )


def quota_exceeded(resource: str, limit: int, current: int, increment: int) -> Refusal:
    """A limit of the subscription; ``resource`` is for example ``cores count``."""
    return bad_request(
        f"The subscription policy limit for resource type '{resource}' was exceeded. The limit for resource "
        f"type '{resource}' is {limit} per subscription, the current count is {current}, and the requested "
        f"increment is {increment}."
    )


def unknown_operation() -> Refusal:
    """No operation of the subscription has this request id."""
    # Unverified: the message; the reference gives 404 ResourceNotFound.
    return not_found("The operation request ID was not found.")


# Hosted services


def service_missing() -> Refusal:
    """Recorded."""
    return not_found("The hosted service does not exist.")


def service_name_invalid() -> Refusal:
    """Recorded."""
    return bad_request("The hosted service name is invalid.")


def service_name_taken() -> Refusal:
    """Recorded: DNS names are unique in the cloud, whoever holds them."""
    return conflict("The specified DNS name is already taken.")


def location_invalid() -> Refusal:
    """Recorded."""
    return bad_request("The location constraint is not valid.")


def affinity_group_not_usable() -> Refusal:
    """Recorded: named in a create, the missing group is a 400."""
    return bad_request("The affinity group does not exist.")


def location_not_given() -> Refusal:
    """Recorded, without a full stop: neither ``Location`` nor ``AffinityGroup`` (a client's report)."""
    return bad_request("Location constraint name is empty or not specified")


def location_and_affinity_group() -> Refusal:
    """Both of ``Location`` and ``AffinityGroup``."""
    # Unverified: the message; the reference asks for exactly one of them.
    return bad_request("Either a location or an affinity group must be specified, but not both.")


def service_has_deployments() -> Refusal:
    """Recorded: Delete Cloud Service while a deployment is inside (a client's report of 2014)."""
    return bad_request("A hosted service cannot be deleted while it still contains deployments.")


def service_busy() -> Refusal:
    """Recorded: another write holds the hosted service."""
    return conflict(
        "Windows Azure is currently performing an operation on this hosted service that requires exclusive "
        "access."
    )


# Deployments


def no_deployments() -> Refusal:
    """Recorded: the slot is empty, or its service is gone."""
    return not_found("No deployments were found.")


def deployment_missing(name: str) -> Refusal:
    """Recorded."""
    return not_found(f"The deployment name '{name}' does not exist.")


def deployment_name_invalid() -> Refusal:
    """Recorded."""
    return bad_request("The deployment name is invalid.")


def deployment_name_taken(name: str) -> Refusal:
    """Another slot of the service holds a deployment of this name."""
    # Unverified: the text; names are unique in the cloud service.
    return conflict(f"The deployment name '{name}' is already in use in this hosted service.")


def slot_occupied(slot: str) -> Refusal:
    """Recorded."""
    return conflict(f"The specified deployment slot {slot} is occupied.")


def deployment_busy(request_id: str) -> Refusal:
    """Recorded: names the operation that holds the deployment."""
    return conflict(
        f"Windows Azure is currently performing an operation with x-ms-requestid {request_id} on this "
        "deployment that requires exclusive access."
    )


def one_role_only() -> Refusal:
    """Create Virtual Machine Deployment takes exactly one role."""
    # Unverified: the text; the rule is the reference's (jj157194).
    return bad_request("Exactly one role must be specified when a virtual machine deployment is created.")


def not_for_virtual_machines(operation: str) -> Refusal:
    """The operation works on web and worker roles only."""
    # Unverified: the text; the reference limits these operations to web and worker roles.
    return bad_request(f"The operation {operation} is not supported for a deployment of virtual machines.")


# Certificates


def certificate_invalid() -> Refusal:
    """What was uploaded is no certificate, or its password is wrong."""
    # Unverified: the text.
    return bad_request("The certificate data is not valid, or its password is not correct.")


def certificate_disagrees(element: str) -> Refusal:
    """A management certificate's public key or thumbprint isn't that of its data."""
    # Unverified: the text.
    return bad_request(f"The value of {element} does not match the certificate data.")


# Roles


def role_missing(name: str) -> Refusal:
    """No role of the deployment has this name."""
    # Unverified: the text.
    return not_found(f"The role name '{name}' does not exist.")


def role_instance_missing(name: str) -> Refusal:
    """No role instance of the deployment has this name."""
    # Unverified: the text.
    return not_found(f"The role instance name '{name}' does not exist.")


def role_name_invalid() -> Refusal:
    """The name breaks the naming rules."""
    # Unverified: the text, modelled on the recorded one for deployments.
    return bad_request("The role name is invalid.")


def role_name_taken(name: str) -> Refusal:
    """Add Role with the name of a role that exists."""
    # Unverified: the text and whether it is 400 or 409.
    return conflict(f"The role name '{name}' is already in use in this deployment.")


def last_role(name: str) -> Refusal:
    """Recorded."""
    return bad_request(
        f"Role {name} is the only role present in the deployment and so cannot be removed. Please delete the "
        "deployment or add another role before removing this role."
    )


def too_many_roles(limit: int) -> Refusal:
    """More virtual machines than a cloud service may hold."""
    # Unverified: the text; the limit is on the subscription limits page.
    return bad_request(f"The deployment cannot contain more than {limit} roles.")


def role_name_mismatch() -> Refusal:
    """Update Role: ``RoleName`` in the body isn't the one in the path."""
    # Unverified: the text.
    return bad_request("The role name in the request body does not match the role name in the request URI.")


def computer_name_invalid() -> Refusal:
    """Recorded."""
    return bad_request(
        "The computer name cannot be more than 15 characters long, be entirely numeric, or contain the "
        "following characters: ` ~ ! @ # $ % ^ & * ( ) = + _ [ ] { } \\ | ; : . ' \" , < > / ?."
    )


def password_invalid() -> Refusal:
    """Recorded."""
    return bad_request(
        "The supplied password must be 6-72 characters long and meet password complexity requirements."
    )


def image_source_invalid() -> Refusal:
    """Recorded: the source image of an OS disk is unknown."""
    return bad_request("The virtual machine image source is not valid.")


def image_elsewhere(image: str, place: str, service_place: str) -> Refusal:
    """Recorded: an image of the subscription's own isn't in the service's region (a client's report)."""
    return bad_request(
        f"The location or affinity group {place} of the storage account where the source image {image} "
        "resides is not in the same location or affinity group as the specified cloud service. The source "
        "image must reside in a storage account that has the same affinity group or location as the cloud "
        "service "
        f"{service_place}."
    )


def image_in_other_account(source: str, target: str) -> Refusal:
    """Recorded: a disk must be in the account of the own image it is made of (a client's report)."""
    return bad_request(
        "The disk's VHD must be in the same account as the VHD of the source image (source account: "
        f"{source}, target account: {target})."
    )


def disk_elsewhere(disk: str, place: str, service_place: str) -> Refusal:
    """A registered disk isn't in the region of the service it is to be used in."""
    # Unverified: the text, modelled on the one for images.
    return bad_request(
        f"The location or affinity group {place} of the storage account where the disk {disk} resides is not "
        f"in the same location or affinity group as the specified cloud service {service_place}."
    )


def account_elsewhere(account: str, place: str, service_place: str) -> Refusal:
    """The storage account for a new disk isn't in the service's region."""
    # Unverified: the text, modelled on the one for images.
    return bad_request(
        f"The location or affinity group {place} of the storage account {account} is not in the same "
        f"location or affinity group as the specified cloud service {service_place}."
    )


def account_of_others(account: str) -> Refusal:
    """A new disk in an account of another subscription."""
    # Unverified: the text; protocol.md 10.3 asks for an account of the same subscription.
    return bad_request(f"The storage account {account} does not belong to this subscription.")


def vhd_exists(link: str) -> Refusal:
    """Recorded: a new disk is to be where a disk is already (a client's report)."""
    return bad_request(f"The VHD already exists: {link}")


def wrong_provisioning(kind: str, system: str) -> Refusal:
    """A provisioning set for another operating system than the disk's."""
    # Unverified: the text.
    return bad_request(f"A {kind} provisioning configuration cannot be used with a {system} disk or image.")


def user_name_reserved(name: str) -> Refusal:
    """A user name the guest has or forbids already."""
    # Unverified: the text.
    return bad_request(f"The user name {name} is not allowed.")


def custom_data_invalid(limit: int) -> Refusal:
    """Custom data isn't base64, or too long. It may hold secrets, so none of it is in the text."""
    # Unverified: the text; encoding and limit are the reference's (protocol.md 10.4, 10.5).
    return bad_request(f"The custom data must be base64 encoded and at most {limit} bytes long.")


def io_type_given() -> Refusal:
    """Recorded."""
    return bad_request(
        "IOType is implicitly determined from the MediaLink. This should not be explicitly specified in the "
        "request."
    )


def port_in_use(port: int) -> Refusal:
    """Recorded, inside a failed operation."""
    return bad_request(
        f"Port {port} is already in use by one of the endpoints in this deployment. Ensure that the port "
        "numbers "
        "are unique across endpoints within a deployment."
    )


def remote_desktop_missing() -> Refusal:
    """Recorded."""
    return bad_request(
        "An external endpoint to the Remote Desktop port (3389) must first be added to the role."
    )


def not_allowed_on_role(state: str) -> Refusal:
    """The instance can't do this in its present state, for example restart while deallocated.

    Recorded for ``deallocated`` (clients' reports of 2013 and 2014).
    """
    # Unverified: the text for every other state, modelled on that one.
    return bad_request(f"The operation is not allowed on a role that is {state}.")


def certificate_not_found(thumbprint: str) -> Refusal:
    """Recorded: a role names a certificate that its hosted service doesn't have (clients' reports)."""
    return bad_request(f"The certificate with thumbprint {thumbprint} was not found.")


# Data disks


def data_disk_missing(lun: object) -> Refusal:
    """No data disk at this LUN."""
    # Unverified: the text.
    return not_found(f"The data disk at LUN {lun} does not exist.")


def lun_taken(lun: int) -> Refusal:
    """Another data disk of the role has this LUN."""
    # Unverified: the text and whether it is 400 or a failed operation.
    return bad_request(f"The specified LUN {lun} is already in use by another data disk of the role.")


def too_many_data_disks(size: str, limit: int) -> Refusal:
    """More data disks than the role size allows."""
    # Unverified: the text.
    return bad_request(f"The role size {size} does not support more than {limit} data disks.")


# Images and disks


def image_missing() -> Refusal:
    """Recorded."""
    return not_found("The image with the specified name does not exist.")


def image_name_taken(name: str) -> Refusal:
    """An image of the subscription has this name."""
    # Unverified: the text.
    return conflict(f"An image with name {name} already exists.")


def disk_missing() -> Refusal:
    """Recorded."""
    return not_found("The disk with the specified name does not exist.")


def disk_name_taken(name: str) -> Refusal:
    """A disk of the subscription has this name."""
    # Unverified: the text.
    return conflict(f"A disk with name {name} already exists.")


def disk_in_use(disk: str, role: str, service: str, deployment: str) -> Refusal:
    """Recorded: attached, or not yet released after its virtual machine went."""
    return bad_request(
        f"A disk with name {disk} is currently in use by virtual machine {role} running within hosted "
        f"service {service}, deployment {deployment}."
    )


def disk_busy(deployment: str, name: str) -> Refusal:
    """Recorded: an operation runs on the deployment the disk or image belongs to."""
    return conflict(
        f"Windows Azure is currently performing an operation on deployment '{deployment}' that requires "
        "exclusive "
        f"access. Please try again later for operation on disk or image '{name}' associated with the "
        "deployment."
    )


def platform_image(name: str) -> Refusal:
    """Platform images can't be changed or deleted."""
    # Unverified: the text and the code.
    return bad_request(f"The image {name} is a platform image and cannot be changed.")


# Storage accounts, affinity groups, networks


def storage_keys_missing(name: str) -> Refusal:
    """Recorded, Get and Regenerate Storage Account Keys."""
    return not_found(f"The requested storage account '{name}' was not found.")


def storage_account_missing(name: str) -> Refusal:
    """Recorded, every other operation on a storage account."""
    return not_found(f"The storage account '{name}' was not found.")


def storage_account_name_invalid() -> Refusal:
    """Recorded."""
    return bad_request(
        "The name is not a valid storage account name. Storage account names must be between 3 and 24 "
        "characters "
        "in length and use numbers and lower-case letters only."
    )


def storage_account_taken(name: str) -> Refusal:
    """The name is in use by anyone; the text is recorded as the reason of the name check."""
    return conflict(f"The storage account named '{name}' is already taken.")


def storage_account_busy() -> Refusal:
    """Recorded."""
    return conflict(
        "Windows Azure is currently performing an operation on this storage account that requires exclusive "
        "access."
    )


def storage_account_in_use(name: str, example: str) -> Refusal:
    """Recorded."""
    return bad_request(
        f"Storage account {name} has some active image(s) and/or disk(s), e.g. {example}. Ensure these "
        "image(s) "
        "and/or disk(s) are removed before deleting this storage account."
    )


def affinity_group_missing() -> Refusal:
    """Recorded."""
    return not_found("The affinity group does not exist.")


def affinity_group_name_invalid() -> Refusal:
    """Recorded."""
    return bad_request("The affinity group name is invalid.")


def affinity_group_taken(name: str) -> Refusal:
    """The subscription has a group of this name."""
    # Unverified: the text.
    return conflict(f"The affinity group {name} already exists.")


def affinity_group_in_use(name: str) -> Refusal:
    """Delete while services or storage accounts are members."""
    # Unverified: the text.
    return bad_request(f"The affinity group {name} is not empty and cannot be deleted.")


def load_balancer_exists(name: str) -> Refusal:
    """Recorded."""
    return bad_request(
        f"LoadBalancer already exists: {name}. Only one internal load balancer allowed per deployment."
    )


def network_configuration_busy() -> Refusal:
    """Recorded."""
    return conflict(
        "An update to your network configuration is currently underway. Please try this operation again "
        "later."
    )


def network_configuration_invalid(line: int, column: int) -> Refusal:
    """Recorded."""
    return bad_request(f"XML Schema validation error in network configuration at line {line},{column}.")


# Virtual networks. Texts marked *reported* were quoted by users of the real service in public issues of its
# clients; whether one came at once or inside the operation shows in how the client printed it.


def network_without_place(name: str) -> Refusal:
    """Reported, spelling and all: a virtual network site has neither location nor affinity group."""
    return bad_request(
        f"Neither Affinity Group nor Location elemet is specified in virtual network site '{name}'. Either "
        "Affinity Group or Location must be specified for every virtual network."
    )


def network_in_use(name: str) -> Refusal:
    """Reported, inside a failed operation: a new network configuration takes away what machines use."""
    return bad_request(f"Cannot delete or modify virtual network while in use '{name}'.")


def network_name_twice(what: str, name: str) -> Refusal:
    """A network configuration names something twice; ``what`` is for example ``subnet``."""
    # Unverified: the text.
    return bad_request(f"The network configuration contains more than one {what} named '{name}'.")


def subnet_outside(subnet: str, network: str) -> Refusal:
    """A subnet isn't inside the address space of its virtual network."""
    # Unverified: the text.
    return bad_request(f"Subnet '{subnet}' is outside the address space of virtual network '{network}'.")


def subnet_overlaps(subnet: str, network: str) -> Refusal:
    """A subnet shares addresses with another one of its virtual network."""
    # Unverified: the text.
    return bad_request(f"Subnet '{subnet}' overlaps another subnet of virtual network '{network}'.")


def network_unknown(name: str) -> Refusal:
    """A request names a virtual network that isn't in the network configuration."""
    # Unverified: the text, and that it is a 400.
    return bad_request(f"The virtual network '{name}' does not exist.")


def network_elsewhere(network: str, service: str) -> Refusal:
    """The hosted service isn't where the virtual network is."""
    # Unverified: the text.
    return bad_request(
        f"The location or affinity group of hosted service '{service}' is not that of virtual network "
        f"'{network}'."
    )


def subnet_unknown(subnet: str, network: str) -> Refusal:
    """A request names a subnet its virtual network doesn't have."""
    # Unverified: the text.
    return bad_request(f"The subnet '{subnet}' does not exist in virtual network '{network}'.")


def network_required(element: str) -> Refusal:
    """An element makes sense in a virtual network only, and the deployment is in none."""
    # Unverified: the text; the rule is the reference's (jj157194).
    return bad_request(f"{element} cannot be specified for a deployment that is not in a virtual network.")


def subnet_required() -> Refusal:
    """A static address is given without the subnet it belongs to."""
    # Unverified: the text; the rule is the reference's (jj157194).
    return bad_request("SubnetNames must be specified when StaticVirtualNetworkIPAddress is specified.")


def address_outside(address: str, subnet: str) -> Refusal:
    """A static address isn't one that the subnet gives to machines."""
    # Unverified: the text.
    return bad_request(f"The static address '{address}' is not an address of subnet '{subnet}'.")


def addresses_unavailable() -> Refusal:
    """Reported, inside a failed operation: a static address is taken, or the subnet has no free one.

    The code was reported.
    """
    # Unverified: the wording.
    return Refusal(
        400,
        "Networking.DeploymentVNetAddressAllocationFailure",
        "Unable to allocate the required address spaces for the deployment in a new or predefined subnet "
        "that is contained within the specified virtual network.",
    )


# Endpoints


def missing_element(name: str) -> Refusal:
    """Reported: an element lacks a child it needs, for example an ``InputEndpoint`` its name."""
    return bad_request(f"{name} has a missing, misspelled or out of order element.")


def null_or_empty(parameter: str) -> Refusal:
    """Reported for ``EndpointAcl.Rules.Rule.Order``."""
    return bad_request(f"The value for parameter '{parameter}' is null or empty.")


def rule_order_twice(order: int) -> Refusal:
    """Two rules of an endpoint's access list have one order."""
    # Unverified: the text.
    return bad_request(f"The order '{order}' is used by more than one rule of an endpoint ACL.")


def too_many(what: str, limit: int) -> Refusal:
    """More of something than a deployment, a role or a list may hold."""
    # Unverified: the text; the limits are on the subscription limits page and in the reference.
    return bad_request(f"No more than {limit} {what} are allowed.")


def name_twice(what: str, name: str) -> Refusal:
    """Two parts of one document have one name, for example two endpoints of a role."""
    # Unverified: the text.
    return bad_request(f"The {what} name '{name}' is used more than once.")


def unknown_name(what: str, name: str) -> Refusal:
    """A request refers to something that isn't there, for example an endpoint to a virtual IP."""
    # Unverified: the text. That it is a 400 is as recorded for affinity groups.
    return bad_request(f"The {what} '{name}' does not exist.")


def in_use(what: str, name: str) -> Refusal:
    """Something can't be taken away, or taken twice, while it is in use."""
    # Unverified: the text.
    return bad_request(f"The {what} '{name}' is in use.")


def set_mismatch(endpoint: str, element: str, existing: object, given: object, set_name: str) -> Refusal:
    """Reported, inside a failed operation: the members of a load balanced set differ."""
    return bad_request(
        f"Endpoint name '{endpoint}', property '{element}'. The value '{existing}' does not match '{given}' "
        f"for LB set '{set_name}'."
    )


def set_without_acl(set_name: str) -> Refusal:
    """Reported: an endpoint has an access list, and its load balanced set has none."""
    return bad_request(f"Existing endpoints in LB set '{set_name}' do not contain ACL.")


def set_with_acl(set_name: str) -> Refusal:
    """An endpoint has no access list, and its load balanced set has one."""
    # Unverified: the text, after the reported one for the reverse.
    return bad_request(f"Existing endpoints in LB set '{set_name}' contain ACL.")


def acl_counts_differ(set_name: str, given: int, existing: int) -> Refusal:
    """Reported."""
    return bad_request(
        f"ACL rules do not match for endpoint in '{set_name}'. Mismatch in rule count. Specified '{given}'. "
        f"Existing '{existing}'."
    )


def acl_rules_differ(set_name: str, order: int) -> Refusal:
    """As many rules, but not the same ones."""
    # Unverified: the second sentence.
    return bad_request(
        f"ACL rules do not match for endpoint in '{set_name}'. Mismatch in rule with order '{order}'."
    )


# Reserved addresses


def reserved_ip_without_endpoints(deployment: str, name: str) -> Refusal:
    """Reported."""
    return bad_request(
        f"Deployment {deployment} uses ReservedIP {name} but does not contain any endpoints. Deployment must "
        "contain at least one endpoint in order to use a ReservedIP."
    )


def reserved_ip_elsewhere(name: str, service: str) -> Refusal:
    """The reserved address isn't in the hosted service's region."""
    # Unverified: the text.
    return bad_request(f"ReservedIP {name} is not in the location of hosted service {service}.")


def no_address_to_reserve(name: str) -> Refusal:
    """A reserved address is to be made of one that a deployment or virtual IP doesn't have."""
    # Unverified: the text.
    return bad_request(f"'{name}' has no address that could be reserved.")


# Other resources


def resource_type_unknown() -> Refusal:
    """Recorded, register and unregister a resource provider."""
    return not_found("The service name is unknown.")


def already_registered(resource_type: str) -> Refusal:
    """Recorded."""
    return conflict(f"The resource type {resource_type} is already registered for this subscription.")


def missing(what: str, name: str) -> Refusal:
    """404 for the remaining kinds of resource, for example ``reserved IP``."""
    # Unverified: the text.
    return not_found(f"The {what} {name} does not exist.")


def taken(what: str, name: str) -> Refusal:
    """409 for the remaining kinds of resource."""
    # Unverified: the text.
    return conflict(f"The {what} {name} already exists.")
