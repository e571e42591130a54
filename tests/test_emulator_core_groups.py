"""The local service's second tier, a REST group at a time."""

from __future__ import annotations

import base64
import re

import pytest

from tests.emulator_driver import (
    BOTH,
    LINUX_IMAGE,
    SUBSCRIPTION,
    XMLNS,
    Driver,
    data_disk,
    element,
    endpoint,
    operation,
    vm_role,
)

DEP = "services/hostedservices/svc/deployments/dep"
ACCOUNTS = "services/storageservices"


@pytest.fixture
def driver() -> Driver:
    return Driver()


@pytest.fixture
def running(driver: Driver) -> Driver:
    driver.create_service()
    driver.create_deployment(endpoints=endpoint("ssh", 22) + endpoint("web", 80, 80, lb_set="web"))
    return driver


# Hosted services


def test_update_hosted_service(driver: Driver) -> None:
    driver.create_service()
    body = (
        f"<UpdateHostedService {XMLNS}><Label>bmV3</Label><Description>words</Description>"
        "<ExtendedProperties>"
        "<ExtendedProperty><Name>owner</Name><Value>me</Value></ExtendedProperty></ExtendedProperties>"
        "</UpdateHostedService>"
    )
    driver.wait(5)
    driver.ok("PUT", "services/hostedservices/svc", body, status=200)
    text = driver.get("services/hostedservices/svc")
    assert "<Description>words</Description><Location>West US</Location><Label>bmV3</Label>" in text
    assert "<ExtendedProperty><Name>owner</Name><Value>me</Value></ExtendedProperty>" in text
    assert element(text, "DateCreated") < element(text, "DateLastModified")


def test_location_or_affinity_group(driver: Driver) -> None:
    def body(place: str) -> str:
        inner = f"<ServiceName>s</ServiceName><Label>bA==</Label>{place}"
        return f"<CreateHostedService {XMLNS}>{inner}</CreateHostedService>"

    path = "services/hostedservices"
    assert driver.refused("POST", path, body(""))[0] == 400
    both = "<Location>West US</Location><AffinityGroup>g</AffinityGroup>"
    assert driver.refused("POST", path, body(both))[0] == 400
    assert (
        driver.refused("POST", path, body("<Location>Moon</Location>"))[2]
        == "The location constraint is not valid."
    )
    assert driver.refused("POST", path, body("<AffinityGroup>g</AffinityGroup>")) == (
        400,
        "BadRequest",
        "The affinity group does not exist.",
    )
    driver.ok("POST", path, body("<Location>windows azure preview</Location>"), status=201)


def test_deployments_are_embedded_only_when_asked_for(driver: Driver) -> None:
    driver.create_service()
    assert "<Deployments" not in driver.get("services/hostedservices/svc")
    assert "<Deployments/>" in driver.get("services/hostedservices/svc?embed-detail=true")


# Deployments


def test_web_and_worker_operations_are_refused(running: Driver) -> None:
    status = f"<UpdateDeploymentStatus {XMLNS}><Status>Suspended</Status></UpdateDeploymentStatus>"
    swap = f"<Swap {XMLNS}><Production>dep</Production><SourceDeployment>other</SourceDeployment></Swap>"
    configuration = f"<ChangeConfiguration {XMLNS}><Configuration>PGE+</Configuration></ChangeConfiguration>"
    for path, body in (
        (f"{DEP}/?comp=status", status),
        ("services/hostedservices/svc", swap),
        (f"{DEP}/?comp=config", configuration),
        (f"{DEP}?comp=upgrade", ""),
        (f"{DEP}/roleinstances/vm0?comp=reimage", ""),
        (f"{DEP}/roleinstances/vm0?comp=rebuild&resources=allLocalDrives", ""),
        ("services/hostedservices/svc/deploymentslots/staging", ""),
    ):
        status_code, code, message = running.refused("POST", path, body)
        assert (status_code, code) == (400, "BadRequest")
        assert "not supported" in message


