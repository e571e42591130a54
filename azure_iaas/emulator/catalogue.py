"""What the service offers to everyone: locations, role sizes, platform images.

Names, sizes and dates are those of recorded lists (protocol.md 14.4). A name ending in
``.vhd`` or dated by month only is described from its own name where no list recorded its properties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RoleSize:
    """A size of virtual machine.

    Attributes:
        name: as sent in ``RoleSize``; its case is exact.
        data_disks: how many data disks it takes.
        resource_disk_mb: size of the temporary disk.
        web_worker: also for web and worker roles.
    """

    name: str
    cores: int
    memory_mb: int
    data_disks: int
    resource_disk_mb: int
    web_worker: bool = True

    @property
    def label(self) -> str:
        """As listed: ``Small (1 cores, 1792 MB)``."""
        return f"{self.name} ({self.cores} cores, {self.memory_mb} MB)"

    @property
    def highest_lun(self) -> int:
        """Highest LUN a data disk may have: 15, or more on sizes with more disks (protocol.md 10.3)."""
        return max(16, self.data_disks) - 1


# Temporary disks of Basic_A0 to A4, the DS, D11 to D14, Basic_D and G sizes, and the v2 sizes as a whole, are
# general knowledge, not recorded.
ROLE_SIZES: Final[dict[str, RoleSize]] = {
    size.name.lower(): size
    for size in (
        RoleSize("ExtraSmall", 1, 768, 1, 20480, web_worker=True),
        RoleSize("Small", 1, 1792, 2, 71680, web_worker=True),
        RoleSize("Medium", 2, 3584, 4, 138240, web_worker=True),
        RoleSize("Large", 4, 7168, 8, 291840, web_worker=True),
        RoleSize("ExtraLarge", 8, 14336, 16, 619520, web_worker=True),
        RoleSize("A5", 2, 14336, 4, 138240, web_worker=True),
        RoleSize("A6", 4, 28672, 8, 291840, web_worker=True),
        RoleSize("A7", 8, 57344, 16, 619520, web_worker=True),
        RoleSize("A8", 8, 57344, 16, 391828, web_worker=True),
        RoleSize("A9", 16, 114688, 16, 391828, web_worker=True),
        RoleSize("A10", 8, 57344, 16, 391828, web_worker=True),
        RoleSize("A11", 16, 114688, 16, 391828, web_worker=True),
        RoleSize("Basic_A0", 1, 768, 1, 20480, web_worker=False),
        RoleSize("Basic_A1", 1, 1792, 2, 40960, web_worker=False),
        RoleSize("Basic_A2", 2, 3584, 4, 61440, web_worker=False),
        RoleSize("Basic_A3", 4, 7168, 8, 122880, web_worker=False),
        RoleSize("Basic_A4", 8, 14336, 16, 245760, web_worker=False),
        RoleSize("Standard_D1", 1, 3584, 2, 51200, web_worker=True),
        RoleSize("Standard_D2", 2, 7168, 4, 102400, web_worker=True),
        RoleSize("Standard_D3", 4, 14336, 8, 256000, web_worker=True),
        RoleSize("Standard_D4", 8, 28672, 16, 512000, web_worker=True),
        RoleSize("Standard_D11", 2, 14336, 4, 102400, web_worker=True),
        RoleSize("Standard_D12", 4, 28672, 8, 204800, web_worker=True),
        RoleSize("Standard_D13", 8, 57344, 16, 409600, web_worker=True),
        RoleSize("Standard_D14", 16, 114688, 32, 819200, web_worker=True),
        RoleSize("Standard_DS1", 1, 3584, 2, 7168, web_worker=False),
        RoleSize("Standard_DS2", 2, 7168, 4, 14336, web_worker=False),
        RoleSize("Standard_DS3", 4, 14336, 8, 28672, web_worker=False),
        RoleSize("Standard_DS4", 8, 28672, 16, 57344, web_worker=False),
        RoleSize("Standard_DS11", 2, 14336, 4, 28672, web_worker=False),
        RoleSize("Standard_DS12", 4, 28672, 8, 57344, web_worker=False),
        RoleSize("Standard_DS13", 8, 57344, 16, 114688, web_worker=False),
        RoleSize("Standard_DS14", 16, 114688, 32, 229376, web_worker=False),
        RoleSize("Basic_D1", 1, 3584, 2, 51200, web_worker=False),
        RoleSize("Basic_D2", 2, 7168, 4, 102400, web_worker=False),
        RoleSize("Basic_D3", 4, 14336, 8, 204800, web_worker=False),
        RoleSize("Basic_D4", 8, 28672, 16, 409600, web_worker=False),
        RoleSize("Basic_D5", 16, 57344, 32, 819200, web_worker=False),
        RoleSize("Basic_D11", 2, 14336, 4, 102400, web_worker=False),
        RoleSize("Basic_D12", 4, 28672, 8, 204800, web_worker=False),
        RoleSize("Basic_D13", 8, 57344, 16, 409600, web_worker=False),
        RoleSize("Standard_G1", 2, 28672, 4, 393216, web_worker=False),
        RoleSize("Standard_G2", 4, 57344, 8, 786432, web_worker=False),
        RoleSize("Standard_G3", 8, 114688, 16, 1572864, web_worker=False),
        RoleSize("Standard_G4", 16, 229376, 32, 3145728, web_worker=False),
        RoleSize("Standard_G5", 32, 458752, 64, 6291456, web_worker=False),
        RoleSize("Standard_D1_v2", 1, 3584, 2, 51200, web_worker=True),
        RoleSize("Standard_D2_v2", 2, 7168, 4, 102400, web_worker=True),
        RoleSize("Standard_D3_v2", 4, 14336, 8, 204800, web_worker=True),
        RoleSize("Standard_D4_v2", 8, 28672, 16, 409600, web_worker=True),
        RoleSize("Standard_D5_v2", 16, 57344, 32, 819200, web_worker=True),
        RoleSize("Standard_DS1_v2", 1, 3584, 2, 7168, web_worker=False),
        RoleSize("Standard_DS2_v2", 2, 7168, 4, 14336, web_worker=False),
    )
}
"""By lower-case name."""

DEFAULT_ROLE_SIZE: Final = "Small"


@dataclass(frozen=True, slots=True)
class PlatformImage:
    """An OS image that belongs to the service.

    Attributes:
        published: date, ``YYYY-MM-DD``, empty when the recorded lists give none.
    """

    name: str
    os: str
    size_in_gb: int
    label: str
    family: str = ""
    published: str = ""
    publisher: str = ""


LOCATIONS: Final = (
    "West US",
    "East US",
    "East US 2",
    "Central US",
    "North Central US",
    "South Central US",
    "North Europe",
    "West Europe",
    "Southeast Asia",
    "East Asia",
    "Japan West",
    "Japan East",
    "Brazil South",
    "Australia Southeast",
    "Australia East",
    "Canada Central",
    "Canada East",
    "Central India",
    "South India",
    "West India",
    "UK South",
    "UK West",
    "West US 2",
    "West Central US",
    "Korea Central",
    "Korea South",
)
"""Names from List Locations; the display name equals the name."""

LOCATION_KEYS: Final = {
    name.lower(): name for name in (*LOCATIONS, "Central US EUAP", "East US 2 EUAP", "Windows Azure Preview")
}
"""Accepted in requests, by lower-case name.

