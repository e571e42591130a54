"""The profiles of a user: import, choose, remove."""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from azure_iaas.accounts.private_folder import PrivateFolder
from azure_iaas.accounts.profile import Profile, Profiles, check_profile_name
from azure_iaas.addresses import join_host
from azure_iaas.config import ClientOptions, check_subscription_id
from azure_iaas.credentials import (
    PASSPHRASE_VARIABLE,
    ManagementCertificate,
    Passphrase,
    resolve,
    subscriptions_in,
)
from azure_iaas.errors import ConfigurationError, quoted
from azure_iaas.frames import forgetful
from azure_iaas.publish_settings import chosen

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER_VARIABLE: Final = "AZURE_IAAS_CONFIG_DIR"
PROFILE_VARIABLE: Final = "AZURE_IAAS_PROFILE"
_DOCUMENT: Final = "profiles.json"


def profiles_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Give the folder of the profiles: ``AZURE_IAAS_CONFIG_DIR``, else the user's folder for settings.

    Raises:
        ConfigurationError: the variable isn't set, and ``platformdirs`` isn't installed.
    """
    if path := (os.environ if environ is None else environ).get(FOLDER_VARIABLE):
        return Path(path).expanduser()
    try:
        from platformdirs import user_config_path  # noqa: PLC0415 - optional
    except ImportError as error:
        raise ConfigurationError(
            "profiles need the package 'platformdirs', or AZURE_IAAS_CONFIG_DIR: pip install"
            " 'azure-iaas[accounts]'"
        ) from error
    return user_config_path("azure-iaas", appauthor=False)


class Accounts:
    """The profiles in a folder. Each call reads the files anew; a change is there when its call returns.

    Several processes may change them at once: each change is made to what the others left.

    Args:
        folder: where they are; None: see :func:`profiles_folder`.
        environ: environment to read; that of the process when None.

    Raises:
        ConfigurationError: no folder was given, and none can be found. Every method raises it when a file
            can't be read, written or understood, or can be read by others.
    """

    def __init__(
        self, folder: str | os.PathLike[str] | None = None, environ: Mapping[str, str] | None = None
    ) -> None:
        self._environ: Mapping[str, str] = os.environ if environ is None else environ
        self._files = PrivateFolder(profiles_folder(environ) if folder is None else Path(folder))

    @property
    def folder(self) -> Path:
        """The folder."""
        return self._files.path

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """All profiles, by name."""
        return self._read().profiles

    @property
    def current(self) -> str | None:
        """The name of the current profile: ``AZURE_IAAS_PROFILE``, else the one chosen by :meth:`use`."""
        return self._environ.get(PROFILE_VARIABLE) or self._read().current

    def get(self, name: str | None = None) -> Profile:
        """Give a profile; the current one when no name is given.

        Raises:
            ConfigurationError: there is none of this name, or none is current.
        """
        source = ""
        if name is None:
            source = (
                f"environment variable {PROFILE_VARIABLE}: " if self._environ.get(PROFILE_VARIABLE) else ""
            )
            name = self.current
        if name is None:
            raise ConfigurationError(
                "no profile is current: 'azure-iaas account import FILE' makes one, 'azure-iaas account use"
                " NAME' chooses"
            )
        return self._required(self._read(), name, source)

    @forgetful
    def certificate(self, profile: Profile, passphrase: Passphrase | None = None) -> ManagementCertificate:
        """Read key and certificate of a profile.

        Args:
            profile: the profile.
            passphrase: opens an encrypted key; None: ``AZURE_IAAS_PASSPHRASE``.

        Raises:
            ConfigurationError: they can't be read or used, or others can read them.
        """
        path = self.folder / profile.certificate_file
        try:
            self._files.require_private(str(profile.certificate_file))
        except OSError as error:
            raise ConfigurationError(
                f"profile {quoted(profile.name)}: {quoted(path)}: can't be read: {error.strerror}"
            ) from None
        return ManagementCertificate.from_file(path, self._passphrase(passphrase))

    @forgetful
    def import_file(
        self,
        path: str | os.PathLike[str],
        *,
        name: str | None = None,
        subscription_id: str | None = None,
        host: str | None = None,
        ca: str | os.PathLike[str] | None = None,
        certificate_file: str | os.PathLike[str] | None = None,
        passphrase: Passphrase | None = None,
    ) -> list[Profile]:
        """Make profiles of a file: publish settings, PKCS#12 (``.pfx``) or PEM, known by its content.

        Key and certificate are copied into the folder, as PEM; a key with a passphrase keeps it. A profile of
        the same name and subscription is replaced, so the same file may be imported again. The first profile
        becomes the current one when none is.

        Args:
            path: the file.
            name: name of the profile; None: made of the subscription's name, else its id.
            subscription_id: the subscription; of publish settings, which one of them, None: all. Else None
                takes ``AZURE_IAAS_SUBSCRIPTION_ID``.
            host: management host, or the name of a cloud; None: what the file says, else the public cloud's.
            ca: PEM file of the CA certificates that vouch for the host; it stays where it is.
            certificate_file: PEM file of the certificate, where ``path`` has the key alone.
            passphrase: opens an encrypted key or bundle; None: ``AZURE_IAAS_PASSPHRASE``.

        Raises:
            ConfigurationError: the file can't be read or used, the subscription isn't known, or a profile of
                this name is of another subscription. Nothing was changed.
        """
        drafts = self._drafts(path, subscription_id, certificate_file, passphrase)
        if name is not None and len(drafts) > 1:
            listed = ", ".join(draft.subscription_id for draft in drafts)
            raise ConfigurationError(f"name: say which subscription is meant by it: {listed}")
        ca_path = None if ca is None else Path(ca).absolute()
        with self._files.locked():
            before = self._read()
            taken = {profile.name: profile.subscription_id for profile in before.profiles}
            kept: dict[str, str] = {}
            made: list[Profile] = []
            for draft in drafts:
                profile = Profile(
                    name=_name(name, draft, taken),
                    subscription_id=draft.subscription_id,
                    subscription_name=draft.subscription_name,
                    host=_address(host or draft.url, ca_path),
                    certificate_file=Path("unknown"),
                    thumbprint=draft.certificate.thumbprint,
                    ca=ca_path,
                )
                file = f"{profile.name}-{profile.thumbprint[:12]}.pem"
                taken[profile.name] = profile.subscription_id
                kept[file] = draft.certificate.as_pem()
                made.append(profile.model_copy(update={"certificate_file": Path(file)}))
            self._change(before, before.with_profiles(*made), kept)
        return made

    def use(self, name: str) -> Profile:
        """Make a profile the current one.

        Raises:
            ConfigurationError: there is none of this name.
        """
        with self._files.locked():
            before = self._read()
            profile = self._required(before, name)
            self._change(before, before.model_copy(update={"current": name}))
        return profile

    def remove(self, name: str) -> Profile:
        """Delete a profile, and its key; when it was current, none is.

        Raises:
            ConfigurationError: there is none of this name.
        """
        with self._files.locked():
            before = self._read()
            profile = self._required(before, name)
            self._change(before, before.without(name))
        return profile

    def _drafts(
        self,
        path: str | os.PathLike[str],
        subscription_id: str | None,
        certificate_file: str | os.PathLike[str] | None,
        passphrase: Passphrase | None,
    ) -> list[_Draft]:
        published = subscriptions_in(path)
        source = quoted(path)
        if published is not None:
            if certificate_file is not None:
                raise ConfigurationError(f"{source}: publish settings have certificates of their own")
            if subscription_id is not None:
                published = [chosen(published, subscription_id, source)]
            return [
                _Draft(
                    check_subscription_id(item.subscription_id),
                    item.name,
                    item.url,
                    ManagementCertificate.from_pkcs12(item.bundle(source), source=source),
                )
                for item in published
            ]
        if certificate_file is None:
            certificate = ManagementCertificate.from_file(path, self._passphrase(passphrase))
        else:
            auth = {"keyfile": path, "certfile": certificate_file, "passphrase": passphrase}
            certificate = resolve(auth, self._environ)
        return [_Draft(check_subscription_id(subscription_id, self._environ), "", None, certificate)]

    def _passphrase(self, given: Passphrase | None) -> Passphrase | None:
        return self._environ.get(PASSPHRASE_VARIABLE) if given is None else given

    def _read(self) -> Profiles:
        text = self._files.read(_DOCUMENT)
        return Profiles() if text is None else Profiles.read(text, quoted(self.folder / _DOCUMENT))

    def _change(self, before: Profiles, after: Profiles, kept: Mapping[str, str] | None = None) -> None:
        """Write new keys, then the document, then delete the keys nothing names any more."""
        old = {str(profile.certificate_file) for profile in before.profiles}
        new = {str(profile.certificate_file) for profile in after.profiles}
        unused = old - new
        try:
            for file, text in (kept or {}).items():
                self._files.replace(file, text)
            self._files.replace(_DOCUMENT, after.text())
        except BaseException:
            unused = (kept or {}).keys() - old
            raise
        finally:
            for file in unused:
                if file == Path(file).name:  # a file elsewhere is the user's own
                    self._files.remove(file)

    @staticmethod
    def _required(document: Profiles, name: str, source: str = "") -> Profile:
        profile = document.get(name)
        if profile is not None:
            return profile
        names = [item.name for item in document.profiles]
        near = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(names) or 'none'}"
        raise ConfigurationError(f"{source}no profile {quoted(name)}; {hint}")


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a file says of one subscription."""

    subscription_id: str
    subscription_name: str
    url: str | None
    certificate: ManagementCertificate


def _name(wish: str | None, draft: _Draft, taken: Mapping[str, str]) -> str:
    """Name a profile as wished, else after its subscription."""
    identity = draft.subscription_id
    plain = re.sub(r"[^a-z0-9]+", "-", draft.subscription_name.lower()).strip("-")[:48].strip("-")
    own = [plain, f"{plain}-{identity[:8]}"] if plain else []
    names = [check_profile_name(wish)] if wish is not None else [*own, identity[:64]]
    for name in names:
        if taken.get(name) in {None, identity}:
            return check_profile_name(name)
    raise ConfigurationError(
        f"profile {quoted(name)}: is of subscription {taken[name]}; give another name, or remove it first"
    )


def _address(host: str | None, ca: Path | None) -> str:
    options = ClientOptions.resolve({"host": host, "ca": ca}, {})
    return options.host if options.port == 443 else join_host(options.host, options.port)
