"""``azure-iaas account``: subscriptions and their certificates, kept as profiles."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from azure_iaas.cli.calls import reading, writing, yes_option
from azure_iaas.cli.certificate_files import as_management_certificate, read_certificate
from azure_iaas.cli.connection import passphrase_prompt
from azure_iaas.cli.exit_codes import ExitCode
from azure_iaas.cli.failures import say
from azure_iaas.cli.output import Output, output_options
from azure_iaas.cli.questions import confirmed
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from azure_iaas.accounts import Accounts, Profile
    from azure_iaas.cli.calls import Call
    from azure_iaas.credentials import Passphrase

_COLUMNS = ("Current", "Name", "SubscriptionId", "SubscriptionName", "Host")


@click.group("account")
def group() -> None:
    """Subscriptions and their certificates, kept as profiles.

    Commands use the profile named by --profile, else by AZURE_IAAS_PROFILE, else the current one. Profiles
    are in the folder AZURE_IAAS_CONFIG_DIR, else in the user's folder for settings.
    """


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--name", metavar="NAME", help="Name of the profile. Default: after the subscription.")
@click.option("--subscription", metavar="ID", help="Which subscription; .publishsettings names its own.")
@click.option("--cert", metavar="FILE", help="Certificate, PEM, where FILE has the private key alone.")
@click.option("--host", metavar="HOST[:PORT]", help="Management host, or a cloud such as AzureChinaCloud.")
@click.option("--ca", metavar="FILE", help="Certificate authority of the host, PEM.")
@click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase of FILE from standard input.")
@click.option("--use", is_flag=True, help="Make it the current profile.")
@output_options
def import_file(
    *,
    file: Path,
    name: str | None,
    subscription: str | None,
    cert: str | None,
    host: str | None,
    ca: str | None,
    passphrase_stdin: bool,
    use: bool,
    output: Output,
) -> None:
    """Make profiles of a .publishsettings, .pfx or .pem file.

    Key and certificate are copied into the folder of the profiles, readable by you alone; a key that has a
    passphrase keeps it. The first profile there is becomes the current one.
    """
    output.check()
    passphrase: Passphrase | None = passphrase_prompt(file.name)
    if passphrase_stdin:
        passphrase = sys.stdin.readline().rstrip("\r\n")
    accounts = _accounts()
    made = accounts.import_file(
        file,
        name=name,
        subscription_id=subscription,
        host=host,
        ca=ca,
        certificate_file=cert,
        passphrase=passphrase,
    )
    if use:
        accounts.use(made[0].name)
    if file.stat().st_mode & 0o077 and sys.platform != "win32":
        say(f"{file} can be read by others, and holds a key: delete it or chmod go-rwx")
    _show(accounts, made, output)


@group.command("list")
@output_options
def list_profiles(output: Output) -> None:
    """List the profiles."""
    output.check()
    accounts = _accounts()
    _show(accounts, list(accounts.profiles), output)


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    with suppress(ConfigurationError):
        return [profile.name for profile in _accounts().profiles if profile.name.startswith(incomplete)]
    return []


@group.command("show")
@click.argument("name", required=False, shell_complete=_complete)
@output_options
def show_profile(name: str | None, output: Output) -> None:
    """Show a profile; without NAME the current one."""
    output.check()
    accounts = _accounts()
    profile = accounts.get(name)
    output.show(
        {
            **_row(profile, accounts.current),
            "Thumbprint": profile.thumbprint,
            "CertificateFile": str(accounts.folder / profile.certificate_file),
            "CA": None if profile.ca is None else str(profile.ca),
        }
    )


@group.command("use")
@click.argument("name", shell_complete=_complete)
def use_profile(name: str) -> None:
    """Make a profile the current one."""
    accounts = _accounts()
    profile = accounts.use(name)
    where = f"subscription {profile.subscription_id} at {profile.host}"
    say(f"current: {profile.name}, {where}")
    if accounts.current != name:
        say(f"but AZURE_IAAS_PROFILE says {accounts.current}, and stands above it")


@group.command("remove")
@click.argument("name", shell_complete=_complete)
@yes_option
def remove_profile(name: str, *, yes: bool) -> int:
    """Delete a profile and its private key."""
    accounts = _accounts()
    profile = accounts.get(name)
    if not yes and not confirmed(f"Delete profile {profile.name} and its private key?"):
        say("nothing was deleted")
        return ExitCode.FAILED
    accounts.remove(profile.name)
    say(f"removed: {profile.name}")
    return ExitCode.DONE


@group.command("certificates")
@reading("SubscriptionCertificateThumbprint", "Created")
def list_certificates() -> Call:
    """List the management certificates, which may manage the subscription."""
    return lambda client: client.list_management_certificates()


@group.command("add-certificate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@writing()
def add_certificate(file: Path) -> Call:
    """Let a certificate manage the subscription.

    FILE is PEM or DER; a key in it stays here.
    """
    document = as_management_certificate(read_certificate(file))
    return lambda client: client.add_management_certificate(document)


@group.command("delete-certificate")
@click.argument("thumbprint")
@writing(asks="Take management certificate {thumbprint} off the subscription? Who has it loses access.")
def delete_certificate(thumbprint: str) -> Call:
    """Take a management certificate off the subscription."""
    return lambda client: client.delete_management_certificate(thumbprint)


def _accounts() -> Accounts:
    from azure_iaas.accounts import Accounts  # noqa: PLC0415 - help needs none of it

    return Accounts()


def _show(accounts: Accounts, profiles: list[Profile], output: Output) -> None:
    current = accounts.current
    output.show([_row(profile, current) for profile in profiles], _COLUMNS)


def _row(profile: Profile, current: str | None) -> dict[str, Any]:
    return {
        "Current": profile.name == current,
        "Name": profile.name,
        "SubscriptionId": profile.subscription_id,
        "SubscriptionName": profile.subscription_name,
        "Host": profile.host,
    }