def test_load_balanced_sets(running: Driver) -> None:
    running.done("POST", f"{DEP}/roles", vm_role("vm1", endpoints=endpoint("web", 80, 80, lb_set="web")))
    body = (
        f"<LoadBalancedEndpointList {XMLNS}><InputEndpoint><LoadBalancedEndpointSetName>WEB"
        "</LoadBalancedEndpointSetName><LocalPort>8080</LocalPort><Port>80</Port><LoadBalancerProbe>"
        "<Path>/up</Path>"
        "<Port>8080</Port><Protocol>http</Protocol></LoadBalancerProbe><Protocol>tcp</Protocol>"
        "</InputEndpoint>"
        "</LoadBalancedEndpointList>"
    )
    running.done("POST", f"{DEP}?comp=UpdateLbSet", body)
    for role in ("vm0", "vm1"):
        text = running.get(f"{DEP}/roles/{role}")
        assert (
            "<LocalPort>8080</LocalPort><Name>web</Name><Port>80</Port><LoadBalancerProbe><Path>/up</Path>"
            in text
        )
        assert "<IntervalInSeconds>15</IntervalInSeconds><TimeoutInSeconds>31</TimeoutInSeconds>" in text
    assert running.refused("POST", f"{DEP}?comp=updatelbset", body.replace("WEB", "none"))[0] == 404


def test_internal_load_balancer_dns_servers_and_virtual_ips(running: Driver) -> None:
    balancer = (
        f"<LoadBalancer {XMLNS}><Name>inner</Name><FrontendIpConfiguration><Type>Private</Type>"
        "<SubnetName>s1</SubnetName></FrontendIpConfiguration></LoadBalancer>"
    )
    running.done("POST", f"{DEP}/loadbalancers", balancer)
    assert "<LoadBalancers><LoadBalancer><Name>inner</Name><FrontendIpConfiguration>" in running.get(DEP)
    assert running.refused("POST", f"{DEP}/loadbalancers", balancer)[2] == (
        "LoadBalancer already exists: inner. Only one internal load balancer allowed per deployment."
    )
    running.done("PUT", f"{DEP}/loadbalancers/inner", balancer.replace("s1", "s2"))
    assert "<SubnetName>s2</SubnetName>" in running.get(DEP)
    running.done("DELETE", f"{DEP}/loadbalancers/INNER")
    assert running.refused("DELETE", f"{DEP}/loadbalancers/inner")[0] == 404

    server = f"<DnsServer {XMLNS}><Name>ns</Name><Address>10.0.0.4</Address></DnsServer>"
    running.done("POST", f"{DEP}/dnsservers", server)
    assert running.refused("POST", f"{DEP}/dnsservers", server)[0] == 409
    running.done("PUT", f"{DEP}/dnsservers/ns", server.replace("10.0.0.4", "10.0.0.5"))
    assert "<Dns><DnsServers><DnsServer><Name>ns</Name><Address>10.0.0.5</Address>" in running.get(DEP)
    running.done("DELETE", f"{DEP}/dnsservers/ns")
    assert "<Dns>" not in running.get(DEP)

    running.done("POST", f"{DEP}/second")
    assert "<IsDnsProgrammed>false</IsDnsProgrammed><Name>second</Name>" in running.get(DEP)
    running.done("DELETE", f"{DEP}/virtualIPs/second")
    assert "second" not in running.get(DEP)


def test_delete_role_instances(running: Driver) -> None:
    running.done("POST", f"{DEP}/roles", vm_role("vm1"))
    body = f"<RoleInstances {XMLNS}><Name>vm1</Name></RoleInstances>"
    running.done("POST", f"{DEP}/roleinstances/?comp=delete", body)
    assert set(running.states()) == {"vm0"}
    assert running.refused("POST", f"{DEP}/roleinstances/?comp=delete", body.replace("vm1", "vm0"))[0] == 400