Not listed are two regions for trying out new versions, seen in recordings, and the preview's only one.
"""

AVAILABLE_SERVICES: Final = ("Compute", "Storage", "PersistentVMRole", "HighMemory")

# fmt: off
PLATFORM_IMAGES: Final = (
    # The image of the documented sample; its description is made up, no list recorded it.
    PlatformImage("Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd", "Windows", 30, "Windows Server 2008 R2 SP1, August 2011", "Windows Server 2008 R2 SP1", "2011-08-09", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Azure-Jenkins-012-2016-12-19", "Linux", 30, "Azure-Jenkins-012", "Azure-Jenkins-012", "2016-12-19", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__CoreCLR-x64-Beta5-Linux-PartsUnlimited-Demo-App-201504.29", "Linux", 30, "CoreCLR x64 Beta5 (11624) with PartsUnlimited Demo App on Ubuntu Server 14.04 LTS", "CoreCLR x64 Beta5 (11624) with PartsUnlimited Demo App on Ubuntu Server 14.04 LTS", "2015-04-29", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Jenkins272-Ubuntu1404LTS2016-09-01", "Linux", 30, "Azure Jenkins 0.1.0", "Azure Jenkins 0.1.0", "2016-09-01", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Team-Foundation-Server-2013-Update4-WS2012R2", "Windows", 128, "Team Foundation Server 2013 Update 4 on Windows Server 2012 R2", "Team Foundation Server 2013 Update 4 on Windows Server 2012 R2", "2014-11-12", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Team-Foundation-Server-2013-Update4-WS2012R2-201503.20", "Windows", 128, "Team Foundation Server 2013 Update 4 on Windows Server 2012 R2", "Team Foundation Server 2013 Update 4 on Windows Server 2012 R2", "2015-03-20", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__VS-2013-Comm-VSU5-AzureSDK-29-WS2012R2-2017-03-08", "Windows", 128, "VS-2013-Comm-VSU5-AzureSDK-29-WS2012R2-2017-03-08", "", "2017-03-08", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Visual-Studio-14-Professional-CTP-14.0.21901.1-AzureSDK-2.3-WS2012R2", "Windows", 128, "Visual Studio Professional 14 CTP 2 on Windows Server 2012 R2", "Visual Studio Professional 14 CTP 2 on Windows Server 2012 R2", "2014-07-08", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Visual-Studio-14-Professional-CTP-14.0.21901.1-AzureSDK-2.4-WS2012R2", "Windows", 128, "Visual-Studio-14-Professional-CTP-14.0.21901.1-AzureSDK-2.4-WS2012R2", "", "", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Visual-Studio-14-Professional-CTP-14.0.22129.1-AzureSDK-2.4-WS2012R2", "Windows", 128, "Visual Studio Professional 14 CTP 4 on Windows Server 2012 R2", "Visual Studio Professional 14 CTP 4 on Windows Server 2012 R2", "2014-10-06", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Visual-Studio-2013-Community-VSU4-AzureSDK-2.51-NTVS-1.0-WS2012R2", "Windows", 128, "Visual-Studio-2013-Community-VSU4-AzureSDK-2.51-NTVS-1.0-WS2012R2", "", "", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("03f55de797f546a1b29d1b8d66be687a__Visual-Studio-2013-RC-Ultimate-12.0.20827.3-AzureSDK-2.1", "Windows", 128, "Visual Studio Ultimate 2013 RC", "Visual Studio 2013 RC", "2013-09-12", "Microsoft Visual Studio Group"),  # noqa: E501
    PlatformImage("0b11de9248dd4d87b18621318e037d37__RightImage-CentOS-6.2-x64-v5.8.8.1", "Linux", 10, "RightImage CentOS 6.2 x64 v5.8.8.1", "RightScale Linux v13", "2012-08-28", "RightScale with Linux"),  # noqa: E501
    PlatformImage("0b11de9248dd4d87b18621318e037d37__RightImage-Ubuntu-12.04-x64-v13.4", "Linux", 10, "RightImage-Ubuntu-12.04-x64-v13.4", "", "2013-04-19", "RightScale with Linux"),  # noqa: E501
    PlatformImage("0b11de9248dd4d87b18621318e037d37__RightImage-Ubuntu-14.04-x64-v14.2.1", "Linux", 10, "RightImage-Ubuntu-14.04-x64-v14.2.1", "RightScale Linux v14", "2015-03-23", "RightScale with Linux"),  # noqa: E501
    PlatformImage("0c0083a6d9a24f2d91800e52cad83950__Weblogic-10.3.6-SE-JDK-1.7.0_25-Win", "Windows", 128, "Oracle WebLogic Server 11g Standard Edition on WS 2008 R2 (Preview)", "Oracle WebLogic Server 11g Standard Edition on WS 2008 R2 (Preview)", "2013-09-19", "Microsoft Corporation"),  # noqa: E501
    PlatformImage("3a50f22b388a4ff7ab41029918570fa6__Windows-Server-2012-Essentials-20131018-enus", "Windows", 127, "Windows Server Essentials Experience on Windows Server 2012 R2", "Windows Server Essentials Experience on Windows Server 2012 R2", "2013-10-18", "Microsoft Windows Server Essentials Group"),  # noqa: E501
    PlatformImage("5112500ae3b842c8b9c604889f8753c3__OpenLogic-CentOS-63APR20130415", "Linux", 30, "OpenLogic CentOS 6.3", "", "2013-04-15", "OpenLogic"),  # noqa: E501
    PlatformImage("5112500ae3b842c8b9c604889f8753c3__OpenLogic-CentOS-65-20140606", "Linux", 30, "OpenLogic-CentOS-65-20140606", "", "2014-06-06", "OpenLogic"),  # noqa: E501
    PlatformImage("5112500ae3b842c8b9c604889f8753c3__OpenLogic-CentOS-70-20140926", "Linux", 30, "OpenLogic-CentOS-70-20140926", "", "2014-09-26", "OpenLogic"),  # noqa: E501
    PlatformImage("9b7cfe55da0349d5a8316a8cc4741f87__StorSimple-VirtualAppliance-1100-20141209", "Windows", 32, "StorSimple Virtual Appliance 1100,December 2014", "StorSimple Virtual Appliance 1100", "2014-12-09", "Microsoft Hybrid Cloud Storage Group"),  # noqa: E501
    PlatformImage("MSFT__Win2K8R2SP1-120612-1520-121206-01-en-us-30GB.vhd", "Windows", 30, "Win2K8R2SP1-120612-1520-121206-01-en-us-30GB", "", "", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("MSFT__Win2K8R2SP1-Datacenter-201207.01-en.us-30GB.vhd", "Windows", 30, "Win2K8R2SP1-Datacenter-201207.01-en.us-30GB", "", "2012-07-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("MSFT__Win2K8R2SP1-Datacenter-201208.01-en.us-30GB.vhd", "Windows", 30, "Win2K8R2SP1-Datacenter-201208.01-en.us-30GB", "", "2012-08-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("MSFT__Windows-Server-2012-Datacenter-201208.01-en.us-30GB.vhd", "Windows", 30, "Windows-Server-2012-Datacenter-201208.01-en.us-30GB", "", "2012-08-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("MSFT__Windows-Server-2012-Datacenter-201210.01-en.us-30GB.vhd", "Windows", 30, "Windows Server 2012, October 2012", "", "", ""),  # noqa: E501
    PlatformImage("OpenLogic__OpenLogic-CentOS-62-20120531-en-us-30GB.vhd", "Linux", 30, "OpenLogic-CentOS-62-20120531-en-us-30GB", "", "2012-05-31", "OpenLogic"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Win2K8R2SP1-Datacenter-201409.01-en.us-127GB.vhd", "Windows", 128, "Win2K8R2SP1-Datacenter-201409.01-en.us-127GB", "", "2014-09-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Win2K8R2SP1-Datacenter-201504.01-en.us-127GB.vhd", "Windows", 128, "Win2K8R2SP1-Datacenter-201504.01-en.us-127GB", "", "2015-04-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-Datacenter-201212.01-en.us-30GB.vhd", "Windows", 30, "Windows Server 2012, December 2012", "", "", ""),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-Datacenter-201407.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-Datacenter-201407.01-en.us-127GB", "", "2014-07-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-Datacenter-201408.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-Datacenter-201408.01-en.us-127GB", "", "2014-08-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-Datacenter-201409.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-Datacenter-201409.01-en.us-127GB", "", "2014-09-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201406.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201406.01-en.us-127GB", "", "2014-06-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201407.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201407.01-en.us-127GB", "", "2014-07-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201408.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201408.01-en.us-127GB", "", "2014-08-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201409.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201409.01-en.us-127GB", "", "2014-09-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201410.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201410.01-en.us-127GB", "", "2014-10-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201411.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201411.01-en.us-127GB", "", "2014-11-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201412.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201412.01-en.us-127GB", "", "2014-12-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201502.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201502.01-en.us-127GB", "", "2015-02-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201503.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201503.01-en.us-127GB", "", "2015-03-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201504.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201504.01-en.us-127GB", "", "2015-04-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201505.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201505.01-en.us-127GB", "", "2015-05-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-201506.01-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-201506.01-en.us-127GB", "", "2015-06-01", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-20150726-en.us-127GB.vhd", "Windows", 128, "Windows-Server-2012-R2-20150726-en.us-127GB", "", "2015-07-26", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-20151120-en.us-127GB.vhd", "Windows", 128, "Windows Server 2012 R2 Datacenter, November 2015", "Windows Server 2012 R2 Datacenter", "2015-11-20", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("a699494373c04fc0bc8f2bb1389d6106__Windows-Server-2012-R2-20160229-en.us-127GB.vhd", "Windows", 128, "Windows Server 2012 R2 Datacenter, February 2016", "Windows Server 2012 R2 Datacenter", "2016-02-29", "Microsoft Windows Server Group"),  # noqa: E501
    PlatformImage("ad072bd3082149369c449ba5832401ae__Windows-Server-Remote-Desktop-Session-Host-on-Windows-Server-2012-R2-20140403-2126", "Windows", 128, "Windows-Server-Remote-Desktop-Session-Host-on-Windows-Server-2012-R2-20140403-2126", "", "2014-04-03", "Microsoft Windows Server Remote Desktop Group"),  # noqa: E501
    PlatformImage("ad072bd3082149369c449ba5832401ae__Windows-Server-Remote-Desktop-Session-Host-on-Windows-Server-2012-R2-20140514-1852", "Windows", 128, "Windows-Server-Remote-Desktop-Session-Host-on-Windows-Server-2012-R2-20140514-1852", "", "2014-05-14", "Microsoft Windows Server Remote Desktop Group"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_4-LTS-amd64-server-20140619-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.4 LTS", "Ubuntu Server 12.04 LTS", "2014-06-20", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_4-LTS-amd64-server-20140717-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.4 LTS", "Ubuntu Server 12.04 LTS", "2014-07-18", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140806-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5 LTS", "Ubuntu Server 12.04 LTS", "2014-08-07", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140829.2-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5 LTS", "Ubuntu Server 12.04 LTS", "2014-08-30", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140909.2-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5 LTS", "Ubuntu Server 12.04 LTS", "2014-09-11", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140925.1-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5 LTS", "Ubuntu Server 12.04 LTS", "2014-09-26", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20140927-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5 LTS", "Ubuntu Server 12.04 LTS", "2014-09-30", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20150204-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5 LTS", "Ubuntu Server 12.04 LTS", "2015-02-04", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20150512-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5-LTS", "Ubuntu Server 12.04 LTS", "2015-05-13", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20150615-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5-LTS", "Ubuntu Server 12.04 LTS", "2015-06-16", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_04_5-LTS-amd64-server-20150730.1-en-us-30GB", "Linux", 30, "Ubuntu Server 12.04.5-LTS", "Ubuntu Server 12.04 LTS", "2015-07-31", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-12_10-amd64-server-20121218-1-en-us-30GB", "Linux", 30, "Ubuntu Server 12.10", "", "", ""),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_04-LTS-amd64-server-20140724-en-us-30GB", "Linux", 30, "Ubuntu Server 14.04 LTS", "Ubuntu Server 14.04 LTS", "2014-07-25", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_04_1-LTS-amd64-server-20140909-en-us-30GB", "Linux", 30, "Ubuntu Server 14.04.1 LTS", "Ubuntu Server 14.04 LTS", "2014-09-11", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_04_1-LTS-amd64-server-20140927-en-us-30GB", "Linux", 30, "Ubuntu Server 14.04.1 LTS", "Ubuntu Server 14.04 LTS", "2014-09-30", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_04_2-LTS-amd64-server-20150506-en-us-30GB", "Linux", 30, "Ubuntu Server 14.04.2-LTS", "Ubuntu Server 14.04 LTS", "2015-05-07", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_04_2_LTS-amd64-server-20150309-en-us-30GB", "Linux", 30, "Ubuntu Server 14.04.2.LTS", "Ubuntu Server 14.04 LTS", "2015-03-11", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_04_3-LTS-amd64-server-20150805-en-us-30GB", "Linux", 30, "Ubuntu Server 14.04.3-LTS", "Ubuntu Server 14.04 LTS", "2015-08-06", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_04_4-LTS-amd64-server-20160516-en-us-30GB", "Linux", 30, "Ubuntu Server 14.04.4-LTS", "Ubuntu Server 14.04 LTS", "2016-05-17", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu-14_10-amd64-server-20150620-en-us-30GB", "Linux", 30, "Ubuntu-14_10-amd64-server-20150620-en-us-30GB", "", "2015-06-20", "Canonical"),  # noqa: E501
    PlatformImage("b39f27a8b8c64d52b05eac6a62ebad85__Ubuntu_DAILY_BUILD-trusty-14_04_1-LTS-amd64-server-20141212-en-us-30GB", "Linux", 30, "Ubuntu_DAILY_BUILD-trusty-14_04_1-LTS-amd64-server-20141212-en-us-30GB", "", "2014-12-12", "Canonical"),  # noqa: E501
    PlatformImage("b4590d9e3ed742e4a1d46e5424aa335e__SUSE-Linux-Enterprise-Server-11-SP3-Prio-v206", "Linux", 30, "SUSE-Linux-Enterprise-Server-11-SP3-Prio-v206", "", "", "SUSE"),  # noqa: E501
    PlatformImage("b4590d9e3ed742e4a1d46e5424aa335e__openSUSE-13.1-v105", "Linux", 30, "openSUSE-13.1-v105", "", "", "SUSE"),  # noqa: E501
    PlatformImage("b4590d9e3ed742e4a1d46e5424aa335e__suse-opensuse-13.2-v20160302", "Linux", 30, "openSUSE 13.2", "openSUSE 13.2", "2016-03-02", "SUSE"),  # noqa: E501
    PlatformImage("bd507d3a70934695bc2128e3e5a255ba__RightImage-Windows-2008R2-x64-v14", "Windows", 128, "RightImage Windows 2008R2 x64 v14", "RightScale Windows v14", "2014-03-24", "RightScale with Windows Server"),  # noqa: E501
    PlatformImage("bd507d3a70934695bc2128e3e5a255ba__RightImage-Windows-2012-x64-iis8-v13.4.12.2", "Windows", 31, "RightImage Windows 2012 x64 iis8 v13.4.12.2", "RightScale Windows v13", "2013-05-30", "RightScale with Windows Server"),  # noqa: E501
    PlatformImage("bd507d3a70934695bc2128e3e5a255ba__RightImage-Windows-2012-x64-iis8-v13.5", "Windows", 128, "RightImage Windows 2012 x64 iis8 v13.5", "RightScale Windows v13", "2013-08-15", "RightScale with Windows Server"),  # noqa: E501
    PlatformImage("bd507d3a70934695bc2128e3e5a255ba__RightImage-Windows-2012-x64-v5.8.8.12", "Windows", 30, "RightImage Windows 2012 x64 v5.8.8.12", "RightScale Windows v13", "2012-12-12", "RightScale with Windows Server"),  # noqa: E501
    PlatformImage("c290a6b031d841e09f2da759bbabe71f__Oracle-Database-121010.v1-EE-Lnx", "Linux", 40, "Oracle Database 12.1.0.1 Enterprise Edition on Oracle Linux 6.4.0.0.0", "Oracle Database", "", "Oracle"),  # noqa: E501
)
# fmt: on
