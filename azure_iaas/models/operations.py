"""What the service says of a long-running operation (protocol chapter 6)."""

from azure_iaas.models.base import AzureModel, element


class ConfigurationWarning(AzureModel):
    """What a service configuration is warned of."""

    warning_code: str | None = element("WarningCode")
    """Code of the warning."""
    warning_message: str | None = element("WarningMessage")
    """The warning, for people."""


class OperationError(AzureModel):
    """Why an operation failed; also the service's error document."""

    code: str | None = element("Code")
    """Code, for example ``ConflictError``."""
    message: str | None = element("Message")
    """What went wrong, for people."""
    configuration_warnings: list[ConfigurationWarning] = element(
        "ConfigurationWarnings", item="ConfigurationWarning"
    )
    """What a service configuration is warned of."""
    conflicting_operation_id: str | None = element("ConflictingOperationId")
    """Request id of the operation in the way."""


class OperationStatus(AzureModel):
    """How an accepted operation stands ("Get Operation Status", ee460783).

    ``status`` is ``InProgress``, ``Succeeded`` or ``Failed``. ``http_status_code`` is there once it ended:
    200 when it succeeded, else the failure's own. ``id`` has dashes, the request id has none.
    """

    id: str | None = element("ID")
    """Request id with dashes."""
    status: str | None = element("Status")
    """``InProgress``, ``Succeeded`` or ``Failed``."""
    http_status_code: int | None = element("HttpStatusCode")
    """Status code of its end."""
    error: OperationError | None = element("Error")
    """Why it failed."""
