"""Which settings a client has, of all that could give them.

Each setting on its own is taken from the first that has it:

1. the arguments, and a profile named in the call, which is one;
2. the environment variables ``AZURE_IAAS_*`` and ``CLIENT_AUTH_*``;
3. the profile that ``AZURE_IAAS_PROFILE`` names, else the current one;
4. the default files ``priv.pem`` and ``pub.pem`` of the current folder, and the public cloud's host.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.accounts.accounts import Accounts
from azure_iaas.config import (
    CA_VARIABLE,
    HOST_VARIABLE,
    SUBSCRIPTION_VARIABLE,
    ClientOptions,
    ResolvedOptions,
    check_subscription_id,
)
from azure_iaas.credentials import (
    CERTIFICATE_VARIABLE,
    KEY_VARIABLE,
    Auth,
    ManagementCertificate,
    Passphrase,
    resolve,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from azure_iaas.accounts.profile import Profile


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client is made of.

    Attributes:
        subscription_id: the subscription.
        certificate: key and certificate, checked.
        options: every option, resolved.
        profile: the profile that gave what nothing above it did; None when there is none.
    """

    subscription_id: str
    certificate: ManagementCertificate
    options: ResolvedOptions
    profile: Profile | None


_CERTIFICATE_VARIABLES: Final = (KEY_VARIABLE, CERTIFICATE_VARIABLE)


def find_settings(
    name: str | None = None,
    *,
    subscription_id: str | None = None,
    auth: Auth = None,
    options: Mapping[str, Any] | ClientOptions | None = None,
    passphrase: Passphrase | None = None,
    accounts: Accounts | None = None,
    environ: Mapping[str, str] | None = None,
    profile_needed: bool = True,
) -> Settings:
    """Put arguments, environment, profile and defaults together.

    Args:
        name: the profile; None: ``AZURE_IAAS_PROFILE``, else the current one.
        subscription_id: instead of the profile's.
        auth: certificate instead of the profile's, as a client takes it.
        options: options of the client; ``host`` and ``ca`` are the profile's when they aren't among them.
        passphrase: opens the profile's key; None: ``AZURE_IAAS_PASSPHRASE``.
        accounts: the profiles; None: the user's.
        environ: environment to read; that of the process when None.
        profile_needed: False: without a name and a current profile, environment and defaults will do.

    Raises:
        ConfigurationError: there is no such profile, or a setting can't be found or used; it is named.
    """
    environ = os.environ if environ is None else environ
    accounts = Accounts(environ=environ) if accounts is None else accounts
    wishes = ClientOptions.of(options)
    profile = accounts.get(name) if name or profile_needed or accounts.current else None
    if profile is None:
        subscription_id = check_subscription_id(subscription_id, environ)
        certificate = resolve(auth, environ, subscription_id=subscription_id)
        return Settings(subscription_id, certificate, ClientOptions.resolve(wishes, environ), None)
    above = {} if name else environ
    if subscription_id is None:
        subscription_id = above.get(SUBSCRIPTION_VARIABLE) or profile.subscription_id
    update: dict[str, Any] = {}
    if wishes.host is None and not above.get(HOST_VARIABLE):
        update["host"] = profile.host
    if wishes.ca is None and not above.get(CA_VARIABLE) and profile.ca is not None:
        update["ca"] = profile.ca
    if auth is None and not any(map(above.get, _CERTIFICATE_VARIABLES)):
        certificate = accounts.certificate(profile, passphrase)
    else:
        certificate = resolve(auth, environ, subscription_id=subscription_id)
    return Settings(
        check_subscription_id(subscription_id),
        certificate,
        ClientOptions.resolve(wishes.model_copy(update=update), {**environ, **_unset(name)}),
        profile,
    )


def _unset(name: str | None) -> dict[str, str]:
    """Say which variables a named profile stands above, also where it has nothing to say."""
    return {CA_VARIABLE: ""} if name else {}
