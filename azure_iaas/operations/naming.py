"""How operations, arguments and elements are called: in Python, and on the documented page. Pure.

One rule for errors: the caller's own vocabulary, down to the last element, however the object was given (a
model, or a mapping with documented, GA or Python names). An async caller reads
``create_deployment: role.os_disk.media_link``, a callback's caller ``CreateDeployment:
VMRole.OSDisk.MediaLink``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from azure_iaas.models import AzureModel
from azure_iaas.wire import codecs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.operations.operation import Operation

PAGE: Final = """
GetOperationStatus(requestid)
GetOSImage(imagename)
ListOSImages()
CreateOSImage(imageName, mediaLink, imageOptions)
ListHostedServices()
GetHostedService(serviceName)
CreateHostedService(serviceName, serviceOptions)
GetStorageAccountKeys(serviceName)
GetDeployment(serviceName, deploymentName)
GetDeploymentBySlot(serviceName, deploymentSlot)
CreateDeployment(serviceName, deploymentName, VMRole, deployOptions)
GetRole(serviceName, deploymentName, roleName)
AddRole(serviceName, deploymentName, VMRole)
ModifyRole(serviceName, deploymentName, roleName, VMRole)
DeleteRole(serviceName, deploymentName, roleName)
AddDataDisk(serviceName, deploymentName, roleName, datadisk)
ModifyDataDisk(serviceName, deploymentName, roleName, LUN, datadisk)
RemoveDataDisk(serviceName, deploymentName, roleName, LUN)
ShutdownRoleInstance(serviceName, deploymentName, roleInstance)
RestartRoleInstance(serviceName, deploymentName, roleInstance)
CaptureRoleInstance(serviceName, deploymentName, roleInstance, captOptions)
"""
"""The documented methods, in the order and the spelling of their page; all others are extensions."""

DOCUMENTED: Final[dict[str, tuple[str, ...]]] = {
    name: tuple(re.findall(r"\w+", arguments)) for name, arguments in re.findall(r"(\w+)\((.*)\)", PAGE)
}
"""The arguments of each documented method."""

_WORDS: Final = {"os": "OS", "vm": "VM", "ip": "IP", "ips": "IPs"}
_ARGUMENTS: Final = {"lun": "LUN", "role": "VMRole", "data_disk": "datadisk"}
"""Arguments the page spells in its own way; in an extension they are spelled so too."""
_STEP: Final = re.compile(r"(?<=\.)[^.\[]+")

_WORD: Final = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")

Names = Callable[["Operation[Any]", str, str], tuple[str, str, str]]
"""How a caller spells an operation, a path that begins with one of its arguments, and a rule."""


def documented_name(method_name: str) -> str:
    """The documented name of an async method, word by word: ``list_os_images`` is ``ListOSImages``."""
    return "".join(_WORDS.get(word, word.capitalize()) for word in method_name.split("_"))


def documented_argument(argument: str) -> str:
    """The documented spelling of an argument, where the page doesn't say otherwise."""
    first, *others = argument.split("_")
    return _ARGUMENTS.get(argument) or first + "".join(word.capitalize() for word in others)


def python_path(path: str) -> str:
    """A path that begins with an argument, with every element under its attribute's name."""
    return _STEP.sub(lambda step: _attributes().get(step[0], step[0]), path)


def as_python(operation: Operation[Any], path: str, rule: str) -> tuple[str, str, str]:
    """Names for the caller of an async method."""
    return operation.method_name, python_path(path), rule


def as_documented(operation: Operation[Any], path: str, rule: str) -> tuple[str, str, str]:
    """Names for the caller of a documented method."""
    argument = re.split(r"[.\[]", path, maxsplit=1)[0]
    spelled = operation.documented.get(argument, argument) + path.removeprefix(argument)
    return operation.name, _STEP.sub(_element, spelled), _WORD.sub(_element, rule)


def _element(name: re.Match[str]) -> str:
    return _elements().get(name[0], name[0])


@cache
def _attributes() -> dict[str, str]:
    """The attribute of every element, by any of its names."""
    names: dict[str, str] = {}
    for field in _fields():
        for name in field.names:
            # Of two attributes with one name the plain one is meant: Name is name, not the list names.
            if _plain(name) == field.attribute or name not in names:
                names[name] = field.attribute
    return names


@cache
def _elements() -> dict[str, str]:
    """The documented name of every element, by its attribute and any of its names."""
    names: dict[str, str] = {}
    for field in _fields():
        for name in (field.attribute, *field.names):
            if _plain(field.documented) == _plain(name) or name not in names:
                names[name] = field.documented
    return names


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _fields() -> Iterator[codecs.FieldPlan]:
    pending: list[type[AzureModel]] = [AzureModel]
    while pending:
        cls = pending.pop(0)
        pending += cls.__subclasses__()
        yield from codecs.plan(cls).by_name.values()
