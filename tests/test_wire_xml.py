"""XML trees: exact text, every hostile body a ProtocolError, and nothing written that can't be read."""

from __future__ import annotations

import tracemalloc
import xml.etree.ElementTree as ET
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas import models
from azure_iaas.errors import ProtocolError
from azure_iaas.wire import codecs, error_documents, json, xml
from azure_iaas.wire.messages import RawResponse, Serialization
from tests import strategies

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICE = (
    'xmlns="http://schemas.microsoft.com/windowsazure" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
)
OPERATION = (
    f"<Operation {SERVICE}><ID>fa0e4578-57e0-9af6-8001-0da949e982dd</ID><Status>Failed</Status>"
    "<HttpStatusCode>400</HttpStatusCode><Error><Code>BadRequest</Code><Message>Port 22 is already in use."
    "</Message></Error></Operation>"
).encode()
ROLE = codecs.encode(
    models.VMRole.model_validate(
        {
            "RoleName": "r",
            "ConfigurationSets": [models.NetworkConfiguration(InputEndpoints=[{"Name": "ssh", "Port": 22}])],
            "DataDisks": [{"LUN": 1, "HostCaching": "None"}],
            "OSDisk": {"OS": "Linux"},
            "Unknown": {"A": ["1", "2"]},
        }
    ),
    root="PersistentVMRole",
)
SERIALIZATIONS: tuple[Serialization, ...] = ("XML", "JSON")
REAL = {"Operation": OPERATION, "PersistentVMRole": ROLE}


def _model_or_protocol_error(body: bytes, read: Callable[[], object]) -> None:
    try:
        got = read()
    except ProtocolError as caught:
        error = caught
    else:
        assert repr(got)
        return
    assert error.body == body


def read_every_way(body: bytes) -> None:
    """Read a body in every way there is: each gives a model, or ProtocolError with the body on it."""
    for serialization in SERIALIZATIONS:
        for cls, root in ((models.OperationStatus, "Operation"), (models.VMRole, "PersistentVMRole")):
            _model_or_protocol_error(
                body, partial(codecs.decode, cls, body, root=root, serialization=serialization)
            )
        _model_or_protocol_error(
            body,
            partial(
                codecs.decode_list,
                models.OSImage,
                body,
                root="Images",
                item="OSImage",
                serialization=serialization,
            ),
        )
    response = RawResponse(500, {}, body)
    error_documents.read_error(response)
    assert error_documents.error_from(response, operation="GetDeployment").body == body


# --- any bytes ---------------------------------------------------------------------------------------------


@given(body=st.binary(max_size=200))
def test_any_bytes(body: bytes) -> None:
    read_every_way(body)


@given(
    body=st.text(st.sampled_from("<>/&;#x!?'\"= [](){}:,-.0123456789aOperation\n\r\t\x00\ufeff"), max_size=60)
)
def test_any_markup(body: str) -> None:
    read_every_way(body.encode())


@given(data=st.data(), name=st.sampled_from(sorted(REAL)))
def test_real_bodies_changed_at_random(data: st.DataObject, name: str) -> None:
    body = bytearray(REAL[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        cut = data.draw(st.integers(0, 12))
        body[at : at + cut] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b"<", b"</", b"&#0;", b"\xff"])
        )
    read_every_way(bytes(body))


@given(value=strategies.json_unknown)
def test_any_json(value: Any) -> None:
    read_every_way(json.write(value))
    read_every_way(json.write({"RoleName": value, "DataDisks": value, "Error": value, "OSDisk": value}))
    read_every_way(json.write({"ConfigurationSets": [value], "DataDisks": [value], "Code": value}))


@pytest.mark.parametrize("name", sorted(REAL))
def test_a_body_cut_at_any_place(name: str) -> None:
    body = REAL[name]
    for length in range(len(body)):
        with pytest.raises(ProtocolError):
            xml.parse(body[:length])
        read_every_way(body[:length]) if length % 7 == 0 else None