def test_operations_by_slot(running: Driver) -> None:
    slot = "services/hostedservices/svc/deploymentslots/production"
    running.done("POST", f"{slot}/roleinstances/vm0/Operations", operation("ShutdownRoleOperation"))
    assert running.states(slot) == {"vm0": ("StoppedVM", "Stopped")}


def test_remote_desktop_file(running: Driver) -> None:
    path = f"{DEP}/roleinstances/vm0/ModelFile?FileType=RDP"
    assert running.refused("GET", path)[2] == (
        "An external endpoint to the Remote Desktop port (3389) must first be added to the role."
    )
    running.done("POST", f"{DEP}/roles", vm_role("vm1", endpoints=endpoint("rdp", 50000, 3389)))
    response = running.send("GET", path.replace("vm0", "vm1"))
    assert response.headers["content-type"] == "application/x-rdp"
    assert b"full address:s:svc.cloudapp.net:50000" in response.body


# Images and disks


def _image(name: str = "mine", inner: str = "") -> str:
    return (
        f"<OSImage {XMLNS}><Label>My image</Label><MediaLink>http://acct.blob.core.windows.net/v/a.vhd"
        "</MediaLink>"
        f"<Name>{name}</Name><OS>Linux</OS>{inner}</OSImage>"
    )


def test_os_images(driver: Driver) -> None:
    answer = driver.send("POST", "services/images", _image())
    assert answer.status == 200
    assert answer.body.decode() == driver.get("services/images/MINE")
    assert driver.refused("POST", "services/images", _image())[:2] == (409, "ConflictError")
    assert driver.refused("POST", "services/images", _image(LINUX_IMAGE))[0] == 409
    inner = "<Label>New</Label><Description>d</Description><ShowInGui>true</ShowInGui>"
    update = f"<OSImage {XMLNS}>{inner}</OSImage>"
    driver.ok("PUT", "services/images/mine", update, status=200)
    text = driver.get("services/images/mine")
    assert "<Label>New</Label>" in text
    assert "<Description>d</Description><ShowInGui>true</ShowInGui>" in text
    assert "<Name>mine</Name>" in driver.get("services/images")
    assert driver.refused("DELETE", f"services/images/{LINUX_IMAGE}")[0] == 400
    driver.ok("DELETE", "services/images/mine?comp=media", status=200)
    assert driver.refused("DELETE", "services/images/mine")[0] == 404
    assert driver.refused("POST", "services/images", _image().replace("Linux", "BeOS"))[0] == 400
    assert driver.refused("POST", "services/images", _image().replace("http:", "file:"))[0] == 400


def test_both_known_orders_of_image_metadata_are_taken(driver: Driver) -> None:
    for name, inner in (
        (
            "one",
            "<PublishedDate>2014-01-01</PublishedDate><ShowInGui>false</ShowInGui><PrivacyUri>p</PrivacyUri>",
        ),
        ("two", "<ShowInGui>false</ShowInGui><PublishedDate>2014-01-01</PublishedDate><IconUri>i</IconUri>"),
    ):
        driver.ok("POST", "services/images", _image(name, inner), status=200)
        text = driver.get(f"services/images/{name}")
        assert "<ShowInGui>false</ShowInGui><PublishedDate>2014-01-01</PublishedDate>" in text


def test_preview_images_have_no_os(driver: Driver) -> None:
    body = (
        f"<OSImage {XMLNS}><Category>User</Category><Label>l</Label><Location>West US</Location>"
        "<MediaLink>http://a.blob.core.windows.net/v/a.vhd</MediaLink><Name>old</Name><RoleSize>Small"
        "</RoleSize></OSImage>"
    )
    driver.ok("POST", "images", body, status=200)
    assert "<OS>Windows</OS>" in driver.get("services/images/old")


