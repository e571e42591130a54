"""Recorded answers of the real service: each is read, nothing is lost, and is written back in its order.

The bodies are compared with the help of an independent parser, never with our own.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from azure_iaas import models
from azure_iaas.errors import ProtocolError
from azure_iaas.models import documents
from azure_iaas.wire import codecs, xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.corpus, pytest.mark.timeout(300)]


class Document(NamedTuple):
    """What an operation's answer is; ``item`` where it is a list."""

    cls: type[models.AzureModel]
    root: str
    item: str | None
    ran: int


TYPE = f"{{{xml.SCHEMA_INSTANCE}}}type"

# The last figure is how many recorded answers there are to read.
ANSWERS = {
    "affinitygroup.get": Document(models.AffinityGroup, "AffinityGroup", None, 19),
    "affinitygroup.list": Document(models.AffinityGroup, "AffinityGroups", "AffinityGroup", 25),
    "certificate.get": Document(models.ServiceCertificate, "Certificate", None, 1),
    "certificate.list": Document(models.ServiceCertificate, "Certificates", "Certificate", 1),
    "deployment.get": Document(models.Deployment, "Deployment", None, 2),
    "deployment.get_by_slot": Document(models.Deployment, "Deployment", None, 1334),
    "disk.add": Document(models.Disk, "Disk", None, 6),
    "disk.get": Document(models.Disk, "Disk", None, 15),
    "disk.list": Document(models.Disk, "Disks", "Disk", 26),
    "hostedservice.get": Document(models.HostedService, "HostedService", None, 28),
    "hostedservice.get_detail": Document(models.HostedService, "HostedService", None, 57),
    "hostedservice.list": Document(models.HostedService, "HostedServices", "HostedService", 76),
    "hostedservice.list_detail": Document(models.HostedService, "HostedServices", "HostedService", 1),
    "image.add": Document(models.OSImage, "OSImage", None, 3),
    "image.get": Document(models.OSImage, "OSImage", None, 27),
    "image.list": Document(models.OSImage, "Images", "OSImage", 11),
    "location.list": Document(models.Location, "Locations", "Location", 14),
    "network.check_ip": Document(models.AddressAvailabilityResponse, "AddressAvailabilityResponse", None, 4),
    "network.list_sites": Document(
        models.VirtualNetworkSite, "VirtualNetworkSites", "VirtualNetworkSite", 40
    ),
    "operation.get": Document(models.OperationStatus, "Operation", None, 525),
    "reservedip.get": Document(models.ReservedIP, "ReservedIP", None, 4),
    "reservedip.list": Document(models.ReservedIP, "ReservedIPs", "ReservedIP", 4),
    "role.get": Document(models.VMRole, "PersistentVMRole", None, 58),
    "rolesize.list": Document(models.RoleSize, "RoleSizes", "RoleSize", 2),
    "storageaccount.check_name": Document(models.AvailabilityResponse, "AvailabilityResponse", None, 5),
    "storageaccount.get": Document(models.StorageService, "StorageService", None, 21),
    "storageaccount.keys": Document(models.StorageService, "StorageService", None, 19),
    "storageaccount.list": Document(models.StorageService, "StorageServices", "StorageService", 24),
    "storageaccount.regenerate_keys": Document(models.StorageService, "StorageService", None, 7),
    "vmimage.list": Document(models.VMImage, "VMImages", "VMImage", 11),
}

EDITED = {
    # Answers changed by the authors of the tests they were recorded for: the body is of another operation.
    ("deployment.get_by_slot", "Error"),
    ("image.add", "Images"),
    ("storageaccount.get", "StorageServices"),
}


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _root(body: str) -> str:
    found = re.search(r"<([A-Za-z]\w*)", body)
    assert found
    return found[1]


def _independent(body: str) -> ET.Element:
    # Characters XML forbids, which the service sends, would stop this parser; elements don't depend on them.
    mended = re.sub(r"&#x?[0-9A-Fa-f]+;", "?", body.lstrip("\ufeff\r\n "))
    return ET.fromstring(mended)  # noqa: S314 - recorded bodies


def _absent(path: str, element: ET.Element) -> bool:
    """Whether an element says nothing: a null value, or the empty date of a fail-over that never was."""
    nil = element.get(f"{{{xml.SCHEMA_INSTANCE}}}nil") == "true"
    return nil or (path.endswith("/LastGeoFailoverTime") and not element.text)


