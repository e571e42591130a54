"""What accepted operations do when their time has come.

Each function is one kind of :class:`~azure_iaas.emulator.state.Effect`. The lock its operation holds keeps
the resources in place until then; a resource that is gone all the same is left alone.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.emulator import timeline
from azure_iaas.emulator.catalogue import ROLE_SIZES
from azure_iaas.emulator.state import DataDisk, OSImage, ServiceCertificate, VMImage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure_iaas.emulator.state import Deployment, HostedService, Role, Subscription
    from azure_iaas.emulator.world import World

Data = dict[str, Any]


def _find(subscription: Subscription, data: Data) -> tuple[HostedService, Deployment] | None:
    service = subscription.hosted_services.get(data["service"])
    deployment = service.deployments.get(data["slot"].lower()) if service is not None else None
    if service is None or deployment is None:
        return None
    subscription.hosted_services.touch(service.name)
    return service, deployment


def _find_role(subscription: Subscription, data: Data) -> tuple[HostedService, Deployment, Role] | None:
    found = _find(subscription, data)
    role = found[1].role(data["role"]) if found is not None else None
    return (*found, role) if found is not None and role is not None else None


def _scaled(world: World, steps: Iterable[timeline.Step]) -> list[timeline.Step]:
    return [(seconds * world.duration_factor, status, power) for seconds, status, power in steps]


def _give_up_disks(
    world: World, subscription: Subscription, at: float, names: Iterable[str], *, media: bool
) -> None:
    """Remove disks with their blobs, or let them go: they stay leased for a while."""
    for name in names:
        if subscription.disks.get(name) is None:
            continue
        if media:
            subscription.disks.remove(name)
        else:
            low, high = timeline.DISK_RELEASE_SECONDS
            share = world.digest("release", name, at, size=1)[0] / 255
            released = at + (low + (high - low) * share) * world.duration_factor
            world.later(released, "disk_released", subscription, disk=name)


def _disks_of(role: Role) -> list[str]:
    return [role.os_disk.disk_name, *(disk.disk_name for disk in role.data_disks)]


def _take_away(
    world: World, subscription: Subscription, at: float, deployment: Deployment, role: Role, *, media: bool
) -> None:
    deployment.roles.pop(role.name.lower(), None)
    if not (role.phases and role.phases[-1][1] == "StoppedDeallocated"):
        subscription.cores_in_use -= ROLE_SIZES[role.size.lower()].cores
    _give_up_disks(world, subscription, at, _disks_of(role), media=media)


def _remove_deployment(
    world: World,
    subscription: Subscription,
    at: float,
    service: HostedService,
    deployment: Deployment,
    *,
    media: bool,
) -> None:
    for role in list(deployment.roles.values()):
        _take_away(world, subscription, at, deployment, role, media=media)
    service.deployments.pop(deployment.slot.lower(), None)
    service.modified_at = at
    ip = subscription.reserved_ips.get(deployment.reserved_ip) if deployment.reserved_ip else None
    if ip is not None:
        ip.service_name = ip.deployment_name = ""
        subscription.reserved_ips.touch(ip.name)


def deployment_removed(world: World, subscription: Subscription, at: float, data: Data) -> None:
    """A deployment is gone."""
    found = _find(subscription, data)
    if found is not None:
        _remove_deployment(world, subscription, at, *found, media=data["media"])


def service_removed(world: World, subscription: Subscription, at: float, data: Data) -> None:
    """A hosted service is gone, with its deployments, disks and blobs."""
    service = subscription.hosted_services.get(data["service"])
    if service is None:
        return
    for deployment in list(service.deployments.values()):
        _remove_deployment(world, subscription, at, service, deployment, media=True)
    subscription.hosted_services.remove(service.name)
    world.service_names.pop(service.name.lower(), None)


def deployment_changed(_: World, subscription: Subscription, at: float, data: Data) -> None:
    """DNS servers, load balancers or virtual IPs of a deployment have changed."""
    found = _find(subscription, data)
    if found is not None:
        for name, value in data["changes"].items():
            setattr(found[1], name, value)
        found[1].modified_at = at


def load_balanced_sets_updated(_: World, subscription: Subscription, at: float, data: Data) -> None:
    """Endpoints of load balanced sets have changed, in every role."""
    found = _find(subscription, data)
    if found is None:
        return
    for role in found[1].roles.values():
        for endpoint in role.network.get("InputEndpoints", ()):
            endpoint.update(data["sets"].get(endpoint.get("LoadBalancedEndpointSetName", "").lower(), {}))
    found[1].modified_at = at


def role_updated(world: World, subscription: Subscription, at: float, data: Data) -> None:
    """A role has new properties, and restarts when its size or availability set changed."""
    found = _find_role(subscription, data)
    if found is None:
        return
    _, deployment, role = found
    for name, value in data["changes"].items():
        setattr(role, name, value)
    disks = data["disks"]
    role.os_disk.host_caching = disks.get("os_caching", role.os_disk.host_caching)
    for disk in role.data_disks:
        change = disks.get("luns", {}).get(str(disk.lun))
        if change is not None:
            disk.host_caching, disk.label = change["caching"], change["label"]
    deployment.modified_at = at
    state = role.state(at)
    if data["restart"] and state is not None and state[1] != "Stopped":
        rng = random.Random(int(data["restart"], 16))  # noqa: S311 - lengths of time, not secrets
        role.follow(at, _scaled(world, timeline.restart(rng)))


def role_removed(world: World, subscription: Subscription, at: float, data: Data) -> None:
    """A role is gone; its disks go too, or become free later."""
    found = _find_role(subscription, data)
    if found is not None:
        _, deployment, role = found
        _take_away(world, subscription, at, deployment, role, media=data["media"])
        deployment.modified_at = at


def data_disk_attached(_: World, subscription: Subscription, at: float, data: Data) -> None:
    """A data disk is there."""
    found = _find_role(subscription, data)
    if found is not None:
        found[2].data_disks.append(DataDisk(**data["disk"]))
        found[2].data_disks.sort(key=lambda disk: disk.lun)
        found[1].modified_at = at


def data_disk_updated(_: World, subscription: Subscription, at: float, data: Data) -> None:
    """A data disk has other caching, another label, size or LUN."""
    found = _find_role(subscription, data)
    if found is None:
        return
    updated = DataDisk(**data["disk"])
    role = found[2]
    role.data_disks = sorted(
        (updated if disk.disk_name == updated.disk_name else disk for disk in role.data_disks),
        key=lambda disk: disk.lun,
    )
    registered = subscription.disks.get(updated.disk_name)
    if registered is not None:
        registered.size_in_gb = updated.size_in_gb
        subscription.disks.touch(registered.name)
    found[1].modified_at = at


def data_disk_detached(world: World, subscription: Subscription, at: float, data: Data) -> None:
    """A data disk is gone from its role."""
    found = _find_role(subscription, data)
    if found is not None:
        role = found[2]
        role.data_disks = [disk for disk in role.data_disks if disk.disk_name != data["disk"]]
        found[1].modified_at = at
        if data["media"]:
            subscription.disks.remove(data["disk"])
        else:
            disk_released(world, subscription, at, data)


def disk_released(_: World, subscription: Subscription, _at: float, data: Data) -> None:
    """A disk whose virtual machine went is free."""
    disk = subscription.disks.get(data["disk"])
    if disk is not None:
        disk.attached_to = None
        subscription.disks.touch(disk.name)


def disk_resized(_: World, subscription: Subscription, _at: float, data: Data) -> None:
    """A disk has grown."""
    disk = subscription.disks.get(data["disk"])
    if disk is not None:
        disk.size_in_gb = data["size"]
        subscription.disks.touch(disk.name)


def role_captured(world: World, subscription: Subscription, at: float, data: Data) -> None:
    """An image has been made of a role's OS disk; the role goes, or starts anew from the image."""
    found = _find_role(subscription, data)
    if found is None:
        return
    service, deployment, role = found
    registered = subscription.disks.get(role.os_disk.disk_name)
    folder = role.os_disk.media_link.rpartition("/")[0]
    reprovision = data["reprovision"]
    image = OSImage(
        name=data["image"],
        label=data["label"],
        os=role.os_disk.os,
        location=registered.location if registered is not None else service.location,
        size_in_gb=registered.size_in_gb if registered is not None else 30,
        media_link=f"{folder}/{data['image']}.vhd" if reprovision else role.os_disk.media_link,
        supports_stateless_deployment=data["stateless"],
    )
    subscription.os_images.put(image.name, image)
    if reprovision:
        if role.deallocated(at):
            subscription.cores_in_use += ROLE_SIZES[role.size.lower()].cores
        _reprovision(world, at, role, image, data)
        deployment.modified_at = at
        return
    # The OS disk has become the image; the data disks are let go.
    subscription.disks.remove(role.os_disk.disk_name)
    _take_away(world, subscription, at, deployment, role, media=False)
    if not deployment.roles:
        # Unverified: whether the deployment goes with its last role, or stays empty.
        _remove_deployment(world, subscription, at, service, deployment, media=False)


