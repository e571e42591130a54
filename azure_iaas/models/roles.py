"""Virtual machine roles: the machine and its disks.

Sources: "Role", "DataVirtualHardDisk", "OSVirtualHardDisk" (protocol chapter 10).
"""

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, LiteralString, Self

from pydantic import SerializeAsAny, model_validator
from pydantic_core import PydanticCustomError

from azure_iaas.models.base import AzureModel, OneOrMany, Secret, element
from azure_iaas.models.sets import (
    AnyConfigurationSet,
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
    ProvisioningConfiguration,
)

if TYPE_CHECKING:
    from typing import Unpack

    from azure_iaas.models import mappings

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
    """Caching by the host: ``ReadOnly`` or ``ReadWrite``; the service takes ``ReadWrite`` by default."""
    disable_write_cache: bool | None = element("DisableWriteCache")
    """The same in the words of the preview."""
    disk_label: str | None = element("DiskLabel")
    """Description of the disk."""
    disk_name: str | None = element("DiskName")
    """Registered disk to start from, or the name the new disk gets."""
    media_link: str | None = element("MediaLink")
    """URI of the blob that becomes the disk."""
    source_image_name: str | None = element("SourceImageName")
    """OS image the disk is made from."""
    os: str | None = element("OS")
    """``Windows`` or ``Linux``; to give only with a blob that is no registered disk."""
    remote_source_image_link: str | None = element("RemoteSourceImageLink")
    """URI of a blob elsewhere that is copied first."""
    io_type: str | None = element("IOType", output_only=True)
    """Kind of storage, said by the service."""
    resized_size_in_gb: int | None = element("ResizedSizeInGB")
    """Gigabytes the copy grows to."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.OSDiskArguments]) -> None: ...

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
    """Caching by the host: ``None``, ``ReadOnly`` or ``ReadWrite``."""
    disable_read_cache: bool | None = element("DisableReadCache")
    """The same in the words of the preview."""
    enable_write_cache: bool | None = element("EnableWriteCache")
    """The same in the words of the preview."""
    disk_label: str | None = element("DiskLabel")
    """Description of the disk."""
    disk_name: str | None = element("DiskName", max_length=256)
    """Registered disk to attach, or the name the new disk gets; at most 256 characters."""
    lun: SerializeAsAny[int] = element("LUN", ga="Lun", default=0, ge=0)
    """Number of the disk at its machine: 0 to 15, to 31 for sizes with more than 16 disks."""
    logical_disk_size_in_gb: int | None = element("LogicalDiskSizeInGB", ge=1)
    """Gigabytes of a new, empty disk."""
    media_link: str | None = element("MediaLink")
    """URI of the blob that becomes the disk."""
    source_media_link: str | None = element("SourceMediaLink")
    """URI of an existing blob to use."""
    io_type: str | None = element("IOType", output_only=True)
    """Kind of storage, said by the service."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DataDiskArguments]) -> None: ...

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
    """Name of the parameter."""
    value: Secret | None = element("Value")
    """Base64 of a JSON text."""
    type: str | None = element("Type")
    """``Public`` or ``Private``."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ResourceExtensionParameterValueArguments]) -> None: ...


class ResourceExtensionReference(AzureModel):
    """An extension that runs on the machine."""

    reference_name: str | None = element("ReferenceName")
    """Name of the extension on this machine."""
    publisher: str | None = element("Publisher")
    """Who publishes the extension."""
    name: str | None = element("Name")
    """Name of the extension."""
    version: str | None = element("Version")
    """Version, for example ``1.*``."""
    resource_extension_parameter_values: Annotated[list[ResourceExtensionParameterValue], OneOrMany] = (
        element("ResourceExtensionParameterValues", item="ResourceExtensionParameterValue")
    )
    """Its settings."""
    state: str | None = element("State")
    """``Enable``, ``Disable`` or ``Uninstall``."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.ResourceExtensionReferenceArguments]) -> None: ...