def _paths(element: ET.Element, above: str = "") -> Iterator[tuple[str, ET.Element]]:
    path = f"{above}/{_local(element.tag)}"
    yield path, element
    for child in element:
        yield from _paths(child, path)


def _model_paths(model: models.AzureModel, above: str) -> Iterator[str]:
    """Paths of the elements a model was read from, told by what was set, under GA names."""
    yield above
    for field in codecs.plan(type(model)).orders["ga"]:
        if field.attribute not in model.model_fields_set:
            continue
        value = model.__dict__[field.attribute]
        path = f"{above}/{field.ga}"
        if not field.is_list:
            yield from _model_paths(value, path) if isinstance(value, models.AzureModel) else (path,)
            continue
        yield path
        for item in value:
            under = f"{path}/{field.ga_item}"
            yield from _model_paths(item, under) if isinstance(item, models.AzureModel) else (under,)
    for name, value in (model.model_extra or {}).items():
        yield from _plain_paths(value, f"{above}/{name}")


def _plain_paths(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _plain_paths(item, path)
        return
    yield path
    if isinstance(value, dict):
        for name, child in value.items():
            yield from _plain_paths(child, f"{path}/{name}")


def _read(document: Document, body: str) -> list[models.AzureModel]:
    raw = body.encode()
    if document.item:
        return codecs.decode_list(document.cls, raw, root=document.root, item=document.item)
    return [codecs.decode(document.cls, raw, root=document.root)]


def _write(document: Document, read: list[models.AzureModel]) -> bytes:
    if document.item:
        return codecs.encode_list(read, root=document.root, item=document.item, whole=True)
    return codecs.encode(read[0], root=document.root, whole=True)


def _answers(corpus: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Document, str]]:
    for exchange in corpus:
        body, operation = exchange["response_body"], exchange["operation"]
        if body and exchange["status"] < 300 and operation in ANSWERS:
            if (operation, _root(body)) in EDITED:
                continue
            yield exchange, ANSWERS[operation], body


def test_every_answer_is_read_and_no_element_is_lost(
    corpus: list[dict[str, Any]], tell: Callable[[str], None]
) -> None:
    ran: Counter[str] = Counter()
    elements = 0
    for exchange, document, body in _answers(corpus):
        read = _read(document, body)
        received = Counter(path for path, _ in _paths(_independent(body)))
        prefix = f"/{document.root}"
        kept: Counter[str] = Counter()
        if document.item:
            kept[prefix] = 1
            prefix = f"{prefix}/{document.item}"
        for model in read:
            kept.update(_model_paths(model, prefix))
        assert kept == received, (exchange["id"], received - kept, kept - received)
        elements += sum(received.values())
        ran[exchange["operation"]] += 1
    assert ran == {operation: document.ran for operation, document in ANSWERS.items()}
    tell(f"{sum(ran.values())} recorded answers read, {elements} elements, none lost:")
    tell("  " + ", ".join(f"{operation} {count}" for operation, count in sorted(ran.items())))


def test_no_element_of_the_service_stays_untyped(corpus: list[dict[str, Any]]) -> None:
    untyped: Counter[str] = Counter()

    def look(model: models.AzureModel) -> None:
        untyped.update(f"{type(model).__name__}.{name}" for name in model.model_extra or {})
        for name in type(model).model_fields:
            value = model.__dict__[name]
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, models.AzureModel):
                    look(item)

    for _, document, body in _answers(corpus):
        for model in _read(document, body):
            look(model)
    assert untyped == {}


def _canonical(element: ET.Element) -> str:
    text = element.text or ""
    if len(element):
        return ""  # blanks between elements
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]+(\.\d+)?Z", text):
        # The service gives up to seven digits of a second's fraction; a microsecond is the finest here.
        stamp, _, fraction = text.removesuffix("Z").partition(".")
        return f"{stamp}.{fraction[:6].rstrip('0')}".rstrip(".") + "Z"
    return text


