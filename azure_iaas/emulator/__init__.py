"""The service on this machine: for trying out, for tests, for the documented sample.

In a program or test::

    from azure_iaas.emulator import LocalService

    async with LocalService() as service, service.client() as client: ...

In a shell: ``azure-iaas emulator``, or ``python -m azure_iaas.emulator``.

It needs the extra ``azure-iaas[emulator]``.

Inside, it is a simulated subscription behind `azure_iaas.endpoint`: ``service`` answers requests, ``world``
holds what they share, ``state`` the resources, ``store`` keeps them. Each resource has a folder, such as
``disks/``::

    contract.py   DISK = Contract("Disk", {"Label": "text", ...}, frozenset({"Label"}))
    answers.py    _DISK = Rows[Call, Disk](                # in which versions: since, until
                      Row("Name", lambda call, disk: disk.name),
                      Row("IOType", lambda *_: "Standard", since="2014-10-01"))
                  def disk_answer(call, disk): return Struct(_DISK.members(call, disk))
    effects.py    @kept_as("disk_resized")                # what happens when an operation ends;
                  @dataclass(frozen=True, slots=True)     # the name stays in state files
                  class DiskResized(Effect):
                      disk: str
                      size: int
                      def apply(self, world, subscription, at): ...
    handlers.py   route = Routes[Call]()                  # collected by routes.py
                  @route("UpdateDisk", "PUT", "services/disks/{disk}", since="2012-03-01")
                  def update_disk(call):                  # read, look up, check; change nothing before that
                      _, values = call.read(DISK)
                      call.accept("UpdateDisk", "services", "disks", name, then=DiskResized(...))
                      return Answer(202)

Folders don't import one another. What several need has a module here, named for its subject (``labels``,
``properties``, ``blobs``, ``machines/``).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from azure_iaas.emulator.local_service import LocalService
    from azure_iaas.endpoint.fault_files import load_faults
    from azure_iaas.endpoint.injected_faults import (
        AnswerFault,
        ConnectionFault,
        CutAnswer,
        Disturbance,
        DripAnswer,
        DropAfterHandler,
        DropBeforeHandler,
        ExpiredCertificate,
        ExpiredServerCertificate,
        FailOperation,
        FaultPlan,
        ForgetOperation,
        HoldLock,
        HTMLPage,
        Injected,
        JumpClock,
        MissingRequestId,
        Redirect,
        Refuse,
        Replace,
        Requests,
        Rule,
        Stall,
        TruncateBody,
        WrongBody,
        WrongContentType,
    )
    from azure_iaas.endpoint.request_log import LoggedRequest
    from azure_iaas.endpoint.server import Limits

__all__ = [
    "AnswerFault",
    "ConnectionFault",
    "CutAnswer",
    "Disturbance",
    "DripAnswer",
    "DropAfterHandler",
    "DropBeforeHandler",
    "ExpiredCertificate",
    "ExpiredServerCertificate",
    "FailOperation",
    "FaultPlan",
    "ForgetOperation",
    "HTMLPage",
    "HoldLock",
    "Injected",
    "JumpClock",
    "Limits",
    "LocalService",
    "LoggedRequest",
    "MissingRequestId",
    "Redirect",
    "Refuse",
    "Replace",
    "Requests",
    "Rule",
    "Stall",
    "TruncateBody",
    "WrongBody",
    "WrongContentType",
    "load_faults",
]

_HOMES = {
    "LocalService": "azure_iaas.emulator.local_service",
    "LoggedRequest": "azure_iaas.endpoint.request_log",
    "load_faults": "azure_iaas.endpoint.fault_files",
    "Limits": "azure_iaas.endpoint.server",
}


def __getattr__(name: str) -> Any:
    # Imported when asked for: the command says what to install where the extra is missing, and for that
    # this package must be importable without it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES.get(name, "azure_iaas.endpoint.injected_faults")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
