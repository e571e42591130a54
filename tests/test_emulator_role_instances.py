"""The local service: what an instance may do in which state, and words with blanks around them."""

from __future__ import annotations

import pytest

from tests.emulator_driver import BOTH, XMLNS, Driver, data_disk, operation, vm_role

DEP = "services/hostedservices/svc/deployments/dep"
INSTANCE = f"{DEP}/roleinstances/vm0"
OPERATIONS = f"{INSTANCE}/Operations"
DEALLOCATED = (400, "BadRequest", "The operation is not allowed on a role that is deallocated.")
DEALLOCATE = operation("ShutdownRoleOperation", "<PostShutdownAction>StoppedDeallocated</PostShutdownAction>")
NAMES = "<Roles><Name>vm0</Name></Roles>"


@pytest.fixture
def deallocated() -> Driver:
    """One service whose only role is deallocated."""
    driver = Driver()
    driver.create_service()
    driver.create_deployment()
    driver.done("POST", OPERATIONS, DEALLOCATE)
    assert driver.states() == {"vm0": ("StoppedDeallocated", "Stopped")}
    return driver


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (OPERATIONS, operation("RestartRoleOperation")),
        (OPERATIONS, operation("ShutdownRoleOperation")),
        (OPERATIONS, operation("RedeployRoleOperation")),
        (OPERATIONS, operation("PerformMaintenanceOnRoleOperation")),
        (f"{DEP}/roles/Operations", operation("ShutdownRolesOperation", NAMES)),
        (f"{INSTANCE}?comp=reboot", ""),
    ],
)
def test_a_deallocated_role_takes_only_what_brings_it_back(deallocated: Driver, path: str, body: str) -> None:
    assert deallocated.refused("POST", path, body) == DEALLOCATED
    assert deallocated.states() == {"vm0": ("StoppedDeallocated", "Stopped")}


def test_a_version_without_deallocation_cannot_start_a_deallocated_role(deallocated: Driver) -> None:
    start = operation("StartRoleOperation")
    assert deallocated.refused("POST", OPERATIONS, start, x_ms_version="2012-03-01") == DEALLOCATED
    deallocated.done("POST", OPERATIONS, start)
    deallocated.wait(600)
    assert deallocated.states() == {"vm0": ("ReadyRole", "Started")}


def test_a_deallocated_role_is_deallocated_updated_and_given_disks(deallocated: Driver) -> None:
    deallocated.done("POST", OPERATIONS, DEALLOCATE)
    deallocated.done("POST", f"{DEP}/roles/vm0/DataDisks", data_disk(0))
    body = f"<PersistentVMRole {XMLNS}><RoleSize>Medium</RoleSize></PersistentVMRole>"
    deallocated.done("PUT", f"{DEP}/roles/vm0", body)
    assert "<RoleSize>Medium</RoleSize>" in deallocated.get(f"{DEP}/roles/vm0")


def test_a_starting_role_can_be_restarted_and_shut_down_but_not_captured() -> None:
    driver = Driver()
    driver.create_service()
    driver.create_deployment(ready=False)
    assert driver.states()["vm0"][1] == "Starting"
    capture = operation(
        "CaptureRoleOperation",
        "<PostCaptureAction>Delete</PostCaptureAction><TargetImageLabel>l</TargetImageLabel>"
        "<TargetImageName>golden</TargetImageName>",
    )
    started = "The operation is not allowed on a role that is started."
    assert driver.refused("POST", OPERATIONS, capture) == (400, "BadRequest", started)
    driver.done("POST", OPERATIONS, operation("RestartRoleOperation"))
    driver.done("POST", OPERATIONS, operation("ShutdownRoleOperation"))
    assert driver.states() == {"vm0": ("StoppedVM", "Stopped")}


def test_blanks_around_words_do_not_matter() -> None:
    driver = Driver()
    driver.create_service()
    role = vm_role("vm0", root="Role").replace("PersistentVMRole</RoleType>", " PersistentVMRole </RoleType>")
    body = (
        f"<Deployment {BOTH}><Name>dep</Name><DeploymentSlot> Production\n</DeploymentSlot><Label>l</Label>"
        f"<RoleList>{role}</RoleList></Deployment>"
    )
    driver.done("POST", "services/hostedservices/svc/deployments", body)
    driver.wait(600)
    shutdown = (
        f"<ShutdownRoleOperation {XMLNS}><OperationType>ShutdownRoleOperation </OperationType>"
        "<PostShutdownAction> StoppedDeallocated </PostShutdownAction></ShutdownRoleOperation>"
    )
    driver.done("POST", OPERATIONS, shutdown)
    assert driver.states() == {"vm0": ("StoppedDeallocated", "Stopped")}
    disk = data_disk(0, HostCaching=" readonly ")
    driver.done("POST", f"{DEP}/roles/vm0/DataDisks", disk)
    assert "<HostCaching>ReadOnly</HostCaching>" in driver.get(f"{DEP}/roles/vm0/DataDisks/0")
    account = (
        f"<CreateStorageServiceInput {XMLNS}><ServiceName>acct1</ServiceName><Label>bA==</Label>"
        "<Location> west us </Location><AccountType> Standard_LRS </AccountType></CreateStorageServiceInput>"
    )
    driver.done("POST", "services/storageservices", account)
    driver.wait(120)
    assert "<AccountType>Standard_LRS</AccountType>" in driver.get("services/storageservices/acct1")
