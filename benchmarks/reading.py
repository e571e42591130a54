"""What reading an answer costs: typed models, against bare parsers and the legacy SDK.

Documents are the local service's own: deployments with more and more roles, and lists of images, each filled
up to what the real service's had, a thousand in 1.1 MB, and repeated. ``expat`` is the parser alone, which
hands nothing on; ``xmltodict`` and ``ElementTree`` make nested objects of texts, without any bound. The
legacy SDK has models too.
"""

from __future__ import annotations

import gc
import warnings
from functools import partial
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

import anyio
import xmltodict

from azure_iaas.models import Deployment, OSImage
from azure_iaas.wire import codecs, xml
from benchmarks.documents import documents
from benchmarks.findings import Findings, Goal, Series
from benchmarks.measuring import OURS, cpu_ms, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.measuring import Effort

LEGACY: Final = "azure-servicemanagement-legacy"
TREES: Final = "azure_iaas, trees only"


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
    return {
        OURS: partial(decode, body),
        TREES: partial(xml.parse, body),
        "ElementTree.fromstring": partial(ET.fromstring, body),
        "xmltodict.parse": partial(xmltodict.parse, body),
        "expat": partial(scan, body),
        LEGACY: partial(_MinidomXmlToObject.parse_response, answer, kind),
    }


def measure(effort: Effort) -> Findings:
    found = Findings()
    roles = (1,) if effort.quick else (1, 3, 10, 25, 50)
    images = (1000,) if effort.quick else (30, 100, 300, 1000)
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
                {name: partial(cpu_ms, work, times) for name, work in works.items()}, effort.number(3, 9)
            )
            gc.unfreeze()
            for name in works:
                points.setdefault(name, []).append((len(body), took.median(name)))
            if body is bodies[0] if what == "a deployment" else body.count(b"<OSImage>") == 1000:
                kilobytes = len(body) / 1000
                size = f"{kilobytes:.1f} KB" if kilobytes < 100 else f"{kilobytes / 1000:.1f} MB"
                title = f"CPU of reading {what} ({size}) into typed models, against "
                found.goals += [
                    Goal(title + "bare xmltodict.parse", "x", 1.2, took.ratio(OURS, "xmltodict.parse")),
                    Goal(title + "bare expat", "x", 12, took.ratio(OURS, "expat")),
                    Goal(title + "the legacy SDK", "x", 0.17, took.ratio(OURS, LEGACY)),
                ]
        found.series += [
            Series(f"CPU of reading {what}", name, "bytes", "ms", each) for name, each in points.items()
        ]
    return found
