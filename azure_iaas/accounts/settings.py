"""Which settings a client has, of all that could give them.

Each setting on its own is taken from the first that has it:

1. the arguments, and a profile named in the call, which is one;
2. the environment variables ``AZURE_IAAS_*`` and ``CLIENT_AUTH_*``;
3. the profile that ``AZURE_IAAS_PROFILE`` names, else the current one;
4. the default files ``priv.pem`` and ``pub.pem`` of the current folder, and the public cloud's host.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from azure_iaas.accounts.accounts import PROFILE_VARIABLE, Accounts
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
from azure_iaas.errors import ConfigurationError
from azure_iaas.frames import forgetful

if TYPE_CHECKING:
    from azure_iaas.accounts.profile import Profile


@dataclass(frozen=True, slots=True)
class Settings:
    """What a client is made of.

    Attributes:
        subscription_id: the subscription.
        certificate: key and certificate, checked; None when none was asked for.
        options: every option, resolved.
        profile: the profile that gave what nothing above it did; None when there is none.
    """

    subscription_id: str
    certificate: ManagementCertificate | None
    options: ResolvedOptions
    profile: Profile | None


@forgetful
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
    certificate_needed: bool = True,
) -> Settings:
    """Put arguments, environment, profile and defaults together.

    Args:
        name: the profile; None: ``AZURE_IAAS_PROFILE``, else the current one.
        subscription_id: instead of the profile's.
        auth: certificate instead of the profile's, as a client takes it.
        options: options of the client; ``host`` and ``ca`` are the profile's when they aren't among them.
        passphrase: opens the key, wherever it is from, if it is encrypted; None: ``AZURE_IAAS_PASSPHRASE``.
        accounts: the profiles; None: the user's.
        environ: environment to read; that of the process when None.
        profile_needed: False: without a name and a current profile, environment and defaults will do.
        certificate_needed: False: none is looked for; for a client with a transport of its own.

    Raises:
        ConfigurationError: there is no such profile, or a setting can't be found or used; it is named.
    """
    environ = os.environ if environ is None else environ
    wishes = ClientOptions.of(options)
    profile: Profile | None = None
    certificate: ManagementCertificate | None = None
    if accounts is None:
        try:
            accounts = Accounts(environ=environ)
        except ConfigurationError:  # without platformdirs there is no folder, so no profile was ever made
            if profile_needed or name or environ.get(PROFILE_VARIABLE):
                raise
    if accounts is not None and (profile_needed or name or accounts.current):
        profile = accounts.get(name)
    above = {} if name else environ
    update: dict[str, Any] = {}
    if accounts is not None and profile is not None:
        if subscription_id is None:
            subscription_id = above.get(SUBSCRIPTION_VARIABLE) or profile.subscription_id
        if wishes.host is None and not above.get(HOST_VARIABLE):
            update["host"] = profile.host
        if wishes.ca is None and not above.get(CA_VARIABLE):
            update["ca"] = profile.ca
            environ = {**environ, CA_VARIABLE: ""}  # the system's own, when the profile names none
        by_variable = above.get(KEY_VARIABLE) or above.get(CERTIFICATE_VARIABLE)
        if certificate_needed and auth is None and not by_variable:
            certificate = accounts.certificate(profile, passphrase)
    subscription_id = check_subscription_id(subscription_id, environ)
    if certificate_needed and certificate is None:
        if passphrase is not None and (auth is None or isinstance(auth, Mapping)):
            auth = {"passphrase": passphrase, **(auth or {})}
        certificate = resolve(auth, environ, subscription_id=subscription_id)
    resolved = ClientOptions.resolve(wishes.model_copy(update=update), environ)
    return Settings(subscription_id, certificate, resolved, profile)