class OSDiskResize(AzureModel):
    """Size of the system disk made from a VM image."""

    resized_size_in_gb: int | None = element("ResizedSizeInGB")
    """Gigabytes the copy grows to."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.OSDiskResizeArguments]) -> None: ...


class DataDiskResize(AzureModel):
    """Size of a data disk made from a VM image."""

    disk_name: str | None = element("DiskName")
    """Name of the image's disk."""
    resized_size_in_gb: int | None = element("ResizedSizeInGB")
    """Gigabytes the copy grows to."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DataDiskResizeArguments]) -> None: ...


class VMImageInput(AzureModel):
    """Changes to the disks of a VM image while they are copied."""

    os_disk_configuration: OSDiskResize | None = element("OSDiskConfiguration")
    """Size of the system disk."""
    data_disk_configurations: Annotated[list[DataDiskResize], OneOrMany] = element(
        "DataDiskConfigurations", item="DataDiskConfiguration"
    )
    """Sizes of data disks."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.VMImageInputArguments]) -> None: ...


class DebugSettings(AzureModel):
    """Boot diagnostics of a machine."""

    boot_diagnostics_enabled: bool | None = element("BootDiagnosticsEnabled")
    """Whether screen and serial output are kept."""
    console_screenshot_blob_uri: str | None = element("ConsoleScreenshotBlobUri", output_only=True)
    """Where the last screen is, said by the service."""
    serial_output_blob_uri: str | None = element("SerialOutputBlobUri", output_only=True)
    """Where the serial output is, said by the service."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.DebugSettingsArguments]) -> None: ...


class VMRole(AzureModel):
    """A virtual machine ("Role"; ``PersistentVMRole`` as a document of its own).

    Required to create: ``role_name``, and ``os_disk`` (or ``vm_image_name``).
    In answers only the network configuration set comes back, never the provisioning set.
    """

    xml_type: ClassVar[str | None] = "PersistentVMRole"

    role_name: str | None = element("RoleName")
    """Name of the machine, unique in its deployment."""
    os_version: str | None = element("OsVersion", also=("OSVersion",))
    """Always empty for machines."""
    role_type: str | None = element("RoleType")
    """``PersistentVMRole``; filled in when it is missing."""
    configuration_sets: Annotated[list[AnyConfigurationSet], OneOrMany] = element(
        "ConfigurationSets", item="ConfigurationSet"
    )
    """At most one provisioning set and one network set."""
    resource_extension_references: Annotated[list[ResourceExtensionReference], OneOrMany] = element(
        "ResourceExtensionReferences", item="ResourceExtensionReference"
    )
    """Extensions that run on the machine."""
    vm_image_name: str | None = element("VMImageName")
    """VM image the machine is made from, in place of ``os_disk``."""
    media_location: str | None = element("MediaLocation")
    """URI of the container for the copies of a VM image's disks."""
    availability_set_name: str | None = element("AvailabilitySetName")
    """Machines of one set are spread over fault domains."""
    data_disks: Annotated[list[DataDisk], OneOrMany] = element(
        "DataDisks", ga="DataVirtualHardDisks", item="DataDisk", ga_item="DataVirtualHardDisk"
    )
    """Its data disks, each with a LUN of its own."""
    label: str | None = element("Label")
    """Description; answers leave it out."""
    os_disk: OSDisk | None = element("OSDisk", ga="OSVirtualHardDisk")
    """The disk it starts from."""
    role_size: str | None = element("RoleSize")
    """Size, for example ``Small``, which is the default."""
    default_win_rm_certificate_thumbprint: str | None = element(
        "DefaultWinRmCertificateThumbprint", also=("DefaultWinRMCertificateThumbprint",), output_only=True
    )
    """Certificate of remote management, said by the service."""
    provision_guest_agent: bool | None = element("ProvisionGuestAgent")
    """Whether the guest agent is installed, which extensions need; the service takes true by default."""
    vm_image_input: VMImageInput | None = element("VMImageInput")
    """Changes to the disks of the VM image."""
    debug_settings: DebugSettings | None = element("DebugSettings")
    """Boot diagnostics."""
    license_type: str | None = element("LicenseType")
    """``Windows_Client`` or ``Windows_Server``."""
    migration_state: str | None = element("MigrationState", output_only=True)
    """How a migration stands, said by the service."""

    if TYPE_CHECKING:

        def __init__(self, **values: Unpack[mappings.VMRoleArguments]) -> None: ...

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
