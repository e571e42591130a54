"""What reading an answer costs: typed models, against the bare parsers, the legacy SDK and the least builder.

Documents are the local service's own: deployments with more and more roles, and lists of images, each filled
up to what the real service's had, a thousand in 1.1 MB, and repeated. ``expat`` is the parser alone, which
hands nothing on; ``xmltodict`` makes nested dicts of it; the least builder makes the library's trees from the
same parser, without any bound.
"""

from __future__ import annotations

import gc
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

import anyio
import xmltodict

from azure_iaas import Exchange, observed
from azure_iaas.emulator import LocalService
from azure_iaas.models import Deployment, OSImage
from azure_iaas.wire import codecs, xml
from benchmarks.fleets import role
from benchmarks.measuring import OURS, Findings, Goal, Series, cpu_ms, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measuring import Effort

PREFIXES: Final = {xml.NAMESPACE: "", xml.SCHEMA_INSTANCE: "i:"}
LEGACY: Final = "azure-servicemanagement-legacy"
BUILDER: Final = "least builder (trees)"
TREES: Final = "azure_iaas, trees only"


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


def scan(body: bytes) -> None:
    """Let the parser go over a document, and hand nothing on."""
    expat.ParserCreate().Parse(body, True)  # noqa: FBT003 - the whole of it


class Answer:
    """What the legacy SDK takes for one."""

    def __init__(self, body: bytes) -> None:
        self.body = body


def readers(body: bytes, decode: Callable[[bytes], object], legacy: str) -> dict[str, Callable[[], object]]:
    """What reads a document, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from azure import servicemanagement
        from azure.servicemanagement._serialization import _MinidomXmlToObject

    answer, kind = Answer(body), getattr(servicemanagement, legacy)
    assert xml.parse(body) == Builder().parse(body)
    return {
        OURS: partial(decode, body),
        TREES: partial(xml.parse, body),
        BUILDER: lambda: Builder().parse(body),
        "xmltodict.parse": partial(xmltodict.parse, body),
        "expat": partial(scan, body),
        LEGACY: partial(_MinidomXmlToObject.parse_response, answer, kind),
    }


async def documents(roles: tuple[int, ...], images: tuple[int, ...]) -> tuple[list[bytes], list[bytes]]:
    """Deployments with so many roles, and lists of so many images."""
    exchanges: list[Exchange] = []
    deployments: list[bytes] = []
    async with LocalService(sockets=False) as service, service.client() as client:
        await client.create_hosted_service("benchmark")
        for number in range(1, max(roles) + 1):
            if number == 1:
                await client.create_deployment("benchmark", "benchmark", role("web01"))
            else:
                await client.add_role("benchmark", "benchmark", role(f"web{number:02}"))
            service.advance(3600)
            if number in roles:
                with observed(exchanges.append):
                    await client.get_deployment("benchmark", "benchmark")
                deployments.append(body_of(exchanges[-1]))
        with observed(exchanges.append):
            await client.list_os_images()
    head, mark, rest = filled_up(body_of(exchanges[-1])).partition(b"<OSImage>")
    each = (mark + rest.removesuffix(b"</Images>")).split(mark)[1:]
    lists = [
        head + b"".join(mark + each[number % len(each)] for number in range(count)) + b"</Images>"
        for count in images
    ]
    return deployments, lists


def filled_up(images: bytes) -> bytes:
    """The local catalogue's images with the elements that the real one's had besides."""
    text = b"A virtual machine with all updates of the day it was made. " * 11
    for element, before in (
        (
            b"<ImageFamily>",
            b"<Eula>https://licences.example/terms</Eula><Description>%b</Description>" % text,
        ),
        (b"<PublisherName>", b"<IconUri>Linux_100.png</IconUri><RecommendedVMSize>Small</RecommendedVMSize>"),
        (b"<IOType>", b"<SmallIconUri/>"),
    ):
        images = images.replace(element, before + element)
    return images


def body_of(exchange: Exchange) -> bytes:
    assert exchange.response is not None
    return exchange.response.body


def measure(effort: Effort) -> Findings:
    found = Findings()
    roles = (1,) if effort.quick else (1, 3, 10, 25, 50)
    images = (1000,) if effort.quick else (100, 300, 1000, 3000)
    deployments, lists = anyio.run(documents, roles, images)
    kinds: list[tuple[str, list[bytes], Callable[[bytes], object], str]] = [
        ("a deployment", deployments, partial(codecs.decode, Deployment, root="Deployment"), "Deployment"),
        (
            "the list of images",
            lists,
            partial(codecs.decode_list, OSImage, root="Images", item="OSImage"),
            "Images",
        ),
    ]
    for what, bodies, decode, legacy in kinds:
        points: dict[str, list[tuple[float, float]]] = {}
        for body in bodies:
            # So often that a turn takes some 20 ms at least.
            times = max(1, 60_000 // len(body))
            works = readers(body, decode, legacy)
            for work in works.values():
                work()
            gc.collect()
            gc.freeze()
            took = interleaved(
                {name: partial(cpu_ms, work, times) for name, work in works.items()}, effort.number(3, 11)
            )
            gc.unfreeze()
            for name in works:
                points.setdefault(name, []).append((len(body), took.median(name)))
            if body is bodies[0] if what == "a deployment" else body.count(b"<OSImage>") == 1000:
                kilobytes = len(body) / 1000
                size = f"{kilobytes:.1f} KB" if kilobytes < 100 else f"{kilobytes / 1000:.1f} MB"
                title = f"CPU of reading {what} ({size}) into typed models, against "
                found.goals += [
                    Goal(title + "bare xmltodict.parse", "", 1.2, took.ratio(OURS, "xmltodict.parse")),
                    Goal(title + "bare expat", "", 12, took.ratio(OURS, "expat")),
                    Goal(title + "the legacy SDK", "", 0.17, took.ratio(OURS, LEGACY)),
                ]
        found.series += [
            Series(f"CPU of reading {what}", name, "bytes", "ms", each) for name, each in points.items()
        ]
    return found
