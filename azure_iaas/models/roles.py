"""Virtual machine roles: the machine and its disks.

Sources: "Role", "DataVirtualHardDisk", "OSVirtualHardDisk" (protocol chapter 10).
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, LiteralString, Self

from pydantic import SerializeAsAny, model_validator
from pydantic_core import PydanticCustomError

from azure_iaas.models.base import AzureModel, OneOrMany, Secret, element
from azure_iaas.models.sets import (
    AnyConfigurationSet,
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
    ProvisioningConfiguration,
)

HostCaching = Literal["None", "ReadOnly", "ReadWrite"]


class _CachedDisk(AzureModel):
    """A disk whose caching is said in either vocabulary, and reads in both; what is said last stands."""

    caching_fields: ClassVar[tuple[str, ...]]

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.caching_fields:
            super().__setattr__(name, value)
            return
        before = {field: self.__dict__[field] for field in self.caching_fields}
        # What the other vocabulary said before must not contradict what is said now.
        self.__dict__.update(dict.fromkeys(self.caching_fields))
        try:
            super().__setattr__(name, value)
        except ValueError:
            self.__dict__.update(before)
            raise
        if self.__dict__[name] == before[name]:
            self.__dict__.update(before)
        self._settle(*self.caching_fields)


class OSDisk(_CachedDisk):
    """The disk a machine starts from ("OSVirtualHardDisk").

    Caching can be said in either vocabulary, and always reads in both: ``disable_write_cache`` True is
    ``host_caching`` ``ReadOnly``, False is ``ReadWrite``, absent leaves it to the service.
    """

    caching_fields: ClassVar[tuple[str, ...]] = ("host_caching", "disable_write_cache")

    host_caching: HostCaching | None = element("HostCaching")
    disable_write_cache: bool | None = element("DisableWriteCache")
    disk_label: str | None = element("DiskLabel")
    disk_name: str | None = element("DiskName")
    media_link: str | None = element("MediaLink")
    source_image_name: str | None = element("SourceImageName")
    os: str | None = element("OS")
    remote_source_image_link: str | None = element("RemoteSourceImageLink")
    io_type: str | None = element("IOType", output_only=True)
    resized_size_in_gb: int | None = element("ResizedSizeInGB")

    @model_validator(mode="after")
    def _agree_on_caching(self) -> Self:
        if self.disable_write_cache is None:
            if self.host_caching is not None:
                _set(self, "disable_write_cache", self.host_caching != "ReadWrite")
        elif self.host_caching is None:
            _set(self, "host_caching", "ReadOnly" if self.disable_write_cache else "ReadWrite")
        elif self.disable_write_cache != (self.host_caching != "ReadWrite"):
            raise _contradiction("DisableWriteCache contradicts HostCaching", "DisableWriteCache")
        return self


class DataDisk(_CachedDisk):
    """A data disk of a role ("DataVirtualHardDisk").

    Three ways to say which disk on create: by name (``disk_name`` of a registered disk), by media
    (``source_media_link`` or an existing ``media_link``), by size (``logical_disk_size_in_gb``, a new disk).

    Caching reads in both vocabularies: ``disable_read_cache`` True is ``host_caching`` ``None``,
    ``enable_write_cache`` True is ``ReadWrite``, both False is ``ReadOnly``.

    ``lun`` is 0 when the service doesn't name it: it leaves out members with their default value. It is None,
    whatever its type says, where an answer's can't be read: a wrong number would point at another disk.
    """

    caching_fields: ClassVar[tuple[str, ...]] = ("host_caching", "disable_read_cache", "enable_write_cache")

    host_caching: HostCaching | None = element("HostCaching")
    disable_read_cache: bool | None = element("DisableReadCache")
    enable_write_cache: bool | None = element("EnableWriteCache")
    disk_label: str | None = element("DiskLabel")
    disk_name: str | None = element("DiskName", max_length=256)
    lun: SerializeAsAny[int] = element("LUN", ga="Lun", default=0, ge=0, le=63)
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB", ge=1)
    media_link: str | None = element("MediaLink")
    source_media_link: str | None = element("SourceMediaLink")
    io_type: str | None = element("IOType", output_only=True)

    @model_validator(mode="after")
    def _agree_on_caching(self) -> Self:
        read_off, write_on = self.disable_read_cache, self.enable_write_cache
        said = None
        if read_off is not None or write_on is not None:
            if read_off and write_on:
                raise _contradiction("DisableReadCache and EnableWriteCache exclude each other", *_FLAGS)
            said = "None" if read_off else "ReadWrite" if write_on else "ReadOnly"
        if said is not None and self.host_caching is not None and said != self.host_caching:
            raise _contradiction("DisableReadCache and EnableWriteCache contradict HostCaching", *_FLAGS)
        caching = self.host_caching or said
        if caching is not None:
            _set(self, "host_caching", caching)
            _set(self, "disable_read_cache", caching == "None")
            _set(self, "enable_write_cache", caching == "ReadWrite")
        return self


_FLAGS = ("DisableReadCache", "EnableWriteCache")


def _contradiction(message: LiteralString, *elements: str) -> PydanticCustomError:
    """An error that says which elements have to go for the rest to stand, as reading does."""
    return PydanticCustomError("contradiction", message, {"elements": elements})


def _set(model: AzureModel, name: str, value: object) -> None:
    # Not setattr: it would run the validators again.
    model.__dict__[name] = value
    model.__pydantic_fields_set__.add(name)


class ResourceExtensionParameterValue(AzureModel):
    """A parameter of an extension: base64 of a JSON text; ``Private`` ones are secrets."""

    key: str | None = element("Key")
    value: Secret | None = element("Value")
    type: str | None = element("Type")


class ResourceExtensionReference(AzureModel):
    """An extension that runs on the machine."""

    reference_name: str | None = element("ReferenceName")
    publisher: str | None = element("Publisher")
    name: str | None = element("Name")
    version: str | None = element("Version")
    resource_extension_parameter_values: Annotated[list[ResourceExtensionParameterValue], OneOrMany] = (
        element("ResourceExtensionParameterValues", item="ResourceExtensionParameterValue")
    )
    state: str | None = element("State")


class OSDiskResize(AzureModel):
    """Size of the system disk made from a VM image."""

    resized_size_in_gb: int | None = element("ResizedSizeInGB")


class DataDiskResize(AzureModel):
    """Size of a data disk made from a VM image."""

    disk_name: str | None = element("DiskName")
    resized_size_in_gb: int | None = element("ResizedSizeInGB")


class VMImageInput(AzureModel):
    """Changes to the disks of a VM image while they are copied."""

    os_disk_configuration: OSDiskResize | None = element("OSDiskConfiguration")
    data_disk_configurations: Annotated[list[DataDiskResize], OneOrMany] = element(
        "DataDiskConfigurations", item="DataDiskConfiguration"
    )


class DebugSettings(AzureModel):
    """Boot diagnostics of a machine."""

    boot_diagnostics_enabled: bool | None = element("BootDiagnosticsEnabled")
    console_screenshot_blob_uri: str | None = element("ConsoleScreenshotBlobUri", output_only=True)
    serial_output_blob_uri: str | None = element("SerialOutputBlobUri", output_only=True)


class VMRole(AzureModel):
    """A virtual machine ("Role"; ``PersistentVMRole`` as a document of its own).

    Required to create: ``role_name``, and ``os_disk`` (or ``vm_image_name``).
    In answers only the network configuration set comes back, never the provisioning set.
    """

    xml_type: ClassVar[str | None] = "PersistentVMRole"

    role_name: str | None = element("RoleName")
    os_version: str | None = element("OsVersion", also=("OSVersion",))
    role_type: str | None = element("RoleType")
    configuration_sets: Annotated[list[AnyConfigurationSet], OneOrMany] = element(
        "ConfigurationSets", item="ConfigurationSet"
    )
    resource_extension_references: Annotated[list[ResourceExtensionReference], OneOrMany] = element(
        "ResourceExtensionReferences", item="ResourceExtensionReference"
    )
    vm_image_name: str | None = element("VMImageName")
    media_location: str | None = element("MediaLocation")
    availability_set_name: str | None = element("AvailabilitySetName")
    data_disks: Annotated[list[DataDisk], OneOrMany] = element(
        "DataDisks", ga="DataVirtualHardDisks", item="DataDisk", ga_item="DataVirtualHardDisk"
    )
    label: str | None = element("Label")
    os_disk: OSDisk | None = element("OSDisk", ga="OSVirtualHardDisk")
    role_size: str | None = element("RoleSize")
    default_win_rm_certificate_thumbprint: str | None = element(
        "DefaultWinRmCertificateThumbprint", also=("DefaultWinRMCertificateThumbprint",), output_only=True
    )
    provision_guest_agent: bool | None = element("ProvisionGuestAgent")
    vm_image_input: VMImageInput | None = element("VMImageInput")
    debug_settings: DebugSettings | None = element("DebugSettings")
    license_type: str | None = element("LicenseType")
    migration_state: str | None = element("MigrationState", output_only=True)

    @property
    def network_configuration(self) -> NetworkConfiguration | None:
        """The network configuration set, or None."""
        return next((s for s in self.configuration_sets if isinstance(s, NetworkConfiguration)), None)

    @property
    def provisioning_configuration(
        self,
    ) -> ProvisioningConfiguration | LinuxProvisioningConfiguration | None:
        """The provisioning set, Windows or Linux, or None."""
        kinds = (ProvisioningConfiguration, LinuxProvisioningConfiguration)
        return next((s for s in self.configuration_sets if isinstance(s, kinds)), None)