def _reprovision(world: World, at: float, role: Role, image: OSImage, data: Data) -> None:
    rng = random.Random(int(data["request_id"], 16))  # noqa: S311 - lengths of time, not secrets
    role.os_disk.source_image_name = image.name
    role.host_name = data["reprovision"]
    role.follow(
        at, _scaled(world, timeline.creation(rng, windows=image.os == "Windows", placed=0.0, running=5.0))
    )
    role.fall_silent(at)
    factor = world.duration_factor
    role.report(
        role.phases[-1][0],
        certificate=timeline.CERTIFICATE_SECONDS[0] * factor,
        agent=timeline.AGENT_SECONDS[1] * factor,
    )


def vm_image_captured(world: World, subscription: Subscription, at: float, data: Data) -> None:
    """A VM image has been made of a role; a generalized one takes the role's place."""
    found = _find_role(subscription, data)
    if found is None:
        return
    service, deployment, role = found
    os_disk = subscription.disks.get(role.os_disk.disk_name)
    generalized = data["os_state"] == "Generalized"
    image = VMImage(
        name=data["image"],
        label=data["label"],
        os_disk={
            "Name": role.os_disk.disk_name if generalized else f"{data['image']}-os",
            "HostCaching": role.os_disk.host_caching,
            "OSState": data["os_state"],
            "OS": role.os_disk.os,
            "MediaLink": role.os_disk.media_link
            if generalized
            else _copy(role.os_disk.media_link, data["image"]),
            "LogicalDiskSizeInGB": os_disk.size_in_gb if os_disk is not None else 30,
        },
        data_disks=[
            {
                "Name": disk.disk_name if generalized else f"{data['image']}-{disk.lun}",
                "HostCaching": disk.host_caching,
                "Lun": disk.lun,
                "MediaLink": disk.media_link if generalized else _copy(disk.media_link, data["image"]),
                "LogicalDiskSizeInGB": disk.size_in_gb,
            }
            for disk in role.data_disks
        ],
        location=os_disk.location if os_disk is not None else service.location,
        created_at=at,
        modified_at=at,
        ready_at=at,
        service_name=service.name,
        deployment_name=deployment.name,
        role_name=role.name,
        role_state_on_capture=data["power"],
        role_size_on_capture=role.size,
        metadata=data["metadata"],
    )
    subscription.vm_images.put(image.name, image)
    if generalized:
        for name in _disks_of(role):
            subscription.disks.remove(name)
        _take_away(world, subscription, at, deployment, role, media=True)
        if not deployment.roles:
            _remove_deployment(world, subscription, at, service, deployment, media=True)


