"""Where the tests of a module stand: in the file of its name, or in its package's, or where it says here."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

import azure_iaas

TESTS: Final = Path(__file__).parent
PACKAGE: Final = Path(azure_iaas.__file__).parent

ELSEWHERE: Final = {
    # The documented methods, and what is the matter of one service or of the process it runs in.
    "callback.api": "callback_methods",
    "callback.documented": "callback_methods",
    "callback.background": "callback_programs",
    "callback.exit_code": "callback_programs",
    "callback.reporting": "callback_programs",
    "callback.bound": "callback_service",
    "callback.host": "callback_service",
    "callback.jobs": "callback_service",
    # What is there before any command, and what all of them share, is seen through the program as a whole.
    "__main__": "cli_main",
    "cli.commands": "cli_main",
    "cli.connection": "cli_main",
    "cli.exit_codes": "cli_main",
    "cli.root": "cli_main",
    # The simulated subscription is tested by requests, as clients see it, and so are its resources' folders.
    "emulator": "emulator_service",
    "emulator.affinity_groups": "emulator_resources",
    "emulator.data_disks": "emulator_resources",
    "emulator.os_images": "emulator_resources",
    "emulator.reserved_ips": "emulator_resources",
    "emulator.storage_accounts": "emulator_resources",
    "emulator.vm_images": "emulator_resources",
    # An endpoint's parts are tested by what goes over the wire.
    "endpoint": "endpoint_backend",
    "endpoint.control_server": "endpoint_control",
    "endpoint.documents": "endpoint_hardening",
    "endpoint.http_errors": "endpoint_server",
    "endpoint.http_framing": "endpoint_hardening",
    "endpoint.memory": "emulator_local_service",
    "endpoint.refusals": "emulator_service",
    "endpoint.tls": "endpoint_server",
    # Which frames hold nothing is seen where errors leave the package.
    "frames": "secrets",
    # PEM text is what credentials are made of: each of its refusals is one of theirs.
    "pem": "credentials",
    # Publish settings are where credentials come from.
    "publish_settings": "credentials",
    # A run puts these together, and is tested as a whole.
    "provisioning": "provisioning_run",
    # Messages, dialects and JSON are forms of what the codecs read and write.
    "wire": "wire_codecs",
}
"""Modules and packages whose tests stand in files of other names."""
WITHOUT: Final = {"version": "holds one text"}
"""Modules without tests, and why."""
WHOLE: Final = (
    "cancellation",
    "code_blocks",
    "corpus_responses",
    "extras",
    "counted_work",
    "foreign_clients",
    "friction",
    "fuzzing",
    "given_back",
    "imports",
    "layout",
    "links",
    "lost_answers",
    "mistakes",
    "notebook",
    "outage",
    "over_tls",
    "pages",
    "performance_page",
    "porting",
    "protocol_citations",
    "readme",
    "recorded_exchanges",
    "secrets",
    "typing",
    "vectors",
)
"""What test files are about that aren't about one module or package."""

FILES: Final = {path.stem.removeprefix("test_") for path in TESTS.glob("test_*.py")}
PARTS: Final = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
}
"""The package's modules and packages, without its own name."""
MODULES: Final = sorted(part for part in PARTS if not (PACKAGE / part.replace(".", "/")).is_dir())


def names(part: str) -> set[str]:
    """What a file of a module's tests may be called; folders between package and module may be left out."""
    steps = part.split(".")
    return {"_".join(steps), "_".join(dict.fromkeys((steps[0], steps[-1])))}


def own_file(part: str) -> str | None:
    return min(names(part) & FILES, default=None)


def file_of(module: str) -> str | None:
    """The test file of a module: its own, or that of the nearest package around it, or the one said above."""
    part = module
    while part:
        if file := own_file(part) or ELSEWHERE.get(part):
            return file
        part = part.rpartition(".")[0]
    return None


@pytest.mark.parametrize("module", [module for module in MODULES if module not in WITHOUT])
def test_a_module_has_its_tests(module: str) -> None:
    file = file_of(module)
    assert file is not None, f"no test file for {module}: test_{module.replace('.', '_')}.py"
    assert file in FILES


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_test_file_is_named_by_what_it_tests(file: str) -> None:
    about = {name for part in PARTS for name in names(part)} | set(WHOLE)
    assert any(file == name or file.startswith(f"{name}_") for name in about), (
        f"what is test_{file}.py about?"
    )


@pytest.mark.parametrize("part", [*ELSEWHERE, *WITHOUT])
def test_what_is_said_of_exceptions_is_needed(part: str) -> None:
    assert part in PARTS, "there is no such module"
    assert own_file(part) is None, f"it has tests of its own: test_{own_file(part)}.py"


@pytest.mark.parametrize("whole", WHOLE)
def test_what_is_about_the_whole_is_a_file(whole: str) -> None:
    assert any(file == whole or file.startswith(f"{whole}_") for file in FILES)
