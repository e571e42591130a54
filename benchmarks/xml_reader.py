"""What reading costs: xmltodict in ``azure_iaas.wire.xml`` against a builder of our own on the same parser.

Run from the repository's root::

    python benchmarks/xml_reader.py

Each document is made here: a deployment of 25 machines and a list of 500 images, as the service writes them.
Printed is the least CPU time of several runs, in milliseconds: of the tree, and of the objects.
"""

from __future__ import annotations

import platform
import time
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from unittest import mock
from xml.parsers import expat

from azure_iaas.models import Deployment, OSImage
from azure_iaas.wire import codecs, xml

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 25
PREFIXES = {xml.NAMESPACE: "", xml.SCHEMA_INSTANCE: "i:"}


class Builder:
    """The least that gives the same trees; without any bound."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.open: list[tuple[str, dict[str, Any], list[str]]] = [("", {}, [])]

    def parse(self, body: bytes) -> tuple[str, xml.Tree]:
        parser = expat.ParserCreate("utf-8", "\n")
        parser.buffer_text = True
        parser.ordered_attributes = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.Parse(body, True)  # noqa: FBT003 - the whole of it
        ((root, (tree,)),) = self.open[0][1].items()
        return root, tree

    def start(self, name: str, attributes: list[str]) -> None:
        pairs = zip(attributes[::2], attributes[1::2], strict=True)
        self.open.append((self.folded(name), {f"@{self.folded(key)}": value for key, value in pairs}, []))

    def end(self, _: str) -> None:
        name, node, pieces = self.open.pop()
        text = "".join(pieces)
        if node and text:
            node["#text"] = text
        self.open[-1][1].setdefault(name, []).append(node or text or None)

    def text(self, piece: str) -> None:
        self.open[-1][2].append(piece)

    def folded(self, name: str) -> str:
        if name not in self.names:
            namespace, _, local = name.rpartition("\n")
            self.names[name] = PREFIXES.get(namespace, f"{namespace}:") + local if namespace else local
        return self.names[name]


def by_builder(body: bytes, **_: Any) -> tuple[str, xml.Tree]:
    """Read a document without xmltodict."""
    return Builder().parse(body)


def deployment() -> bytes:
    """A deployment of 25 machines with an endpoint, a subnet and two data disks each."""
    roles = [
        {
            "RoleName": f"web{index}",
            "RoleType": "PersistentVMRole",
            "RoleSize": "Small",
            "ConfigurationSets": [
                {
                    "ConfigurationSetType": "NetworkConfiguration",
                    "InputEndpoints": [
                        {"LocalPort": 22, "Name": "ssh", "Port": 50000 + index, "Protocol": "tcp"}
                    ],
                    "SubnetNames": ["frontend"],
                }
            ],
            "OSDisk": {"DiskName": f"os{index}", "MediaLink": f"https://store.example/vhds/os{index}.vhd"},
            "DataDisks": [
                {"DiskName": f"data{index}-{lun}", "LUN": lun, "LogicalDiskSizeInGB": 100} for lun in (0, 1)
            ],
        }
        for index in range(25)
    ]
    instances = [
        {
            "RoleName": f"web{index}",
            "InstanceName": f"web{index}",
            "InstanceStatus": "ReadyRole",
            "InstanceSize": "Small",
            "IpAddress": f"10.0.0.{index + 4}",
            "PowerState": "Started",
        }
        for index in range(25)
    ]
    values = {"Name": "shop", "Status": "Running", "RoleList": roles, "RoleInstanceList": instances}
    return codecs.encode(Deployment.model_validate(values), root="Deployment", whole=True)


def images() -> bytes:
    """A list of 500 images."""
    models = [
        OSImage.model_validate(
            {
                "Category": "Public",
                "Label": f"Linux {index}",
                "LogicalSizeInGB": 30,
                "Name": f"publisher__linux-{index}-amd64-server-en-us-30GB",
                "OS": "Linux",
                "Eula": "https://licences.example/linux",
                "Description": "A server.\nWith all updates of the day it was made.",
                "ImageFamily": "Linux server",
                "PublishedDate": "2014-10-01T00:00:00Z",
                "IsPremium": False,
                "PublisherName": "Publisher",
            }
        )
        for index in range(500)
    ]
    return codecs.encode_list(models, root="Images", item="OSImage", whole=True)


def least_ms(work: Callable[[], object]) -> float:
    """The least CPU time a run took."""
    spans: list[float] = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        spans.append(time.process_time() - start)
    return min(spans) * 1000


def main() -> None:
    """Print a table."""
    print(f"Python {platform.python_version()}, xmltodict {version('xmltodict')}, {expat.EXPAT_VERSION}")
    print("| document | reader | tree, ms | objects, ms |\n|---|---|---|---|")
    documents: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
        "deployment": (deployment(), lambda body: codecs.decode(Deployment, body, root="Deployment")),
        "images": (
            images(),
            lambda body: codecs.decode_list(OSImage, body, root="Images", item="OSImage"),
        ),
    }
    for name, (body, decode) in documents.items():
        if xml.parse(body) != by_builder(body):
            msg = f"{name}: the trees differ"
            raise AssertionError(msg)
        size = f"{name}, {len(body):,} bytes"
        for reader, parse in (("xmltodict", xml.parse), ("own builder", by_builder)):
            with mock.patch.object(xml, "parse", parse):
                tree, objects = least_ms(lambda: xml.parse(body)), least_ms(lambda: decode(body))  # noqa: B023
            print(f"| {size} | {reader} | {tree:.2f} | {objects:.2f} |")


if __name__ == "__main__":
    main()
