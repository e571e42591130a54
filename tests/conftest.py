"""Fixtures every test module may use."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

# The machines tests run on differ in speed: a time limit per example would fail at random. Examples that
# failed are kept in the tests themselves, not in a folder beside the sources.
settings.register_profile(
    "project",
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")

# A run started in the background ignores Ctrl-C, and so would the programs that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What the user of this machine has chosen must not decide what tests do.
os.environ["AZURE_IAAS_CONFIG_DIR"] = str(Path(__file__).parent / "no-profiles")
os.environ.pop("AZURE_IAAS_PROFILE", None)

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Run every ``anyio`` test on both runtimes."""
    return str(request.param)


@pytest.fixture(scope="session")
def corpus() -> list[dict[str, Any]]:
    """Give the recorded exchanges of the real service; they aren't part of this repository."""
    file = CORPUS / "exchanges.jsonl"
    if not file.exists():
        pytest.skip(f"no recorded exchanges: {file} is absent")
    with file.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


FINDINGS = pytest.StashKey[list[str]]()


@pytest.fixture
def tell(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Take a line to show below the results: how many cases of a data set a test went through."""
    return pytestconfig.stash.setdefault(FINDINGS, []).append


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Use several processes for folders of tests; a file or a test alone is quicker, and debugged, in one.

    Tests often wait for a socket or another process: one worker more than there are cores keeps them busy.
    """
    return (os.cpu_count() or 1) + 1 if any(Path(argument).is_dir() for argument in config.args) else 0


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what tests told in a worker to the process that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["findings"] = session.config.stash.get(FINDINGS, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what tests told from a worker that ends; one that crashed has nothing to say."""
    findings = getattr(node, "workeroutput", {}).get("findings", [])
    node.config.stash.setdefault(FINDINGS, []).extend(findings)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests told."""
    for line in terminalreporter.config.stash.get(FINDINGS, []):
        terminalreporter.write_line(line)
