# Made by tools/callback_stub.py from the operation table; a test says when it isn't current.
# ruff: noqa: N802, N803 - the names are the documented ones

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, overload

from pydantic import SecretStr

from azure_iaas.callback.methods import Callback
from azure_iaas.models import (
    CaptureOptions,
    DataDisk,
    Deployment,
    DeployOptions,
    Disk,
    ExternalEndpoint,
    HostedService,
    ImageOptions,
    LoadBalancer,
    OSImage,
    ReservedIP,
    ServiceOptions,
    StorageService,
    SubscriptionCertificate,
    VMImage,
    VMRole,
)
from azure_iaas.models.mappings import (
    AddDiskDict,
    AddOSImageDict,
    CaptureOptionsDict,
    CaptureRoleAsVMImageOperationDict,
    ChangeConfigurationDict,
    CreateReservedIPDict,
    CreateStorageServiceInputDict,
    CreateVMImageDict,
    DataDiskDict,
    DeployOptionsDict,
    ExternalEndpointDict,
    ImageOptionsDict,
    LoadBalancerDict,
    ServiceOptionsDict,
    SubscriptionCertificateDict,
    UpdateHostedServiceDict,
    UpdateStorageServiceInputDict,
    UpdateVMImageDict,
    VMRoleDict,
)

