"""What the service says of a long-running operation (protocol chapter 6)."""

from __future__ import annotations

from azure_iaas.models.base import AzureModel, element


class ConfigurationWarning(AzureModel):
    """What a service configuration is warned of."""

    warning_code: str | None = element("WarningCode")
    warning_message: str | None = element("WarningMessage")


class OperationError(AzureModel):
    """Why an operation failed; also the service's error document."""

    code: str | None = element("Code")
    message: str | None = element("Message")
    configuration_warnings: list[ConfigurationWarning] = element(
        "ConfigurationWarnings", item="ConfigurationWarning"
    )
    conflicting_operation_id: str | None = element("ConflictingOperationId")


class OperationStatus(AzureModel):
    """How an accepted operation stands ("Get Operation Status", ee460783).

    ``status`` is ``InProgress``, ``Succeeded`` or ``Failed``. ``http_status_code`` is there once it ended:
    200 when it succeeded, else the failure's own. ``id`` has dashes, the request id has none.
    """

    id: str | None = element("ID")
    status: str | None = element("Status")
    http_status_code: int | None = element("HttpStatusCode")
    error: OperationError | None = element("Error")