NESTED = 300_000
HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \r\n\t",
    "NULs": b"\x00" * 100,
    "byte order mark alone": b"\xef\xbb\xbf",
    "html": b"<!DOCTYPE html><html><head><title>502</title></head><body><hr>Bad Gateway<br></body></html>",
    "html, lower case": b"<!doctype html>\n<html><body>x</body></html>",
    "html, well formed": b"<html><head/><body>Service Unavailable</body></html>",
    "plain text": b"upstream connect error or disconnect/reset before headers",
    "entity bomb": (
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><Operation>&b;</Operation>'
    ),
    "external entity": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Operation>&a;</Operation>',
    "bare document type": b"<!DOCTYPE Operation><Operation/>",
    "document type in UTF-16": '<!DOCTYPE x [<!ENTITY a "b">]><Operation>&a;</Operation>'.encode("utf-16"),
    "undefined entity": b"<Operation><Status>&nbsp;</Status></Operation>",
    "two roots": b"<Operation/><Operation/>",
    "text behind the root": b"<Operation/>x",
    "unbound prefix": b'<Operation><Status d2p1:nil="true"/></Operation>',
    "reference to nothing": b"<Operation>&#x110000;</Operation>",
    "reference without end": b"<Operation>&#" + b"9" * 10_000 + b";</Operation>",
    "other root": b"<Deployment/>",
    "foreign namespace": b'<Operation xmlns="http://schemas.example.com/other"/>',
    "latin-1": '<?xml version="1.0" encoding="iso-8859-1"?><Operation><ID>\xe9</ID></Operation>'.encode(
        "latin-1"
    ),
    "utf-16 without a mark": "<Operation/>".encode("utf-16-le"),
    "half of utf-16": b"\xff\xfe<",
    "attribute twice": b'<Operation a="1" a="2"/>',
    "deep": b"<Operation>" + b"<a>" * NESTED + b"</a>" * NESTED + b"</Operation>",
    "deep and cut": b"<Operation>" * NESTED,
    "deep arrays": b"[" * NESTED + b"]" * NESTED,
    "deep objects": b'{"Error":' * NESTED + b"1" + b"}" * NESTED,
    "quite deep arrays": b'{"a":' + b"[" * 500 + b"]" * 500 + b"}",
    "no JSON number": b'{"HttpStatusCode":NaN}',
    "half a surrogate pair": b'{"Status":"\\ud800"}',
}

ODD: dict[str, bytes] = {
    "NUL reference": b"<Operation>&#0;</Operation>",
    "text for a root": b"<Operation>InProgress</Operation>",
    "huge number": b"<Operation><HttpStatusCode>" + b"9" * 100_000 + b"</HttpStatusCode></Operation>",
    "infinite number": b"<Operation><HttpStatusCode>1e999</HttpStatusCode></Operation>",
    "object for a number": b"<Operation><HttpStatusCode><a/></HttpStatusCode></Operation>",
    "text for an object": b"<Operation><Error>no</Error></Operation>",
    "huge JSON number": b'{"HttpStatusCode":' + b"9" * 100_000 + b"}",
    "infinite JSON number": b'{"HttpStatusCode":1e999}',
    "JSON of another shape": b'{"Error":{"Code":["x"],"Message":{"a":1}}}',
    "JSON text for an object": b'{"Error":"no"}',
    "JSON objects for one": b'{"Error":[{"Code":"a"},{"Code":"b"}]}',
}


@pytest.mark.parametrize("name", ODD)
def test_odd_elements_are_set_aside(name: str) -> None:
    body = ODD[name]
    serialization: Serialization = "JSON" if json.looks_like_json(body) else "XML"
    status = codecs.decode(models.OperationStatus, body, root="Operation", serialization=serialization)
    assert status.oddities
    assert len(repr(status)) < 400
    read_every_way(body)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies(name: str) -> None:
    body = HOSTILE[name]
    with pytest.raises(ProtocolError) as caught:
        codecs.decode(models.OperationStatus, body, root="Operation")
    assert caught.value.body == body
    assert len(str(caught.value)) < 400
    with pytest.raises(ProtocolError):
        codecs.decode(models.OperationStatus, body, root="Operation", serialization="JSON")
    if len(body) < 200_000:
        read_every_way(body)
    assert error_documents.read_error(RawResponse(502, {}, body))[0] is None


