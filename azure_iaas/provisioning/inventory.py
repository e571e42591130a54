"""What is there: the reads of a run, counted, and what it knows from them while it works."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from azure_iaas.errors import ResourceNotFoundError
from azure_iaas.provisioning.deployment_watch import DeploymentWatch
from azure_iaas.provisioning.plan.differences import blob
from azure_iaas.provisioning.plan.plan import is_new

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from azure_iaas.client import ServiceManagementClient
    from azure_iaas.models import DataDisk, Deployment, Disk, HostedService, VMImage
    from azure_iaas.operations.pace import Pace


@dataclass(slots=True)
class Inventory:
    """What a run knows of the service's side while it works, and its reads.

    Attributes:
        client: sends requests.
        requests: counts them, by operation.
        pace: what was learnt about durations.
        hurried: whether nothing else is to be done in a deployment, so that waits for it count.
        deployments: deployments that exist, by lower-case service and name.
        disk_names: names of disks that were registered when the run began, in lower case.
        disk_blobs: their blobs.
        image_luns: LUNs of the data disks a VM image brings, by its lower-case name.
    """

    client: ServiceManagementClient
    requests: Counter[str]
    pace: Pace
    hurried: Callable[[str, str], bool] = lambda _service, _deployment: True
    deployments: set[tuple[str, str]] = field(default_factory=set)
    disk_names: set[str] = field(default_factory=set)
    disk_blobs: set[str | None] = field(default_factory=set)
    image_luns: dict[str, list[int]] = field(default_factory=dict)
    _watches: dict[tuple[str, str], DeploymentWatch] = field(default_factory=dict)

    async def read_disks(self) -> None:
        """Read which disks are registered."""
        self.requests["ListDisks"] += 1
        for disk in await self.client.list_disks():
            self._registered(disk)

    def _registered(self, disk: Disk) -> None:
        self.disk_names.add((disk.name or "").lower())
        self.disk_blobs.add(blob(disk.media_link))

    def know_images(self, images: list[VMImage]) -> None:
        """Remember which data disks VM images bring."""
        for image in images:
            disks = image.data_disk_configurations
            self.image_luns[(image.name or "").lower()] = [disk.lun or 0 for disk in disks]

    def makes(self, disk: DataDisk) -> bool:
        """Whether a data disk of the plan is a new one; one that was there before wins over a size."""
        if is_new(disk):
            return True
        registered = (disk.disk_name or "").lower() in self.disk_names or (
            disk.media_link is not None and blob(disk.media_link) in self.disk_blobs
        )
        sized = disk.logical_disk_size_in_gb is not None
        return sized and disk.source_media_link is None and not registered

    def as_it_is_there(self, disk: DataDisk) -> DataDisk:
        """The document of a data disk; one that is registered is named by what it is known by, alone."""
        taken: dict[str, None] = {}
        if (disk.disk_name or "").lower() in self.disk_names:
            taken = dict.fromkeys(("media_link", "source_media_link", "logical_disk_size_in_gb"))
        elif disk.media_link is not None and blob(disk.media_link) in self.disk_blobs:
            taken = dict.fromkeys(("source_media_link", "logical_disk_size_in_gb"))
        return disk.model_copy(update=taken) if taken else disk

    async def read_service(self, service: str) -> HostedService | None:
        """Read a cloud service with its deployments; None when it isn't there."""
        self.requests["GetHostedService"] += 1
        try:
            return await self.client.get_hosted_service(service, embed_detail=True)
        except ResourceNotFoundError:
            return None

    async def read_deployment(self, service: str, deployment: str) -> Deployment | None:
        """Read a deployment; None when it isn't there."""
        self.requests["GetDeployment"] += 1
        key = (service.lower(), deployment.lower())
        try:
            answer = await self.client.get_deployment(service, deployment)
        except ResourceNotFoundError:
            self.deployments.discard(key)
            return None
        self.deployments.add(key)
        return answer

    def exists(self, service: str, deployment: str) -> bool:
        """Whether a deployment is known to exist."""
        return (service.lower(), deployment.lower()) in self.deployments

    def watch(self, service: str, deployment: str) -> DeploymentWatch:
        """The shared watch of a deployment."""
        key = (service.lower(), deployment.lower())
        if key not in self._watches:

            async def read() -> Deployment | None:
                return await self.read_deployment(service, deployment)

            self._watches[key] = DeploymentWatch(read, self.pace, lambda: self.hurried(service, deployment))
        return self._watches[key]
