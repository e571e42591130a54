"""Blocking work: its thread ends with it, and never keeps a program that has ended."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from azure_iaas.threads import in_thread, threadless
from tests.transport_peers import certificate

ROOT = Path(__file__).resolve().parents[1]


def ours() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "azure_iaas blocking work"]


@pytest.mark.anyio
async def test_work_is_done_elsewhere_and_nothing_is_left() -> None:
    assert await in_thread(threading.get_ident) != threading.get_ident()
    assert ours() == []


@pytest.mark.anyio
async def test_on_virtual_time_it_is_done_where_it_is() -> None:
    token = threadless.set(True)
    try:
        assert await in_thread(threading.get_ident) == threading.get_ident()
    finally:
        threadless.reset(token)


@pytest.mark.anyio
async def test_what_it_raises_is_raised() -> None:
    def fail() -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        await in_thread(fail)


@pytest.mark.anyio
async def test_a_cancelled_caller_waits_for_its_end() -> None:
    began, go_on = threading.Event(), threading.Event()
    ended: list[bool] = []

    def work() -> None:
        began.set()
        ended.append(go_on.wait(60))

    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(in_thread, work)
            while not began.is_set():
                await anyio.lowlevel.checkpoint()
            scope.cancel()
            go_on.set()
    assert ended == [True]


@pytest.mark.anyio
@pytest.mark.parametrize("may_hang", [True, False])
async def test_a_caller_that_abandons_leaves_at_once(may_hang: bool) -> None:
    began, go_on = threading.Event(), threading.Event()

    async def wait() -> None:
        await in_thread(lambda: began.set() or go_on.wait(60), abandon=True, may_hang=may_hang)  # type: ignore[func-returns-value]

    with anyio.CancelScope() as scope:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            while not began.is_set():
                await anyio.lowlevel.checkpoint()
            scope.cancel()
    assert [each.daemon for each in ours()] == [may_hang]
    go_on.set()
    for each in ours():
        each.join(60)


@pytest.mark.anyio
async def test_without_threads_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert await in_thread(threading.get_ident) == threading.get_ident()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_program_that_ends_while_an_answer_is_read_ends_as_it_wants(backend: str) -> None:
    # Answers are read by code that is Rust's too, in which no thread may be stopped: the process was aborted.
    program = f"""\
import threading
from typing import Annotated
import anyio, anyio.lowlevel
from pydantic import AfterValidator, TypeAdapter
from azure_iaas.threads import in_thread
began = threading.Event()
def check(value):
    began.set()
    return value
whole = TypeAdapter(list[Annotated[int, AfterValidator(check)]])
numbers = list(range(300_000))
async def main():
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: in_thread(lambda: whole.validate_python(numbers), abandon=True))
        while not began.is_set():
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
anyio.run(main, backend={backend!r})
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False, cwd=ROOT
    )
    assert ended.returncode == 0, ended.stderr


OPENED = {
    "a client": 'ServiceManagementClient("sub", CERTIFICATE, host="localhost:1")',
    "the local service": "LocalService()",
    "a journal": "journal()",
}


@pytest.mark.parametrize("what", OPENED)
@pytest.mark.parametrize(
    "runner", ["asyncio.run(asyncio.wait_for(main(), 60))", "anyio.run(main, backend='trio')"]
)
def test_a_program_left_by_sys_exit_ends_with_its_exit_code(what: str, runner: str, tmp_path: Path) -> None:
    pair = certificate()
    (tmp_path / "both.pem").write_text(f"{pair.key_pem}\n{pair.certificate_pem}\n")
    program = f"""\
import asyncio, contextlib, sys
import anyio
from azure_iaas import ServiceManagementClient
from azure_iaas.emulator import LocalService
from azure_iaas.provisioning.progress.journal import blocking
CERTIFICATE = {str(tmp_path / "both.pem")!r}
@contextlib.asynccontextmanager
async def journal():
    await blocking(int)
    yield
async def main():
    async with {OPENED[what]}:
        sys.exit(3)
{runner}
"""
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,  # it hung for ever
        check=False,
        cwd=ROOT,
    )
    assert ended.returncode == 3, ended.stderr