def _copy(link: str, image: str) -> str:
    folder, _, blob = link.rpartition("/")
    return f"{folder}/{image}-{blob}"


def certificate_added(_: World, subscription: Subscription, _at: float, data: Data) -> None:
    """A hosted service has a certificate."""
    service = subscription.hosted_services.get(data["service"])
    if service is not None:
        certificate = ServiceCertificate(data["thumbprint"], data["data"])
        service.certificates[certificate.thumbprint.lower()] = certificate
        subscription.hosted_services.touch(service.name)


def certificate_removed(_: World, subscription: Subscription, _at: float, data: Data) -> None:
    """A hosted service has lost a certificate."""
    service = subscription.hosted_services.get(data["service"])
    if service is not None:
        service.certificates.pop(data["thumbprint"].lower(), None)
        subscription.hosted_services.touch(service.name)


def storage_account_removed(world: World, subscription: Subscription, _at: float, data: Data) -> None:
    """A storage account whose creation failed is gone."""
    subscription.storage_accounts.remove(data["account"])
    world.account_names.pop(data["account"], None)


def vm_image_added(_: World, subscription: Subscription, _at: float, data: Data) -> None:
    """A VM image made of blobs is there."""
    image = VMImage(**data["image"])
    subscription.vm_images.put(image.name, image)


def vm_image_removed(_: World, subscription: Subscription, _at: float, data: Data) -> None:
    """A VM image is gone."""
    subscription.vm_images.remove(data["image"])


def network_configured(_: World, subscription: Subscription, _at: float, data: Data) -> None:
    """The network configuration is in force."""
    network = subscription.networks.get("media")
    if network is not None:
        network.document = data["document"]
        subscription.networks.touch("media")


def reserved_ip_removed(_: World, subscription: Subscription, _at: float, data: Data) -> None:
    """A reserved address is given back."""
    subscription.reserved_ips.remove(data["name"])


def reserved_ip_associated(_: World, subscription: Subscription, at: float, data: Data) -> None:
    """A reserved address is a deployment's, or isn't any more (empty service)."""
    ip = subscription.reserved_ips.get(data["name"])
    if ip is None:
        return
    for service_name, deployment_name, joined in (
        (ip.service_name, ip.deployment_name, False),
        (data["service"], data["deployment"], True),
    ):
        service = subscription.hosted_services.get(service_name) if service_name else None
        deployment = service.deployment(deployment_name) if service is not None else None
        if service is not None and deployment is not None:
            deployment.reserved_ip = ip.name if joined else ""
            deployment.vip = ip.address if joined else data["vip"]
            deployment.modified_at = at
            subscription.hosted_services.touch(service.name)
    ip.service_name, ip.deployment_name = data["service"], data["deployment"]
    subscription.reserved_ips.touch(ip.name)


APPLIERS: Final = {
    function.__name__: function
    for function in (
        deployment_removed,
        service_removed,
        deployment_changed,
        load_balanced_sets_updated,
        role_updated,
        role_removed,
        data_disk_attached,
        data_disk_updated,
        data_disk_detached,
        disk_released,
        disk_resized,
        role_captured,
        vm_image_captured,
        certificate_added,
        certificate_removed,
        storage_account_removed,
        vm_image_added,
        vm_image_removed,
        network_configured,
        reserved_ip_removed,
        reserved_ip_associated,
    )
}
"""By the name an effect is kept under."""
