"""The callback methods as type checkers see them. Never run; see `async_client`."""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from typing import Any, assert_type

from azure_iaas.callback import Response, ServiceManagementService
from azure_iaas.models import VMRole


def done(response: Response) -> None:
    assert_type(response.isSuccessful, bool)
    assert_type(response.statusCode, int | None)


def done_without_response() -> None: ...


def done_with_two(error: Exception | None, response: Response) -> None: ...


def used(service: ServiceManagementService, role: VMRole) -> None:
    assert_type(service.ListOSImages(done), None)
    service.ListOSImages(callback=done)
    service.CreateHostedService("web", done)
    service.CreateHostedService("web", {"Location": "West US"}, done)
    service.CreateDeployment("web", "blue", role, done)
    service.CreateDeployment("web", "blue", {"RoleName": "web1"}, {"DeploymentSlot": "Staging"}, done)
    service.GetDeployment(serviceName="web", deploymentName="blue", callback=done)
    service.GetRole("web", "blue", "web1", lambda response: print(response.body))
    service.DeleteDeployment("web", "blue", done, deleteMedia=True)
    service.WaitForOperation("0" * 32, done, timeoutSeconds=60)
    service.SetProxyUrl(None)

    service.ListOSImages()  # type: ignore[call-arg]
    service.ListOSImages(done_without_response)  # type: ignore[arg-type]
    service.ListOSImages(done_with_two)  # type: ignore[arg-type]
    service.CreateHostedService("web")  # type: ignore[call-overload]
    service.CreateHostedService(done)  # type: ignore[call-overload]
    service.CreateDeployment("web", "blue", done)  # type: ignore[call-overload]
    service.GetDeployment("web", "blue")  # type: ignore[call-arg]
    service.GetDeployment("web", done)  # type: ignore[call-arg]
    service.GetDeployment(service_name="web", deployment_name="blue", callback=done)  # type: ignore[call-arg]
    service.DeleteDeployment("web", "blue", True, done)  # type: ignore[call-arg, arg-type]
    service.GetDeploymnet("web", "blue", done)  # type: ignore[attr-defined]


def unset(service: ServiceManagementService) -> Any:
    return service.SetProxyUrl(8080)  # type: ignore[arg-type]