@pytest.mark.parametrize(
    "wrong", ["0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "2014-02-30T00:00:00Z", "x", "9" * 400]
)
def test_impossible_dates(wrong: str) -> None:
    body = f"<Disk><CreatedTime>{wrong}</CreatedTime></Disk>".encode()
    for disk in (
        codecs.decode(models.Disk, body, root="Disk"),
        codecs.decode(models.Disk, json.write({"CreatedTime": wrong}), root="", serialization="JSON"),
    ):
        assert disk.created_time is None
        assert disk.oddities == [models.Oddity("created_time", wrong)]


def test_dates_at_the_edge_of_time_read() -> None:
    for date in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00"):
        body = f"<Disk><CreatedTime>{date}</CreatedTime></Disk>".encode()
        disk = codecs.decode(models.Disk, body, root="Disk")
        assert disk.created_time is not None
        assert repr(disk)


@pytest.mark.timeout(30)
def test_a_million_siblings_are_refused_at_once() -> None:
    body = b"<Images>" + b"<a/>" * 1_000_000 + b"</Images>"
    with pytest.raises(ProtocolError, match="more than 250000 elements"):
        codecs.decode_list(models.OSImage, body, root="Images", item="OSImage")
    with pytest.raises(ProtocolError, match="holds more than 250000"):
        json.parse(b"[" + b"1," * 1_000_000 + b"1]")


@pytest.mark.timeout(30)
def test_as_many_siblings_as_are_allowed_take_bounded_time() -> None:
    body = b"<Images>" + b"<a/>" * (xml.MAX_ELEMENTS - 1) + b"</Images>"
    assert codecs.decode_list(models.OSImage, body, root="Images", item="OSImage") == []


def test_a_body_too_large_is_refused_and_kept_in_part() -> None:
    body = b"<a>" + b"x" * xml.MAX_BYTES + b"</a>"
    for parse in (xml.parse, json.parse):
        with pytest.raises(ProtocolError, match="larger than") as caught:
            parse(body)
        assert caught.value.body == body[:4096]


MEBI = 1024 * 1024
COSTLY: dict[str, tuple[bytes, str]] = {
    "unclosed tags": (b"<a>" * 200_000, "nested deeper than 64"),
    "references": (b"<a>" + b"&#1;" * (2 * MEBI) + b"</a>", "more than 250000 character references"),
    "control characters": (b"<a>" + b"\x01" * (8 * MEBI) + b"</a>", "control characters"),
    "size": (b"<a>" + b"x" * (60 * MEBI) + b"</a>", "larger than 16777216 bytes"),
    "attributes": (
        b"<a " + b" ".join(b"a%d = ''" % i for i in range(300_000)) + b"/>",
        "more than 50000 attributes",
    ),
    "JSON values": (b"[" + b"{}," * (4 * MEBI) + b"1]", "more than 250000 values"),
    "JSON depth": (b"[" * MEBI, "isn't JSON|more than 250000 values"),
}


@pytest.mark.parametrize("name", COSTLY)
def test_a_body_that_would_cost_much_is_refused_before_it_does(name: str) -> None:
    body, problem = COSTLY[name]
    parse = json.parse if json.looks_like_json(body) else xml.parse
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError, match=problem):
            parse(body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 3 * len(body) + MEBI


def test_the_largest_body_is_the_callers_choice() -> None:
    body = b"<R><Disk><Name>" + b"x" * 1000 + b"</Name></Disk></R>"
    assert len(codecs.decode_list(models.Disk, body, root="R", item="Disk", max_bytes=len(body))) == 1
    for read in (xml.parse, json.parse):
        with pytest.raises(ProtocolError, match=f"larger than {len(body) - 1} bytes"):
            read(body, max_bytes=len(body) - 1)


def test_depth_is_bounded_exactly() -> None:
    def nested(levels: int) -> bytes:
        return b"<a>" * levels + b"</a>" * levels

    xml.parse(nested(xml.MAX_DEPTH))
    with pytest.raises(ProtocolError, match="nested deeper"):
        xml.parse(nested(xml.MAX_DEPTH + 1))
    json.parse(b"[" * xml.MAX_DEPTH + b"]" * xml.MAX_DEPTH)
    with pytest.raises(ProtocolError, match="nested deeper"):
        json.parse(b"[" * (xml.MAX_DEPTH + 1) + b"]" * (xml.MAX_DEPTH + 1))


@pytest.mark.parametrize("root", REAL)
def test_it_makes_no_difference_how_much_the_parser_is_given_at_a_time(
    root: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = xml.parse(REAL[root])
    for piece in range(1, 40):
        monkeypatch.setattr(xml, "_PIECE_BYTES", piece)
        assert xml.parse(REAL[root]) == whole


def test_depth_is_noticed_before_the_body_is_parsed_to_its_end() -> None:
    body = b"<a>" * 100_000 + b"no XML: <<"
    with pytest.raises(ProtocolError, match="nested deeper"):
        xml.parse(body)


# --- what is read ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        "<E><Code>x</Code></E>",
        f"<E {SERVICE}><Code>x</Code></E>",
        '<E xmlns="https://schemas.microsoft.com/windowsazure"><Code>x</Code></E>',
        '<a:E xmlns:a="http://schemas.microsoft.com/windowsazure"><a:Code>x</a:Code></a:E>',
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- c --><E><Code><!-- c -->x<?pi y?></Code></E>\n',
        '\n <?xml version="1.0"?><E><Code><![CDATA[x]]></Code></E>',
        '<?xml version="1.0" encoding="utf-16"?><E><Code>&#120;</Code></E>',
    ],
)
def test_the_same_document_in_other_clothes(document: str) -> None:
    for body in (document.encode(), document.encode("utf-8-sig"), document.encode("utf-16")):
        root, tree = xml.parse(body)
        assert isinstance(tree, dict)
        assert (root, tree["Code"]) == ("E", ["x"])


