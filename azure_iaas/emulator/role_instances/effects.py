"""What operations on role instances do at their end: captures."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azure_iaas.emulator import timeline
from azure_iaas.emulator.catalogue import ROLE_SIZES
from azure_iaas.emulator.effect import DeploymentEffect, kept_as
from azure_iaas.emulator.machines.removals import disks_of, remove_deployment, take_away
from azure_iaas.emulator.state import OSImage, VMImage

if TYPE_CHECKING:
    from azure_iaas.emulator.state import Deployment, HostedService, Role, Subscription
    from azure_iaas.emulator.world import World


@kept_as("role_captured")
@dataclass(frozen=True, slots=True)
class RoleCaptured(DeploymentEffect):
    """An image has been made of a role's OS disk; the role goes, or starts anew from the image.

    Attributes:
        role: name of the role.
        image: name of the image.
        label: label of the image.
        stateless: ``SupportsStatelessDeployment``, None when it wasn't said.
        reprovision: host name of the role made anew, empty when it goes.
        request_id: draws the lengths of its states.
    """

    role: str
    image: str
    label: str
    stateless: bool | None
    reprovision: str
    request_id: str

    def change_deployment(
        self,
        world: World,
        subscription: Subscription,
        at: float,
        service: HostedService,
        deployment: Deployment,
    ) -> None:
        """Make the image, and remove the role or let it start anew."""
        role = deployment.role(self.role)
        if role is None:
            return
        registered = subscription.disks.get(role.os_disk.disk_name)
        folder = role.os_disk.media_link.rpartition("/")[0]
        image = OSImage(
            name=self.image,
            label=self.label,
            os=role.os_disk.os,
            location=registered.location if registered is not None else service.location,
            size_in_gb=registered.size_in_gb if registered is not None else 30,
            media_link=f"{folder}/{self.image}.vhd" if self.reprovision else role.os_disk.media_link,
            supports_stateless_deployment=self.stateless,
        )
        subscription.os_images.put(image.name, image)
        if self.reprovision:
            if role.deallocated(at):
                subscription.cores_in_use += ROLE_SIZES[role.size.lower()].cores
            self._start_anew(world, at, role, image)
            deployment.modified_at = at
            return
        # The OS disk has become the image; the data disks are let go.
        subscription.disks.remove(role.os_disk.disk_name)
        take_away(world, subscription, at, deployment, role, media=False)
        if not deployment.roles:
            # Unverified: whether the deployment goes with its last role, or stays empty.
            remove_deployment(world, subscription, at, service, deployment, media=False)

    def _start_anew(self, world: World, at: float, role: Role, image: OSImage) -> None:
        rng = random.Random(int(self.request_id, 16))  # noqa: S311 - lengths of time, not secrets
        role.os_disk.source_image_name = image.name
        role.host_name = self.reprovision
        steps = timeline.creation(rng, windows=image.os == "Windows", placed=0.0, running=5.0)
        role.follow(at, world.scaled(steps))
        role.fall_silent(at)
        factor = world.duration_factor
        role.report(
            role.phases[-1][0],
            certificate=timeline.CERTIFICATE_SECONDS[0] * factor,
            agent=timeline.AGENT_SECONDS[1] * factor,
        )


@kept_as("vm_image_captured")
@dataclass(frozen=True, slots=True)
class VMImageCaptured(DeploymentEffect):
    """A VM image has been made of a role; a generalized one takes the role's place.

    Attributes:
        role: name of the role.
        image: name of the image.
        label: label of the image.
        os_state: ``Generalized`` or ``Specialized``.
        power: ``Started`` or ``Stopped``, as the role was when the capture was accepted.
        metadata: optional elements of the image by name.
    """

    role: str
    image: str
    label: str
    os_state: str
    power: str
    metadata: dict[str, Any]

    def change_deployment(
        self,
        world: World,
        subscription: Subscription,
        at: float,
        service: HostedService,
        deployment: Deployment,
    ) -> None:
        """Make the image, and remove the role when the image takes its place."""
        role = deployment.role(self.role)
        if role is None:
            return
        image = self._make(subscription, at, service, deployment, role)
        subscription.vm_images.put(image.name, image)
        if self.os_state == "Generalized":
            for name in disks_of(role):
                subscription.disks.remove(name)
            take_away(world, subscription, at, deployment, role, media=True)
            if not deployment.roles:
                remove_deployment(world, subscription, at, service, deployment, media=True)

    def _make(
        self,
        subscription: Subscription,
        at: float,
        service: HostedService,
        deployment: Deployment,
        role: Role,
    ) -> VMImage:
        os_disk = subscription.disks.get(role.os_disk.disk_name)
        generalized = self.os_state == "Generalized"
        return VMImage(
            name=self.image,
            label=self.label,
            os_disk={
                "Name": role.os_disk.disk_name if generalized else f"{self.image}-os",
                "HostCaching": role.os_disk.host_caching,
                "OSState": self.os_state,
                "OS": role.os_disk.os,
                "MediaLink": self._blob(role.os_disk.media_link),
                "LogicalDiskSizeInGB": os_disk.size_in_gb if os_disk is not None else 30,
            },
            data_disks=[
                {
                    "Name": disk.disk_name if generalized else f"{self.image}-{disk.lun}",
                    "HostCaching": disk.host_caching,
                    "Lun": disk.lun,
                    "MediaLink": self._blob(disk.media_link),
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
            role_state_on_capture=self.power,
            role_size_on_capture=role.size,
            metadata=self.metadata,
        )

    def _blob(self, link: str) -> str:
        """The blob itself where the image takes the role's place, else that of a copy."""
        if self.os_state == "Generalized":
            return link
        folder, _, blob = link.rpartition("/")
        return f"{folder}/{self.image}-{blob}"