def test_every_answer_is_written_back_in_the_same_order_with_the_same_text(
    corpus: list[dict[str, Any]], tell: Callable[[str], None]
) -> None:
    exceptions: Counter[str] = Counter()
    same = 0
    for exchange, document, body in _answers(corpus):
        read = _read(document, body)
        if "&#x1B;" in body:
            # Extension messages hold terminal escapes: they are read, and never written.
            with pytest.raises(ValueError, match=r"Message: character U\+001B can't be written"):
                _write(document, read)
            exceptions["characters XML forbids"] += 1
            continue
        written = _write(document, read)
        received = [(path, each) for path, each in _paths(_independent(body)) if not _absent(path, each)]
        back = list(_paths(_independent(written.decode())))
        order = [path for path, _ in received]
        if order != [path for path, _ in back]:
            assert sorted(order) == sorted(path for path, _ in back), exchange["id"]
            assert exchange["kind"] == "fixture" or exchange.get("hand_edited"), exchange["id"]
            exceptions["out of order by hand"] += 1
            continue
        for (path, one), (_, other) in zip(received, back, strict=True):
            wanted, got = _canonical(one), _canonical(other)
            assert wanted == got, (exchange["id"], path)
            if exchange["kind"] == "recorded" and path.endswith(("/Role", "/ConfigurationSet")):
                # Web and worker roles alone stand without a type.
                typed = one.find(f"{{{xml.NAMESPACE}}}RoleType") is not None or path.endswith("Set")
                assert one.get(TYPE) == (other.get(TYPE) if typed else None), (exchange["id"], path)
        same += 1
    tell(f"{same} recorded answers written back the same; exceptions: {dict(exceptions)}")
    assert same > 2300
    assert exceptions["out of order by hand"] < 10
    assert exceptions["characters XML forbids"] < 10


# --- requests ----------------------------------------------------------------------------------------------

BODIES: dict[str, type[models.AzureModel]] = {
    "CreateAffinityGroup": documents.CreateAffinityGroup,
    "UpdateAffinityGroup": documents.UpdateAffinityGroup,
    "CertificateFile": documents.CertificateFile,
    "DataVirtualHardDisk": models.DataDisk,
    "Deployment": documents.CreateDeployment,
    "CreateHostedService": documents.CreateHostedService,
    "OSImage": documents.AddOSImage,
    "ReservedIP": documents.CreateReservedIP,
    "PersistentVMRole": models.VMRole,
    "CaptureRoleOperation": documents.CaptureRoleOperation,
    "RestartRoleOperation": documents.RoleOperation,
    "ShutdownRoleOperation": documents.ShutdownRoleOperation,
    "StartRoleOperation": documents.RoleOperation,
    "CreateStorageServiceInput": documents.CreateStorageServiceInput,
    "RegenerateKeys": documents.RegenerateKeys,
    "UpdateStorageServiceInput": documents.UpdateStorageServiceInput,
}


def test_every_recorded_request_is_read_and_no_element_is_lost(
    corpus: list[dict[str, Any]], tell: Callable[[str], None]
) -> None:
    ran: Counter[str] = Counter()
    for exchange in corpus:
        body = exchange["request_body"]
        if not body or exchange["method"] == "GET" or _root(body) not in BODIES:
            continue
        cls = BODIES[_root(body)]
        read = codecs.decode(cls, body.encode(), root=_root(body))
        received = Counter(path for path, _ in _paths(_independent(body)))
        kept = Counter(_model_paths(read, f"/{_root(body)}"))
        if exchange["kind"] == "fixture":
            # One has a name the service ignored, which we take for the right one, and a password twice.
            received = Counter({re.sub("(EnableAutomaticUpdate)s?$", r"\1s", path) for path in received})
            kept = Counter(set(kept))
        assert kept == received, (exchange["id"], received - kept, kept - received)
        ran[_root(body)] += 1
    tell(f"{sum(ran.values())} recorded requests read, no element lost: {dict(sorted(ran.items()))}")
    assert set(ran) == set(BODIES)


def test_a_recorded_answer_cut_anywhere_is_refused(corpus: list[dict[str, Any]]) -> None:
    body = next(each["response_body"] for each in corpus if each["operation"] == "deployment.get_by_slot")
    raw = body.encode()
    for length in range(0, len(raw), 13):
        with pytest.raises(ProtocolError) as caught:
            codecs.decode(models.Deployment, raw[:length], root="Deployment")
        assert caught.value.body == raw[:length]
