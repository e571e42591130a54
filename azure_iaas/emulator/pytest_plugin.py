"""The fixtures of `pytest_azure_iaas` for a ``conftest.py`` that names this module.

That isn't necessary: pytest finds them itself. It does no harm either.
"""

from pytest_azure_iaas import (
    azure_iaas_client,
    azure_iaas_options,
    azure_iaas_service,
    azure_iaas_state,
    local_client,
    local_service,
    local_service_options,
)

__all__ = [
    "azure_iaas_client",
    "azure_iaas_options",
    "azure_iaas_service",
    "azure_iaas_state",
    "local_client",
    "local_service",
    "local_service_options",
]
