"""The table of commands, and what can be said of them without loading any, nor typing."""

from __future__ import annotations

PROGRAM = "azure-iaas"
PURPOSE = "Work with the classic Azure Service Management API."
COMPLETE_VARIABLE = "_AZURE_IAAS_COMPLETE"
"""Set by a shell that wants completions, and by who wants the script that makes it do so."""
HELP_OPTIONS = ("-h", "--help")


class Entry:
    """Where a command is.

    Attributes:
        place: module below ``azure_iaas.cli`` and the command in it, ``module:attribute``.
        purpose: one line of help.
    """

    __slots__ = ("place", "purpose")

    def __init__(self, place: str, purpose: str) -> None:
        self.place: str = place
        self.purpose: str = purpose


COMMANDS = {
    "service": Entry("service:group", "Cloud services, which hold deployments."),
    "deployment": Entry("deployment:group", "The machines of a cloud service, in one of its two slots."),
    "role": Entry("role:group", "The machines of a deployment."),
    "instance": Entry("instance:group", "Machines as they run: start, stop, restart, capture, snapshot."),
    "disk": Entry("disk:group", "Disks, and which machine has them."),
    "image": Entry("image:group", "Images, which machines are made from."),
    "storage": Entry("storage:group", "Storage accounts, which hold the blobs of disks and images."),
    "network": Entry("network:group", "Virtual networks and reserved addresses."),
    "affinity-group": Entry("affinity_group:group", "What is to stand close together, in one region."),
    "location": Entry("location:group", "The regions, and what each offers."),
    "operation": Entry("operation:group", "What was asked of the service, and how it stands."),
    "account": Entry("account:group", "Subscriptions and their certificates, kept as profiles."),
    "emulator": Entry("emulator:command", "Serve the API on this machine."),
    "provision": Entry("provision:provision", "Make the machines of a plan."),
    "deprovision": Entry("provision:deprovision", "Take down the machines of a plan."),
}
"""Every command by its name, in the order of the help text. A module is imported when its command is used."""


def help_text() -> str:
    """The help of the program itself."""
    width = max(map(len, COMMANDS)) + 2
    return "\n".join(
        (
            f"Usage: {PROGRAM} COMMAND [ARGUMENTS] ...",
            "",
            f"  {PURPOSE}",
            "",
            "Commands:",
            *(f"  {name:{width}}{entry.purpose}" for name, entry in COMMANDS.items()),
            "",
            "Options:",
            f"  {'--version':{width}}Show the version.",
            f"  {', '.join(HELP_OPTIONS):{width}}Show this, or after a command what is known of it.",
        )
    )
