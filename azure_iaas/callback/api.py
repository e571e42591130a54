"""A documented method for every operation; the stub beside it, ``tools/callback_stub.py``'s, types them."""

from azure_iaas.callback.methods import api_method
from azure_iaas.operations import REGISTRY


class ApiMethods:
    """The 21 documented methods, and the extensions in the same manner."""


for _operation in REGISTRY.values():
    setattr(ApiMethods, _operation.name, api_method(_operation))
