"""What an answer of the local service holds depends on ``x-ms-version``, as recordings show it."""

from __future__ import annotations

import pytest

from tests.emulator_driver import BOTH, WINDOWS_IMAGE, XMLNS, Driver, endpoint, vm_role, windows

DEP = "services/hostedservices/svc/deployments/dep"
VERSIONS = (
    "2012-03-01",
    "2012-08-01",
    "2013-06-01",
    "2013-11-01",
    "2014-04-01",
    "2014-05-01",
    "2014-06-01",
    "2014-10-01",
    "2015-04-01",
    "2016-03-01",
    "2017-01-01",
)


@pytest.fixture(scope="module")
def stocked() -> Driver:
    """Give a service with a machine that has all there is to show."""
    driver = Driver()
    driver.done(
        "POST",
        "services/storageservices",
        f"<CreateStorageServiceInput {XMLNS}><ServiceName>account1</ServiceName><Label>bA==</Label>"
        "<Location>West US</Location></CreateStorageServiceInput>",
    )
    driver.done(
        "PUT",
        "services/networking/media",
        '<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">'
        '<VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="net" Location="West US">'
        "<AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace></VirtualNetworkSite>"
        "</VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>",
    )
    driver.create_service()
    balanced = endpoint("web", 80, 80, lb_set="web").replace(
        "<Protocol>",
        "<LoadBalancerProbe><Port>80</Port><Protocol>tcp</Protocol></LoadBalancerProbe><Protocol>",
        1,
    )
    role = vm_role(
        "vm0",
        root="Role",
        endpoints=balanced,
        provisioning=windows(),
        os_disk=f"<SourceImageName>{WINDOWS_IMAGE}</SourceImageName>",
    ).replace(
        "</RoleSize>",
        "</RoleSize><ProvisionGuestAgent>true</ProvisionGuestAgent><DebugSettings>"
        "<BootDiagnosticsEnabled>true</BootDiagnosticsEnabled></DebugSettings>",
    )
    driver.done(
        "POST",
        "services/hostedservices/svc/deployments",
        f"<Deployment {BOTH}><Name>dep</Name><DeploymentSlot>Production</DeploymentSlot><Label>l</Label>"
        f"<RoleList>{role}</RoleList><VirtualNetworkName>net</VirtualNetworkName></Deployment>",
    )
    driver.wait(1200)
    name = "PerformMaintenanceOnRoleOperation"
    driver.done(
        "POST",
        f"{DEP}/roleinstances/vm0/Operations",
        f"<{name} {XMLNS}><OperationType>{name}</OperationType></{name}>",
    )
    driver.ok(
        "POST",
        "services/images",
        f"<OSImage {XMLNS}><Label>l</Label><MediaLink>http://account1.blob.core.windows.net/v/a.vhd</MediaLink>"
        "<Name>mine</Name><OS>Linux</OS></OSImage>",
        status=200,
    )
    driver.wait(1200)
    return driver


@pytest.mark.parametrize(
    ("path", "element", "since"),
    [
        (DEP, "PersistentVMDowntime", "2012-03-01"),
        (DEP, "RemoteAccessCertificateThumbprint", "2012-08-01"),
        (DEP, "VirtualIPs", "2013-06-01"),
        (DEP, "EnableDirectServerReturn", "2013-06-01"),
        (DEP, "IntervalInSeconds", "2013-06-01"),
        (DEP, "InternalDnsSuffix", "2013-11-01"),
        (DEP, "ProvisionGuestAgent", "2014-04-01"),
        (DEP, "GuestAgentStatus", "2014-04-01"),
        (DEP, "LoadBalancers", "2014-05-01"),
        (DEP, "IOType", "2014-10-01"),
        (DEP, "VirtualNetworkId", "2014-10-01"),
        (DEP, "DebugSettings", "2016-03-01"),
        (DEP, "MaintenanceStatus", "2017-01-01"),
        ("services/disks", "CreatedTime", "2014-05-01"),
        ("services/disks", "IOType", "2014-10-01"),
        ("services/hostedservices", "ComputeCapabilities", "2014-05-01"),
        ("services/images/mine", "IsPremium", "2013-06-01"),
        ("services/images/mine", "OSState", "2014-05-01"),
        ("services/storageservices/account1", "CreationTime", "2013-06-01"),
        ("services/storageservices/account1", "AccountType", "2014-06-01"),
        ("locations", "ComputeCapabilities", "2014-05-01"),
        ("locations", "StorageCapabilities", "2014-10-01"),
    ],
)
def test_an_element_is_there_from_its_version_on(
    stocked: Driver, path: str, element: str, since: str
) -> None:
    for version in VERSIONS:
        there = f"<{element}" in stocked.get(path, x_ms_version=version)
        assert there == (version >= since), version