@pytest.mark.parametrize(
    "start", ['<E xmlns:{0}="{1}"><X {0}:nil="true"/></E>', '<E><X xmlns:{0}="{1}" {0}:nil="1"/></E>']
)
@pytest.mark.parametrize("prefix", ["i", "xsi", "d2p1"])
def test_nil_under_any_prefix(start: str, prefix: str) -> None:
    body = start.format(prefix, xml.SCHEMA_INSTANCE).encode()
    read = codecs.decode(models.VMRole, body, root="E")
    assert read.model_extra == {"X": None}


def test_order_of_siblings_and_attributes_are_kept() -> None:
    root, tree = xml.parse(f"<E {SERVICE}><B/><A i:type='t'> x </A><B>1</B><C><D/></C></E>".encode())
    assert root == "E"
    assert isinstance(tree, dict)
    children = {name: value for name, value in tree.items() if name[0] != "@"}
    assert list(children) == ["B", "A", "C"]
    assert children["B"] == [None, "1"]
    assert children["A"] == [{"@i:type": "t", "#text": " x "}]
    assert children["C"] == [{"D": [None]}]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a&#x1B;[31mb", "a\x1b[31mb"),
        ("a&#27;b", "a\x1bb"),
        ("\x1b&#x1b;\x00&#0;", "\x1b\x1b\x00\x00"),
        ("&#xFFFF;\ufffe&#xD800;", "\ufffd\ufffd\ufffd"),
        ("&#x1B;&#x41;&#10;&amp;&lt;", "\x1bA\n&<"),
    ],
)
def test_characters_xml_forbids_are_read(written: str, read: str) -> None:
    body = f"<E><Code>{written}</Code></E>".encode()
    assert codecs.decode(models.OperationError, body, root="E").code == read
    with pytest.raises(ET.ParseError):
        ET.fromstring(body)  # noqa: S314 - a body of our own


def test_control_characters_make_no_markup() -> None:
    for body in (b"<E><a\x01/></E>", b"<\x00E/>", b"<E \x1b=''/>", b"<E></E\x02>"):
        with pytest.raises(ProtocolError):
            xml.parse(body)


# --- what is written ---------------------------------------------------------------------------------------


@given(text=strategies.xml_texts)
def test_text_is_read_back_exactly_here_and_elsewhere(text: str) -> None:
    body = xml.write("E", xml.render("Code", xml.text(text)))
    assert xml.parse(body)[1] == {"Code": [text or None]}
    # An independent parser reads the same.
    (child,) = ET.fromstring(body)  # noqa: S314 - a body of our own
    assert child.tag == f"{{{xml.NAMESPACE}}}Code"
    assert (child.text or "") == text


@given(text=strategies.forbidden_texts)
def test_text_xml_forbids_is_never_written(text: str) -> None:
    with pytest.raises(ValueError, match="can't be written in XML"):
        xml.text(text)
    with pytest.raises(ValueError, match=r"U\+D800 can't"):
        xml.text("\ud800")


def test_a_document_is_written_as_the_service_does() -> None:
    assert xml.write("HostedServices", "") == f"<HostedServices {SERVICE}/>".encode()
    assert xml.write("E", xml.render("A", "")) == f"<E {SERVICE}><A/></E>".encode()
    assert xml.render("A", "x", xml.attribute("i:type", 'a"<b')) == '<A i:type="a&quot;&lt;b">x</A>'


def test_names_of_elements() -> None:
    assert xml.name("LogicalDiskSizeInGB") == "LogicalDiskSizeInGB"
    for wrong in ("", "1a", "a b", "a>", "-a", "a:b", "a\n"):
        with pytest.raises(ValueError, match="no name of an element"):
            xml.name(wrong)