def test_disks(running: Driver) -> None:
    body = (
        f"<Disk {XMLNS}><OS>Linux</OS><Label>Boot</Label>"
        "<MediaLink>http://a.blob.core.windows.net/v/b.vhd</MediaLink>"
        "<Name>boot</Name></Disk>"
    )
    running.ok("POST", "services/disks", body, status=200)
    assert running.refused("POST", "services/disks", body)[0] == 409
    running.ok("PUT", "services/disks/boot", f"<Disk {XMLNS}><Label>Other</Label></Disk>", status=200)
    assert "<OS>Linux</OS><Label>Other</Label>" in running.get("services/disks/BOOT")
    running.done("PUT", "services/disks/boot", f"<Disk {XMLNS}><ResizedSizeInGB>90</ResizedSizeInGB></Disk>")
    assert "<LogicalDiskSizeInGB>90</LogicalDiskSizeInGB>" in running.get("services/disks/boot")
    # Attached by name it is a specialized disk: no image, no provisioning.
    running.done("POST", f"{DEP}/roles", vm_role("vm1", provisioning="", os_disk="<DiskName>boot</DiskName>"))
    assert "<RoleName>vm1</RoleName></AttachedTo>" in running.get("services/disks/boot")
    taken = vm_role("vm2", provisioning="", os_disk="<DiskName>boot</DiskName>")
    assert "currently in use by virtual machine vm1" in running.refused("POST", f"{DEP}/roles", taken)[2]
    running.done("DELETE", f"{DEP}/roles/vm1")
    running.wait(61)
    running.ok("DELETE", "services/disks/boot?comp=media", status=200)


