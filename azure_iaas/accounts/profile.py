"""A profile, and the document profiles are kept in.

The document is JSON: it is read and written without a library and without loss, which INI isn't, where names
lose their capitals and ``%`` has a meaning.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from azure_iaas.config import PUBLIC_HOST, ClientOptions, check_subscription_id
from azure_iaas.errors import ConfigurationError, quoted

FORMAT: Final = 1
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", re.ASCII)


def check_profile_name(name: object) -> str:
    """Give back a usable name of a profile.

    Raises:
        ConfigurationError: not 1 to 64 letters, digits, ``-``, ``_`` and ``.``, a letter or digit first.
    """
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ConfigurationError(
            f"profile {quoted(name)}: 1 to 64 letters, digits, '-', '_' and '.' are needed, a letter or digit"
            " first"
        )
    return name


def _host(value: str) -> str:
    ClientOptions.resolve({"host": value}, {})
    return value


class Profile(BaseModel):
    """What a client needs to work in one subscription. Nothing of it is secret; the key is in a file.

    Attributes:
        name: what the user calls it.
        subscription_id: the subscription.
        subscription_name: its name, where the source of the profile had one.
        host: management host, ``name`` or ``name:port``, or the name of a cloud
            (:data:`azure_iaas.config.CLOUD_HOSTS`).
        certificate_file: PEM with private key and certificate, in the folder of the profiles.
        thumbprint: of the certificate, as the service lists it.
        ca: PEM file of the CA certificates that vouch for the host; None: the system's.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, AfterValidator(check_profile_name)]
    subscription_id: Annotated[str, AfterValidator(check_subscription_id)]
    subscription_name: str = ""
    host: Annotated[str, AfterValidator(_host)] = PUBLIC_HOST
    certificate_file: Path
    thumbprint: str
    ca: Path | None = None


class Profiles(BaseModel):
    """The document: every profile, and which one is current."""

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = FORMAT
    current: str | None = None
    profiles: tuple[Profile, ...] = ()

    @classmethod
    def read(cls, text: str, source: str) -> Profiles:
        """Read the document.

        Raises:
            ConfigurationError: it isn't one, or a newer version wrote it.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            line = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
            raise ConfigurationError(f"{source}: isn't JSON{line}; mend it, or delete it") from None
        if isinstance(content, dict) and content.get("format") not in {FORMAT, None}:
            raise ConfigurationError(f"{source}: a newer version of this program wrote it")
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(map(str, first["loc"])) or "document"
            raise ConfigurationError(f"{source}: {place}: {first['msg']}") from None

    def text(self) -> str:
        """Write the document."""
        return self.model_dump_json(indent=2) + "\n"

    def get(self, name: str) -> Profile | None:
        """Give the profile of a name, or None."""
        return next((profile for profile in self.profiles if profile.name == name), None)

    def with_profiles(self, *changed: Profile) -> Profiles:
        """Give the document with these, in place of those of their names; one is current then."""
        names = {profile.name for profile in changed}
        others = (profile for profile in self.profiles if profile.name not in names)
        profiles = tuple(sorted((*others, *changed), key=lambda profile: profile.name))
        return self.model_copy(update={"profiles": profiles, "current": self.current or changed[0].name})

    def without(self, name: str) -> Profiles:
        """Give the document without a profile; when it was current, none is."""
        return self.model_copy(
            update={
                "profiles": tuple(profile for profile in self.profiles if profile.name != name),
                "current": None if self.current == name else self.current,
            }
        )