@pytest.mark.parametrize(
    ("element", "first", "last"),
    [
        ("LastGeoFailoverTime", "2012-03-01", "2012-08-01"),
        ("GeoReplicationEnabled", "2012-03-01", "2014-05-01"),
        ("SecondaryReadEnabled", "2013-11-01", "2014-05-01"),
    ],
)
def test_elements_of_storage_accounts_went_again(
    stocked: Driver, element: str, first: str, last: str
) -> None:
    for version in VERSIONS:
        answer = stocked.get("services/storageservices/account1", x_ms_version=version)
        assert (f"<{element}" in answer) == (first <= version <= last), version


def test_what_is_read_alone_and_what_is_listed(stocked: Driver) -> None:
    assert "<ComputeCapabilities>" not in stocked.get("services/hostedservices/svc")
    assert "<Capabilities>" in stocked.get("services/storageservices/account1")
    assert "<Capabilities>" not in stocked.get("services/storageservices")
    role = stocked.get(f"{DEP}/roles/vm0")
    assert "<Vip>" not in role
    assert "<SubnetNames" not in role
    deployment = stocked.get(DEP)
    assert "<Vip>" in deployment
    assert "<SubnetNames/>" in deployment


def test_maintenance_of_the_hosts_is_announced_until_it_is_withdrawn() -> None:
    driver = Driver()
    driver.create_service()
    driver.create_deployment()
    assert "<Status>PersistentVMUpdate" in driver.get(DEP)
    driver.service.announce_maintenance(announced=False)
    assert "<PersistentVMDowntime>" not in driver.get(DEP)


def test_a_guest_that_was_stopped_before_it_reported_stays_unknown() -> None:
    for seed in range(6):
        driver = Driver(seed=seed)
        driver.create_service()
        driver.create_deployment(ready=False)
        while "<InstanceStatus>Provisioning" not in driver.get(DEP):
            driver.wait(1)
        told = "<HostName>" in driver.get(DEP)
        name = "ShutdownRoleOperation"
        driver.done(
            "POST",
            f"{DEP}/roleinstances/vm0/Operations",
            f"<{name} {XMLNS}><OperationType>{name}</OperationType></{name}>",
        )
        driver.wait(3600)
        assert ("<HostName>" in driver.get(DEP)) == told
        name = "StartRoleOperation"
        driver.done(
            "POST",
            f"{DEP}/roleinstances/vm0/Operations",
            f"<{name} {XMLNS}><OperationType>{name}</OperationType></{name}>",
        )
        driver.wait(3600)
        assert "<HostName>" in driver.get(DEP)


def test_a_network_without_addresses_is_refused_where_it_stands() -> None:
    document = (
        '<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">\n'
        "  <VirtualNetworkConfiguration><VirtualNetworkSites>\n"
        '  <VirtualNetworkSite name="n" Location="West US">\n    <AddressSpace/>\n'
        "  </VirtualNetworkSite></VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>"
    )
    assert Driver().refused("PUT", "services/networking/media", document) == (
        400,
        "BadRequest",
        "XML Schema validation error in network configuration at line 4,6.",
    )


def test_network_sites_tell_of_their_name_servers_and_gateways() -> None:
    driver = Driver()
    driver.done(
        "PUT",
        "services/networking/media",
        '<NetworkConfiguration xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">'
        '<VirtualNetworkConfiguration><Dns><DnsServers><DnsServer name="d" IPAddress="1.2.3.4"/></DnsServers>'
        '</Dns><LocalNetworkSites><LocalNetworkSite name="home"><AddressSpace>'
        "<AddressPrefix>10.2.0.0/16</AddressPrefix></AddressSpace>"
        "<VPNGatewayAddress>200.0.0.1</VPNGatewayAddress></LocalNetworkSite></LocalNetworkSites>"
        '<VirtualNetworkSites><VirtualNetworkSite name="n" Location="West US"><AddressSpace>'
        "<AddressPrefix>10.0.0.0/16</AddressPrefix></AddressSpace>"
        '<DnsServersRef><DnsServerRef name="d"/></DnsServersRef>'
        '<Gateway profile="Small"><ConnectionsToLocalNetwork><LocalNetworkSiteRef name="home">'
        '<Connection type="IPsec"/></LocalNetworkSiteRef></ConnectionsToLocalNetwork></Gateway>'
        "</VirtualNetworkSite></VirtualNetworkSites></VirtualNetworkConfiguration></NetworkConfiguration>",
    )
    told = driver.get("services/networking/virtualnetwork")
    assert (
        "<Dns><DnsServers><DnsServer><Name>d</Name><Address>1.2.3.4</Address></DnsServer></DnsServers></Dns>"
        in told
    )
    assert "<Gateway><Profile>Small</Profile><Sites><LocalNetworkSite><Name>home</Name>" in told
    assert (
        "<VpnGatewayAddress>200.0.0.1</VpnGatewayAddress><Connections><Connection><Type>IPsec</Type>" in told
    )