class ApiMethods:
    def ListAffinityGroups(self, callback: Callback) -> None: ...
    def GetAffinityGroup(self, name: str, callback: Callback) -> None: ...
    def CreateAffinityGroup(
        self,
        name: str,
        location: str,
        callback: Callback,
        *,
        label: str | None = None,
        description: str | None = None,
    ) -> None: ...
    def UpdateAffinityGroup(
        self,
        name: str,
        label: str,
        callback: Callback,
        *,
        description: str | None = None,
    ) -> None: ...
    def DeleteAffinityGroup(self, name: str, callback: Callback) -> None: ...
    def GetDataDisk(
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        LUN: int | str,
        callback: Callback,
    ) -> None: ...
    def AddDataDisk(
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        datadisk: DataDisk | DataDiskDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def ModifyDataDisk(
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        LUN: int | str,
        datadisk: DataDisk | DataDiskDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def RemoveDataDisk(
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        LUN: int | str,
        callback: Callback,
    ) -> None: ...
    def GetDeployment(self, serviceName: str, deploymentName: str, callback: Callback) -> None: ...
    def GetDeploymentBySlot(self, serviceName: str, deploymentSlot: str, callback: Callback) -> None: ...
    @overload
    def CreateDeployment(
        self,
        serviceName: str,
        deploymentName: str,
        VMRole: VMRole | VMRoleDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    @overload
    def CreateDeployment(
        self,
        serviceName: str,
        deploymentName: str,
        VMRole: VMRole | VMRoleDict | Mapping[str, Any],
        deployOptions: DeployOptions | Deployment | DeployOptionsDict | Mapping[str, Any] | None,
        callback: Callback,
    ) -> None: ...
    def DeleteDeployment(
        self,
        serviceName: str,
        deploymentName: str,
        callback: Callback,
        *,
        deleteMedia: bool = False,
    ) -> None: ...
    def DeleteDeploymentBySlot(self, serviceName: str, deploymentSlot: str, callback: Callback) -> None: ...
    def SwapDeployment(
        self,
        serviceName: str,
        production: str,
        sourceDeployment: str,
        callback: Callback,
    ) -> None: ...
    def UpdateDeploymentStatus(
        self,
        serviceName: str,
        deploymentName: str,
        status: str,
        callback: Callback,
    ) -> None: ...
    def ChangeDeploymentConfiguration(
        self,
        serviceName: str,
        deploymentName: str,
        change: ChangeConfigurationDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def UpdateLoadBalancedSet(
        self,
        serviceName: str,
        deploymentName: str,
        endpoints: Sequence[ExternalEndpoint | ExternalEndpointDict | Mapping[str, Any]],
        callback: Callback,
    ) -> None: ...
    def AddDnsServer(
        self,
        serviceName: str,
        deploymentName: str,
        name: str,
        address: str,
        callback: Callback,
    ) -> None: ...
    def UpdateDnsServer(
        self,
        serviceName: str,
        deploymentName: str,
        name: str,
        address: str,
        callback: Callback,
    ) -> None: ...
    def DeleteDnsServer(
        self,
        serviceName: str,
        deploymentName: str,
        name: str,
        callback: Callback,
    ) -> None: ...
    def AddLoadBalancer(
        self,
        serviceName: str,
        deploymentName: str,
        loadBalancer: LoadBalancer | LoadBalancerDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def UpdateLoadBalancer(
        self,
        serviceName: str,
        deploymentName: str,
        loadBalancer: LoadBalancer | LoadBalancerDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteLoadBalancer(
        self,
        serviceName: str,
        deploymentName: str,
        name: str,
        callback: Callback,
    ) -> None: ...
    def AddVirtualIP(self, serviceName: str, deploymentName: str, name: str, callback: Callback) -> None: ...
    def DeleteVirtualIP(
        self,
        serviceName: str,
        deploymentName: str,
        name: str,
        callback: Callback,
    ) -> None: ...
    def ListDisks(self, callback: Callback) -> None: ...
    def GetDisk(self, diskName: str, callback: Callback) -> None: ...
    def CreateDisk(self, disk: Disk | AddDiskDict | Mapping[str, Any], callback: Callback) -> None: ...
    def UpdateDisk(
        self,
        diskName: str,
        changes: Disk | AddDiskDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteDisk(self, diskName: str, callback: Callback, *, deleteMedia: bool = False) -> None: ...
    def ListHostedServices(self, callback: Callback) -> None: ...
    def GetHostedService(self, serviceName: str, callback: Callback) -> None: ...
    @overload
    def CreateHostedService(self, serviceName: str, callback: Callback) -> None: ...
    @overload
    def CreateHostedService(
        self,
        serviceName: str,
        serviceOptions: ServiceOptions | HostedService | ServiceOptionsDict | Mapping[str, Any] | None,
        callback: Callback,
    ) -> None: ...
    def UpdateHostedService(
        self,
        serviceName: str,
        changes: HostedService | UpdateHostedServiceDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteHostedService(
        self,
        serviceName: str,
        callback: Callback,
        *,
        deleteMedia: bool = False,
    ) -> None: ...
    def CheckHostedServiceName(self, serviceName: str, callback: Callback) -> None: ...
    def ListManagementCertificates(self, callback: Callback) -> None: ...
    def GetManagementCertificate(self, thumbprint: str, callback: Callback) -> None: ...
    def AddManagementCertificate(
        self,
        certificate: SubscriptionCertificate | SubscriptionCertificateDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteManagementCertificate(self, thumbprint: str, callback: Callback) -> None: ...
    def ListVirtualNetworkSites(self, callback: Callback) -> None: ...
    def GetNetworkConfiguration(self, callback: Callback) -> None: ...
    def SetNetworkConfiguration(self, document: str, callback: Callback) -> None: ...
    def CheckAddressAvailability(self, networkName: str, address: str, callback: Callback) -> None: ...
    def ListOSImages(self, callback: Callback) -> None: ...
    def GetOSImage(self, imagename: str, callback: Callback) -> None: ...
    @overload
    def CreateOSImage(self, imageName: str, mediaLink: str, callback: Callback) -> None: ...
    @overload
    def CreateOSImage(
        self,
        imageName: str,
        mediaLink: str,
        imageOptions: ImageOptions | OSImage | ImageOptionsDict | Mapping[str, Any] | None,
        callback: Callback,
    ) -> None: ...
    def UpdateOSImage(
        self,
        imageName: str,
        changes: OSImage | AddOSImageDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteOSImage(self, imageName: str, callback: Callback, *, deleteMedia: bool = False) -> None: ...
    def ListReservedIPs(self, callback: Callback) -> None: ...
    def GetReservedIP(self, name: str, callback: Callback) -> None: ...
    def CreateReservedIP(
        self,
        name: str,
        options: ReservedIP | CreateReservedIPDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteReservedIP(self, name: str, callback: Callback) -> None: ...
    def AssociateReservedIP(
        self,
        name: str,
        serviceName: str,
        deploymentName: str,
        callback: Callback,
        *,
        virtualIpName: str | None = None,
    ) -> None: ...
    def DisassociateReservedIP(
        self,
        name: str,
        serviceName: str,
        deploymentName: str,
        callback: Callback,
        *,
        virtualIpName: str | None = None,
    ) -> None: ...
    def ShutdownRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def StartRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def RestartRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def CaptureRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        captOptions: CaptureOptions | CaptureOptionsDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def CaptureRoleAsVMImage(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        options: CaptureRoleAsVMImageOperationDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def RedeployRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def PerformMaintenanceOnRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def ShutdownRoles(
        self,
        serviceName: str,
        deploymentName: str,
        roleNames: Sequence[str],
        callback: Callback,
        *,
        postShutdownAction: str | None = None,
    ) -> None: ...
    def StartRoles(
        self,
        serviceName: str,
        deploymentName: str,
        roleNames: Sequence[str],
        callback: Callback,
    ) -> None: ...
    def DeleteRoleInstances(
        self,
        serviceName: str,
        deploymentName: str,
        names: Sequence[str],
        callback: Callback,
    ) -> None: ...
    def RebootRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def ReimageRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def RebuildRoleInstance(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def GetRemoteDesktopFile(
        self,
        serviceName: str,
        deploymentName: str,
        roleInstance: str,
        callback: Callback,
    ) -> None: ...
    def GetRole(self, serviceName: str, deploymentName: str, roleName: str, callback: Callback) -> None: ...
    def AddRole(
        self,
        serviceName: str,
        deploymentName: str,
        VMRole: VMRole | VMRoleDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def ModifyRole(
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        VMRole: VMRole | VMRoleDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteRole(
        self,
        serviceName: str,
        deploymentName: str,
        roleName: str,
        callback: Callback,
    ) -> None: ...
    def ListServiceCertificates(self, serviceName: str, callback: Callback) -> None: ...
    def GetServiceCertificate(
        self,
        serviceName: str,
        thumbprint: str,
        callback: Callback,
        *,
        algorithm: str = "sha1",
    ) -> None: ...
    @overload
    def AddServiceCertificate(self, serviceName: str, data: str, callback: Callback) -> None: ...
    @overload
    def AddServiceCertificate(
        self,
        serviceName: str,
        data: str,
        certificateFormat: str,
        callback: Callback,
    ) -> None: ...
    @overload
    def AddServiceCertificate(
        self,
        serviceName: str,
        data: str,
        certificateFormat: str,
        password: str | SecretStr | None,
        callback: Callback,
    ) -> None: ...
    def DeleteServiceCertificate(
        self,
        serviceName: str,
        thumbprint: str,
        callback: Callback,
        *,
        algorithm: str = "sha1",
    ) -> None: ...
    def GetStorageAccountKeys(self, serviceName: str, callback: Callback) -> None: ...
    def RegenerateStorageAccountKeys(self, serviceName: str, keyType: str, callback: Callback) -> None: ...
    def ListStorageAccounts(self, callback: Callback) -> None: ...
    def GetStorageAccount(self, serviceName: str, callback: Callback) -> None: ...
    @overload
    def CreateStorageAccount(self, serviceName: str, callback: Callback) -> None: ...
    @overload
    def CreateStorageAccount(
        self,
        serviceName: str,
        options: StorageService | CreateStorageServiceInputDict | Mapping[str, Any] | None,
        callback: Callback,
    ) -> None: ...
    def UpdateStorageAccount(
        self,
        serviceName: str,
        changes: StorageService | UpdateStorageServiceInputDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteStorageAccount(self, serviceName: str, callback: Callback) -> None: ...
    def CheckStorageAccountName(self, serviceName: str, callback: Callback) -> None: ...
    def GetOperationStatus(self, requestid: str, callback: Callback) -> None: ...
    def ListLocations(self, callback: Callback) -> None: ...
    def ListRoleSizes(self, callback: Callback) -> None: ...
    def ListResourceExtensions(self, callback: Callback) -> None: ...
    def GetSubscription(self, callback: Callback) -> None: ...
    def ListSubscriptionOperations(
        self,
        startTime: datetime,
        endTime: datetime,
        callback: Callback,
        *,
        objectIdFilter: str | None = None,
        operationResultFilter: str | None = None,
        continuationToken: str | None = None,
    ) -> None: ...
    def RegisterResourceProvider(self, resourceType: str, callback: Callback) -> None: ...
    def UnregisterResourceProvider(self, resourceType: str, callback: Callback) -> None: ...
    def ListVMImages(
        self,
        callback: Callback,
        *,
        location: str | None = None,
        publisher: str | None = None,
        category: str | None = None,
    ) -> None: ...
    def CreateVMImage(
        self,
        image: VMImage | CreateVMImageDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def UpdateVMImage(
        self,
        imageName: str,
        changes: VMImage | UpdateVMImageDict | Mapping[str, Any],
        callback: Callback,
    ) -> None: ...
    def DeleteVMImage(self, imageName: str, callback: Callback, *, deleteMedia: bool = False) -> None: ...