def test_a_registered_disk_is_attached_by_its_media_link_too(running: Driver) -> None:
    link = "https://a.blob.core.windows.net/v/data.vhd"
    body = f"<Disk {XMLNS}><Label>Data</Label><MediaLink>{link}</MediaLink><Name>data</Name></Disk>"
    running.ok("POST", "services/disks", body, status=200)
    running.done("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(1, None, MediaLink=link))
    assert "<DiskName>data</DiskName>" in running.get(f"{DEP}/roles/vm0/DataDisks/1")


def test_vm_images(running: Driver) -> None:
    running.done("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(1))
    capture = operation(
        "CaptureRoleAsVMImageOperation",
        "<OSState>Specialized</OSState><VMImageName>whole</VMImageName><VMImageLabel>Whole</VMImageLabel>",
    )
    running.done("POST", f"{DEP}/roleinstances/vm0/Operations", capture)
    text = running.get("services/vmimages")
    assert "<VMImage><Name>whole</Name><Label>Whole</Label><Category>User</Category>" in text
    assert "<Lun>1</Lun>" in text
    assert "<VMImageState>VMImageReadyForUse</VMImageState>" in text
    role = vm_role("vm1", provisioning="").replace(
        f"<OSVirtualHardDisk><SourceImageName>{LINUX_IMAGE}</SourceImageName></OSVirtualHardDisk>", ""
    )
    role = role.replace("<RoleSize>", "<RoleSize>").replace(
        "</ConfigurationSets>", "</ConfigurationSets><VMImageName>whole</VMImageName>"
    )
    assert "Succeeded" in running.done("POST", f"{DEP}/roles", role)
    text = running.get(f"{DEP}/roles/vm1")
    assert "<SourceImageName>whole</SourceImageName>" in text
    assert "<Lun>1</Lun>" in text
    update = f"<VMImage {XMLNS}><Label>New</Label><Description>d</Description></VMImage>"
    running.ok("PUT", "services/vmimages/whole", update, status=200)
    assert "<Label>New</Label>" in running.get("services/vmimages")
    create = (
        f"<VMImage {XMLNS}><Name>blobs</Name><Label>l</Label><OSDiskConfiguration><OSState>Generalized"
        "</OSState>"
        "<OS>Linux</OS><MediaLink>http://a.blob.core.windows.net/v/c.vhd</MediaLink>"
        "</OSDiskConfiguration></VMImage>"
    )
    running.done("POST", "services/vmimages", create)
    assert running.get("services/vmimages").count("<VMImage>") == 2
    assert running.refused("POST", "services/vmimages", create)[0] == 409
    request_id = running.ok("DELETE", "services/vmimages/whole?comp=media")
    assert "VMImageDeleting" in running.get("services/vmimages")
    running.finish(request_id)
    assert running.refused("DELETE", "services/vmimages/whole")[0] == 404


# Storage accounts


def _account(name: str = "acct1", place: str = "<Location>West US</Location>") -> str:
    return (
        f"<CreateStorageServiceInput {XMLNS}><ServiceName>{name}</ServiceName><Label>bGFi</Label>{place}"
        "</CreateStorageServiceInput>"
    )


def test_storage_accounts(driver: Driver) -> None:
    response = driver.send("POST", ACCOUNTS, _account())
    assert response.status == 202
    assert response.headers["location"].endswith(f"/subscriptions/{SUBSCRIPTION}/storage/acct1")
    assert "<Status>Creating</Status>" in driver.get(f"{ACCOUNTS}/acct1")
    assert driver.refused("DELETE", f"{ACCOUNTS}/acct1") == (
        409,
        "ConflictError",
        (
            "Windows Azure is currently performing an operation on this storage account that requires "
            "exclusive access."
        ),
    )
    driver.finish(response.headers["x-ms-request-id"])
    assert "<Status>ResolvingDns</Status>" in driver.get(f"{ACCOUNTS}/acct1")
    driver.wait(10)
    text = driver.get(f"{ACCOUNTS}/acct1")
    assert (
        "<Status>Created</Status><Endpoints><Endpoint>https://acct1.blob.core.windows.net/</Endpoint>" in text
    )
    assert "<AccountType>Standard_GRS</AccountType>" in text
    update = (
        f"<UpdateStorageServiceInput {XMLNS}><Label>bmV3</Label>"
        "<AccountType>Standard_LRS</AccountType></UpdateStorageServiceInput>"
    )
    driver.ok("PUT", f"{ACCOUNTS}/acct1", update, status=200)
    assert "<AccountType>Standard_LRS</AccountType>" in driver.get(ACCOUNTS)
    assert (
        driver.refused("POST", ACCOUNTS, _account())[2]
        == "The storage account named 'acct1' is already taken."
    )
    assert driver.refused("POST", ACCOUNTS, _account("Bad-Name"))[2].startswith(
        "The name is not a valid storage"
    )
    check = f"{ACCOUNTS}/operations/isavailable"
    assert "<Result>false</Result><Reason>The storage account named 'acct1' is already taken." in driver.get(
        f"{check}/acct1"
    )
    assert '<Result>true</Result><Reason i:nil="true"/>' in driver.get(f"{check}/acct2")
    assert driver.refused("GET", f"{check}/A")[0] == 400
    driver.ok("DELETE", f"{ACCOUNTS}/acct1", status=200)
    assert driver.send("GET", f"{ACCOUNTS}/acct1").status == 404


def test_storage_keys(driver: Driver) -> None:
    name = "acct1"
    driver.done("POST", ACCOUNTS, _account(name))
    before = driver.get(f"{ACCOUNTS}/{name}/keys")
    assert len(base64.b64decode(element(before, "Primary"))) == 64
    body = f"<RegenerateKeys {XMLNS}><KeyType>secondary</KeyType></RegenerateKeys>"
    response = driver.send("POST", f"{ACCOUNTS}/{name}/keys?action=regenerate", body)
    assert response.status == 200
    after = driver.get(f"{ACCOUNTS}/{name}/keys")
    assert response.body.decode() == after
    assert element(after, "Primary") == element(before, "Primary")
    assert element(after, "Secondary") != element(before, "Secondary")
    assert (
        driver.refused("POST", f"{ACCOUNTS}/{name}/keys", body)[1] == "MissingOrInvalidRequiredQueryParameter"
    )


def test_a_storage_account_with_disks_stays(running: Driver) -> None:
    running.done("POST", ACCOUNTS, _account())
    running.wait(60)
    link = "http://acct1.blob.core.windows.net/vhds/x.vhd"
    running.done("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(1, 10, MediaLink=link, DiskName="mine"))
    assert running.refused("DELETE", f"{ACCOUNTS}/acct1") == (
        400,
        "BadRequest",
        (
            "Storage account acct1 has some active image(s) and/or disk(s), e.g. mine. Ensure these "
            "image(s) and/or "
            "disk(s) are removed before deleting this storage account."
        ),
    )


def test_a_failed_storage_account_is_gone(driver: Driver) -> None:
    driver.service.fail_next_write(500, "InternalError", "no")
    driver.done("POST", ACCOUNTS, _account())
    assert driver.send("GET", f"{ACCOUNTS}/acct1").status == 404
    driver.done("POST", ACCOUNTS, _account())


# Affinity groups


def test_affinity_groups(driver: Driver) -> None:
    body = (
        f"<CreateAffinityGroup {XMLNS}><Name>group</Name><Label>bGFi</Label><Description>d</Description>"
        "<Location>West US</Location></CreateAffinityGroup>"
    )
    response = driver.send("POST", "affinitygroups", body)
    assert response.status == 201
    assert response.headers["location"].endswith("/affinitygroup/group")
    driver.ok("POST", ACCOUNTS, _account(place="<AffinityGroup>group</AffinityGroup>"))
    text = driver.get("affinitygroups/GROUP")
    assert "<HostedServices/><StorageServices><StorageService>" in text
    assert "<HostedServices" not in driver.get("affinitygroups")
    assert driver.refused("DELETE", "affinitygroups/group")[0] == 400
    update = f"<UpdateAffinityGroup {XMLNS}><Label>bmV3</Label></UpdateAffinityGroup>"
    driver.ok("PUT", "affinitygroups/group", update, status=200)
    assert "<Label>bmV3</Label>" in driver.get("affinitygroups/group")
    driver.wait(60)
    driver.ok("DELETE", f"{ACCOUNTS}/acct1", status=200)
    driver.ok("DELETE", "affinitygroups/group", status=200)
    assert driver.refused("DELETE", "affinitygroups/group")[0] == 404
    assert driver.refused("DELETE", "affinitygroups/a@b")[2] == "The affinity group name is invalid."


# Networks


CONFIGURATION = (
    '<?xml version="1.0" encoding="utf-8"?>\n<NetworkConfiguration '
    'xmlns="http://schemas.microsoft.com/ServiceHosting/2011/07/NetworkConfiguration">'
    '<VirtualNetworkConfiguration><VirtualNetworkSites><VirtualNetworkSite name="net" Location="West US">'
    '<AddressSpace><AddressPrefix>10.0.0.0/8</AddressPrefix></AddressSpace><Subnets><Subnet name="s1">'
    "<AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet></Subnets></VirtualNetworkSite></VirtualNetworkSites>"
    "</VirtualNetworkConfiguration></NetworkConfiguration>"
)


def test_network_configuration(driver: Driver) -> None:
    path = "services/networking/media"
    assert driver.refused("GET", path)[0] == 404
    assert (
        driver.refused("PUT", path, "<x/>")[2]
        == "XML Schema validation error in network configuration at line 1,1."
    )
    request_id = driver.ok("PUT", path, CONFIGURATION)
    assert driver.refused("PUT", path, CONFIGURATION) == (
        409,
        "ConflictError",
        (
            "An update to your network configuration is currently underway. Please try this operation again "
            "later."
        ),
    )
    driver.finish(request_id)
    response = driver.send("GET", path)
    assert response.headers["content-type"] == "text/plain"
    assert response.body.decode() == "\ufeff" + CONFIGURATION
    sites = driver.get("services/networking/virtualnetwork")
    assert "<VirtualNetworkSite><Name>net</Name><Id>" in sites
    assert (
        "<Subnets><Subnet><Name>s1</Name><AddressPrefix>10.0.0.0/24</AddressPrefix></Subnet></Subnets>"
        in sites
    )
    check = "services/networking/net?op=checkavailability&address="
    assert "<IsAvailable>true</IsAvailable><AvailableAddresses/>" in driver.get(f"{check}10.0.0.9")
    assert "<AvailableAddress>10.0.0.4</AvailableAddress>" in driver.get(f"{check}192.168.0.1")
    assert driver.refused("GET", f"{check}nonsense")[0] == 400


def test_reserved_ips(running: Driver) -> None:
    path = "services/networking/reservedips"
    body = f"<ReservedIP {XMLNS}><Name>ip</Name><Label>l</Label><Location>West US</Location></ReservedIP>"
    running.done("POST", path, body)
    address = element(running.get(f"{path}/ip"), "Address")
    running.version = "2015-04-01"
    join = (
        f"<ReservedIPAssociation {XMLNS}><ServiceName>svc</ServiceName><DeploymentName>dep</DeploymentName>"
        "</ReservedIPAssociation>"
    )
    running.done("POST", f"{path}/ip/operations/associate", join)
    assert "<InUse>true</InUse><ServiceName>svc</ServiceName>" in running.get(path)
    text = running.get(DEP)
    assert f"<VirtualIP><Address>{address}</Address>" in text
    assert "<IsReserved>true</IsReserved><ReservedIPName>ip</ReservedIPName>" in text
    stop = operation("ShutdownRoleOperation", "<PostShutdownAction>StoppedDeallocated</PostShutdownAction>")
    running.done("POST", f"{DEP}/roleinstances/vm0/Operations", stop)
    assert "<Status>Suspended</Status>" in running.get(DEP)
    assert f"<VirtualIP><Address>{address}</Address>" in running.get(DEP)
    assert running.refused("DELETE", f"{path}/ip")[0] == 400
    running.done("POST", f"{path}/ip/operations/disassociate", join)
    assert address not in running.get(DEP)
    running.done("DELETE", f"{path}/ip")
    assert running.get(path) == f"<ReservedIPs {BOTH}/>"


# The subscription


def test_subscription_locations_and_sizes(driver: Driver) -> None:
    text = driver.get("")
    assert f"<SubscriptionID>{SUBSCRIPTION}</SubscriptionID>" in text
    assert "<SubscriptionStatus>Active</SubscriptionStatus>" in text
    assert (
        "<Location><Name>West US</Name><DisplayName>West US</DisplayName><AvailableServices>"
        in driver.get("locations")
    )
    sizes = driver.get("rolesizes")
    assert "<Name>Small</Name><Label>Small (1 cores, 1792 MB)</Label><Cores>1</Cores>" in sizes
    assert "<Name>Standard_G5</Name>" in sizes


def test_list_subscription_operations(running: Driver) -> None:
    path = "operations?StartTime=2016-01-01T00:00:00Z&EndTime=2017-01-01"
    text = running.get(path)
    assert re.findall(r"<OperationName>(\w+)<", text) == ["CreateHostedService", "CreateDeployment"]
    assert f"<OperationObjectId>/{SUBSCRIPTION}/services/hostedservices/svc/deployments/dep<" in text
    assert "CreateDeployment" not in running.get(f"{path}&OperationResultFilter=Failed")
    assert "CreateHostedService" not in running.get(f"{path}&ObjectIdFilter=/{SUBSCRIPTION}/nothing")
    assert "<OperationName>" not in running.get("operations?StartTime=2015-01-01&EndTime=2015-02-01")


def test_register_resources(driver: Driver) -> None:
    path = "services?service=website&action=register"
    driver.ok("PUT", path, status=200)
    assert driver.refused("PUT", path) == (
        409,
        "ConflictError",
        "The resource type website is already registered for this subscription.",
    )
    assert driver.refused("PUT", "services?service=moon&action=register")[2] == "The service name is unknown."
    driver.ok("PUT", "services?service=website&action=unregister", status=200)
