"""What commands print: every form of every kind of value, and nothing secret."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
import yaml

from azure_iaas.cli.main import main
from azure_iaas.cli.output import MASKED, Form, Output, plain
from azure_iaas.models import (
    HostedService,
    OperationStatus,
    OSDisk,
    ProvisioningConfiguration,
    StorageService,
    VMRole,
)
from azure_iaas.models.subscriptions import OperationParameter
from azure_iaas.wire import codecs
from tests.command_line_driver import ROOT

CANARY = "Canary-4711-Secret"
FORMS: tuple[Form, ...] = ("table", "json", "yaml", "tsv")


def printed(
    capsys: pytest.CaptureFixture[str], form: Form, value: Any, *columns: str, query: str | None = None
) -> str:
    Output(form, query).show(value, columns)
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "value",
    [None, [], {}, "text", 3, True, [1, 2], {"a": None}, [{}], [[1, 2], [3]], {"a": {"b": [{"c": 1}]}}],
)
def test_every_kind_of_value_has_every_form(
    form: Form, value: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(capsys, form, value)
    if form == "json":
        assert json.loads(out) == value
    if form == "yaml":
        assert yaml.safe_load(out) == value


def test_names_are_the_documented_ones_and_what_was_not_said_is_left_out() -> None:
    role = VMRole(role_name="web1", os_disk=OSDisk(disk_name="d"))
    assert plain(role) == {"RoleName": "web1", "OSDisk": {"DiskName": "d"}}
    body = b"<Disk><Name>d</Name><CreatedTime>2014-05-06T07:08:09Z</CreatedTime></Disk>"
    from azure_iaas.models import Disk  # noqa: PLC0415

    assert plain(codecs.decode(Disk, body, root="Disk")) == {
        "Name": "d",
        "CreatedTime": "2014-05-06T07:08:09Z",
    }


def test_tables_and_lines_of_a_list_show_the_columns_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    services = [
        HostedService.model_validate(
            {"ServiceName": name, "Url": "https://x", "HostedServiceProperties": {"Location": "West US"}}
        )
        for name in ("shop", "a longer name")
    ]
    columns = ("ServiceName", "HostedServiceProperties.Location", "HostedServiceProperties.Status")
    assert printed(capsys, "tsv", services, *columns) == "shop\tWest US\t\na longer name\tWest US\t\n"
    table = [line.rstrip() for line in printed(capsys, "table", services, *columns).splitlines()]
    assert table == ["ServiceName    Location", "shop           West US", "a longer name  West US"]


def test_ways_in_a_table_are_queries(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"A": {"B": [{"C": "deep"}]}, "Empty": ""}
    table = printed(capsys, "table", value)
    assert table.split() == ["A.B[0].C", "deep"]
    assert printed(capsys, "tsv", value, query="A.B[0].C") == "deep\n"


@pytest.mark.parametrize("form", FORMS)
def test_a_query_chooses_in_every_form(form: Form, capsys: pytest.CaptureFixture[str]) -> None:
    value = [{"Name": "a", "Size": 1}, {"Name": "b", "Size": 2}]
    out = printed(capsys, form, value, "Name", query="[?Size > `1`].Name | [0]")
    assert out.split() in (["b"], ['"b"'], ["b", "..."])


def test_no_secret_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    unknown = f"<SecretThing>{CANARY}</SecretThing><Other><MyPassword>{CANARY}</MyPassword></Other>"
    disk = f"<MediaLink>https://x/y.vhd?sv=1&amp;sig={CANARY}&amp;se=2</MediaLink>"
    body = f"<Role><RoleName>web1</RoleName><OSVirtualHardDisk>{disk}</OSVirtualHardDisk>{unknown}</Role>"
    values = [
        codecs.decode(VMRole, body.encode(), root="Role"),
        VMRole(configuration_sets=[ProvisioningConfiguration(admin_password=CANARY)]),
        StorageService.model_validate({"StorageServiceKeys": {"Primary": CANARY, "Secondary": CANARY}}),
        OperationParameter(name="input", value=CANARY),
    ]
    for form in FORMS:
        for value in values:
            out = printed(capsys, form, value) + printed(capsys, form, [value])
            assert CANARY not in out
    assert f"sig={MASKED}&se=2" in printed(capsys, "json", values[0])


def test_nothing_printed_moves_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    nasty = "a\x1b[2J\tb\nc [bold]d[/bold]\x9b2J"
    for form in ("table", "tsv"):
        out = printed(capsys, form, [nasty])
        assert out.strip() == r"a\x1b[2J\tb\nc [bold]d[/bold]\x9b2J"
    out = printed(capsys, "json", nasty)
    assert json.loads(out) == nasty
    for text in (out, printed(capsys, "yaml", nasty)):
        assert not {"\x1b", "\x9b"} & set(text)


def test_long_values_are_whole_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    long = "x" * 5000
    assert long in printed(capsys, "table", {"Name": long})
    assert long in printed(capsys, "yaml", {"Name": long})


def test_a_query_that_is_none_is_refused_before_anything_is_sent(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["location", "list", "--host", "127.0.0.1:1", "--subscription", "s", "--query"]
    for query in ("[", "'", "a b", "no_such_function(@)"):
        assert main([*words, query]) == 2 or query == "no_such_function(@)"
        assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "words"),
    [("rich", ["-o", "table"]), ("yaml", ["-o", "yaml"]), ("jmespath", ["-o", "json", "--query", "a"])],
)
def test_what_is_missing_is_said_before_anything_is_sent(module: str, words: list[str]) -> None:
    program = (
        "import sys, importlib.util as u\n"
        f"sys.modules[{module!r}] = None\n"
        "from azure_iaas.cli.main import main\n"
        "sys.exit(main(['location', 'list', '--subscription', 's', *sys.argv[1:]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'azure-iaas[cli]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_query_that_fails_in_what_was_read_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    import click  # noqa: PLC0415

    with pytest.raises(click.UsageError, match="--query: "):
        printed(capsys, "json", {"a": 1}, query="length(a)")


def test_a_status_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    status = OperationStatus(id="1", status="Succeeded", http_status_code=200)
    assert printed(capsys, "tsv", status) == "ID\t1\nStatus\tSucceeded\nHttpStatusCode\t200\n"
