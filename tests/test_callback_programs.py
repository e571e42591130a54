"""Whole programs with callbacks: how they end, and with which exit code."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from azure_iaas.emulator import LocalService
from tests import soak

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = soak.number(10, 100)
CALLS = soak.number(100, 300)
SAMPLE = ROOT / "examples" / "create_deployment_callbacks.py"

PRELUDE = '''
import os, signal, sys, threading, time
import anyio
import azure_iaas.callback as azure
from azure_iaas.wire.messages import RawResponse

XML = b'<HostedServices xmlns="http://schemas.microsoft.com/windowsazure"/>'


class Sender:
    """Answers after the seconds it was made with."""

    def __init__(self, seconds):
        self.seconds = seconds

    async def send(self, request):
        await anyio.sleep(self.seconds)
        return RawResponse(200, {"x-ms-request-id": "1" * 32, "content-type": "application/xml"}, XML)


def service(seconds=0.05, **options):
    return azure.createServiceManagementService("sub", transport=Sender(seconds), **options)


def say(*words):
    print(*words, flush=True)


def called(rsp):
    say("called", rsp.isSuccessful, time.monotonic())

'''


# What asyncio's debug mode says on a busy machine.
SLOW_STEP = re.compile(r"Executing .* took \d+\.\d+ seconds$")


class Ended:
    """How a program ended."""

    def __init__(self, process: subprocess.CompletedProcess[str], ended: float, took: float) -> None:
        self.code = process.returncode
        self.out = process.stdout
        self.err = "".join(line for line in process.stderr.splitlines(True) if not SLOW_STEP.match(line))
        self.ended = ended
        self.took = took

    @property
    def callbacks(self) -> int:
        return self.out.count("called")

    @property
    def seconds_after_last(self) -> float:
        return self.ended - max(float(line.split()[-1]) for line in self.out.splitlines() if "called" in line)

    def __repr__(self) -> str:
        return f"exit code {self.code} after {self.took:.2f} s\n{self.out}\n{self.err}"


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLIENT_AUTH_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONASYNCIODEBUG": "1"}


def run(program: str, *, arguments: tuple[str, ...] = ("-X", "dev", "-W", "error")) -> Ended:
    began = time.monotonic()
    process = subprocess.run(
        [sys.executable, *arguments, "-c", PRELUDE + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(),
    )
    now = time.monotonic()
    return Ended(process, now, now - began)


def clean(ended: Ended) -> bool:
    """Nothing of what goes wrong at the end of programs with threads was said."""
    signs = ("ResourceWarning", "loop is closed", "never awaited", "never retrieved", "Fatal", "shutdown")
    return not any(sign in ended.err for sign in signs)


ENDINGS = {
    "falls off its end": ("", 0),
    "calls sys.exit": ("sys.exit(0)", 0),
    "ends with a failure of its own": ("sys.exit(7)", 7),
    "breaks": ("raise ValueError('own')", 1),
    "drains": ("iaas.drain()", 0),
    "closes": ("iaas.close()", 0),
}


def program_with_pending_calls(seed: int) -> tuple[str, int, int]:
    """A program, how many callbacks it has, and its exit code."""
    numbers = random.Random(seed)
    calls, services, depth = numbers.randrange(1, 6), numbers.randrange(1, 4), numbers.randrange(0, 3)
    ending, code = ENDINGS[numbers.choice(sorted(ENDINGS))]
    timer = numbers.random() < 0.5
    program = f"""
    def nested(left):
        def back(rsp):
            called(rsp)
            if left:
                iaas.ListHostedServices(nested(left - 1))
        return back

    for _ in range({services}):
        iaas = service({numbers.choice([0, 0.01, 0.2])})
        for _ in range({calls}):
            iaas.ListHostedServices(nested({depth}))
    if {timer}:
        iaas.SetTimeout(lambda: iaas.ListHostedServices(called), 100)
    {ending}
    """
    return program, services * calls * (depth + 1) + timer, code


@pytest.mark.timeout(300)
def test_programs_with_pending_callbacks(tell: Callable[[str], None]) -> None:
    def one(seed: int) -> tuple[int, Ended]:
        program, callbacks, code = program_with_pending_calls(seed)
        ended = run(program, arguments=("-W", "error"))
        assert ended.callbacks == callbacks, (program, ended)
        assert ended.code == code, (program, ended)
        assert clean(ended), (program, ended)
        assert code or not ended.err, (program, ended)
        return callbacks, ended

    began = time.monotonic()
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(one, range(PROGRAMS)))
    slowest = max(ended.seconds_after_last for _, ended in results)
    tell(
        f"{PROGRAMS} programs, {sum(calls for calls, _ in results)} callbacks,"
        f" {time.monotonic() - began:.0f} s; ended at most {slowest:.2f} s after the last callback"
    )


def test_the_bound_is_kept_and_what_was_lost_is_named() -> None:
    ended = run(
        """
        iaas = service(30, drain_timeout_seconds=0.3)
        iaas.CreateHostedService("sampleService2", lambda rsp: say("called", rsp.error.Code, 0))
        iaas.GetRole("svc", "dep", "role", lambda rsp: say("called", rsp.error.Code, 0))
        quick = service(0.01, drain_timeout_seconds=5)
        quick.ListHostedServices(called)
        """
    )
    assert ended.code == 1, ended
    assert "CreateHostedService(sampleService2), GetRole(svc, dep, role) were cut off" in ended.err
    assert ended.callbacks == 3
    assert "OutcomeUnknownError" in ended.out
    assert clean(ended)
    assert ended.took < 25  # the answers would come after 30


def test_a_callback_that_never_returns_does_not_keep_the_program() -> None:
    ended = run(
        """
        import atexit
        atexit.register(say, "exit handler")
        iaas = service(0.01, drain_timeout_seconds=0.3)
        iaas.ListHostedServices(lambda rsp: time.sleep(1000))
        iaas.GetRole("svc", "dep", "role", called)
        """
    )
    assert ended.code == 1, ended
    assert "ListHostedServices(), GetRole(svc, dep, role) were cut off" in ended.err
    assert "exit handler" in ended.out


def test_a_raising_callback_shows_in_the_exit_code() -> None:
    ended = run(
        """
        import atexit, logging
        atexit.register(say, "an exit handler registered early")
        iaas = service()
        def wrong(rsp):
            raise ValueError("mine")
        iaas.ListHostedServices(wrong)
        iaas.ListHostedServices(called)
        atexit.register(say, "and one registered late")
        """
    )
    assert ended.code == 1, ended
    assert ended.err.count("ValueError: mine") == 1
    assert ended.callbacks == 1
    assert ended.out.count("exit handler") == 1
    assert ended.out.count("one registered late") == 1
    assert clean(ended)


@pytest.mark.parametrize(
    ("raised", "code"), [("SystemExit(5)", 5), ("SystemExit()", 0), ("KeyboardInterrupt", 130)]
)
def test_a_callback_may_end_the_program(raised: str, code: int) -> None:
    ended = run(
        f"""
        iaas = service(0.01)
        def end(rsp):
            raise {raised}
        iaas.ListHostedServices(end)
        service(30).ListHostedServices(called)
        """
    )
    assert ended.code == code, ended
    assert ended.callbacks == 0
    assert "ListHostedServices() was cut off" in ended.err
    assert "Traceback" not in ended.err
    assert ended.took < 25  # the second answer would come after 30


INTERRUPTED = {
    "in the main program": "iaas.ListHostedServices(called); say('ready'); time.sleep(60)",
    "at the end of the program": "iaas.ListHostedServices(called); say('ready')",
    "in drain": "iaas.ListHostedServices(called); say('ready'); iaas.drain()",
    "in a block": "with iaas: iaas.ListHostedServices(called); say('ready'); time.sleep(60)",
    "at the end of a block": """\
with iaas: iaas.ListHostedServices(called); say('ready')""",
    "in a callback": "service(0.01).ListHostedServices(lambda rsp: (say('ready'), time.sleep(60)))",
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("where", INTERRUPTED)
def test_ctrl_c_ends_the_program(where: str) -> None:
    program = f"iaas = service(60)\n{INTERRUPTED[where]}\n"
    with subprocess.Popen(
        [sys.executable, "-X", "dev", "-W", "error", "-c", PRELUDE + program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)  # so that it is where it is to be interrupted, not on its way there
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=50)  # the answer would come after 60
    assert process.returncode in (130, -signal.SIGINT), err
    assert "cut off" in err
    assert "loop is closed" not in err
    if where != "in a callback":
        assert out.count("called False") == 1


def test_ctrl_c_before_the_wait_at_the_end_begins_is_not_forgotten() -> None:
    ended = run(
        """
        def interrupted():
            raise KeyboardInterrupt
        iaas = service(30)
        iaas.ListHostedServices(called)
        threading._register_atexit(interrupted)
        """
    )
    assert ended.code == 130, ended
    assert ended.callbacks == 1
    assert "ListHostedServices() was cut off" in ended.err
    assert ended.took < 25  # the answer would come after 30


@pytest.mark.parametrize(("wrong", "code"), [("raise ValueError('mine')", 1), ("pass", 0)])
def test_an_interpreter_without_the_inside_of_cpython_does_what_it_can(wrong: str, code: int) -> None:
    program = f"""
    import atexit
    iaas = service(0.05)
    def back(rsp):
        called(rsp)
        {wrong}
    iaas.ListHostedServices(back)
    atexit.register(say, "an exit handler of one's own")
    print("not flushed", end="")
    """
    missing = """
import sys, threading
import anyio, httpx, pydantic, concurrent.futures.thread
del threading._register_atexit
sys.implementation.name = "other"
"""
    process = subprocess.run(
        [sys.executable, "-W", "error", "-c", missing + PRELUDE + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(),
    )
    ended = Ended(process, 0, 0)
    assert ended.code == code, ended
    assert ended.callbacks == 1
    assert "an exit handler of one's own" in ended.out
    assert "not flushed" in ended.out
    assert clean(ended)


def test_threads_of_ones_own_may_still_call_while_the_program_ends() -> None:
    ended = run(
        """
        iaas = service(0.05)
        iaas.ListHostedServices(called)
        def later():
            time.sleep(0.3)
            iaas.ListHostedServices(called)
        threading.Thread(target=later).start()
        """
    )
    assert ended.code == 0, ended
    assert ended.callbacks == 2
    assert clean(ended)
    assert not ended.err


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_forked_child_does_not_wait_for_its_parents_calls() -> None:
    ended = run(
        """
        import warnings
        warnings.simplefilter("ignore", DeprecationWarning)
        iaas = service(0.5)
        iaas.ListHostedServices(called)
        child = os.fork()
        if not child:
            try:
                iaas.ListHostedServices(called)
            except RuntimeError as exc:
                say("refused", exc)
            mine = service(0.01)
            mine.ListHostedServices(lambda rsp: say("child"))
            mine.drain(5)
            sys.exit(0)
        say("child's exit code", os.waitpid(child, 0)[1])
        """
    )
    assert ended.code == 0, ended
    assert ended.callbacks == 1
    assert "refused" in ended.out
    assert "child's exit code 0" in ended.out


# --- the documented sample, against the local service ------------------------------------------------------


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def run_sample(folder: Path, service: LocalService, *more: str) -> Ended:
    began = time.monotonic()
    process = subprocess.run(
        [
            *(sys.executable, "-X", "dev", "-W", "error", str(SAMPLE)),
            *("--host", f"localhost:{service.port}", "--ca", str(service.ca_file)),
            *("--poll-period", "100", *more),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(),
    )
    now = time.monotonic()
    return Ended(process, now, now - began)


def test_the_sample_runs_from_a_folder_with_nothing_but_the_certificate(certificates: Path) -> None:
    async def main() -> tuple[Ended, Ended]:
        async with LocalService(speed=60, strict=True) as service:
            shutil.copy(str(service.key_file), certificates / "priv.pem")
            shutil.copy(str(service.cert_file), certificates / "pub.pem")
            first = await anyio.to_thread.run_sync(run_sample, certificates, service)
            second = await anyio.to_thread.run_sync(run_sample, certificates, service)
            return first, second

    first, second = anyio.run(main)
    assert first.code == 0, first
    assert first.out.startswith("Polling.")
    assert first.out.rstrip("\n").endswith("Succeeded\nHTTP Status: 200")
    assert not first.err
    # The names are taken now.
    assert second.code == 0, second
    assert second.out.splitlines()[:3] == [
        "There was an error response from the service",
        "status code=409",
        "Error Code=ConflictError",
    ]
    assert not second.err


def test_the_sample_says_why_a_wrong_certificate_is_refused(certificates: Path) -> None:
    async def main() -> Ended:
        async with LocalService(speed=60) as service, LocalService(certificates.parent / "other") as other:
            shutil.copy(str(other.key_file), certificates / "priv.pem")
            shutil.copy(str(other.cert_file), certificates / "pub.pem")
            return await anyio.to_thread.run_sync(run_sample, certificates, service)

    ended = anyio.run(main)
    assert ended.code == 0, ended
    said = dict(line.split("=", 1) for line in ended.out.splitlines() if "=" in line)
    assert said["status code"] == "403"
    assert said["Error Code"] == "ForbiddenError"
    assert said["Error Message"]
    assert not ended.err


def test_names_are_looked_up_while_the_program_ends() -> None:
    async def main() -> Ended:
        async with LocalService() as service:
            auth = {"keyfile": str(service.key_file), "certfile": str(service.cert_file)}
            options = {"host": "localhost", "port": service.port, "ca": str(service.ca_file)}
            make = f"azure.createServiceManagementService({service.subscription_id!r}, {auth}, {options})"
            program = f"""
            def nested(rsp):
                called(rsp)
                threading.Thread(target=lambda: None).start()
                {make}.ListHostedServices(called)
            def later():
                time.sleep(0.5)
                {make}.ListHostedServices(called)
                {make}.ListHostedServices(called)
            threading.Thread(target=later).start()
            {make}.ListHostedServices(called)
            starts_no_threads = (3, 12) <= sys.version_info < (3, 12, 2)
            {make}.ListHostedServices(called if starts_no_threads else nested)
            """
            return await anyio.to_thread.run_sync(run, program)

    ended = anyio.run(main)
    assert ended.out.count("called True") >= 4, ended
    assert "called False" not in ended.out
    assert ended.code == 0, ended
    assert not ended.err


def test_calls_over_tls_under_faults_call_back_once_each(tell: Callable[[str], None]) -> None:
    from azure_iaas.callback import createServiceManagementService  # noqa: PLC0415
    from azure_iaas.endpoint import injected_faults as faults  # noqa: PLC0415

    kinds: list[Any] = [
        faults.Refuse(503),
        faults.Refuse(500),
        faults.HTMLPage(),
        faults.HTMLPage(200),
        faults.TruncateBody(),
        faults.DropBeforeHandler(),
        faults.DropAfterHandler(),
    ]
    plan = faults.FaultPlan(*(faults.Rule(kind, times=None, probability=0.08) for kind in kinds), seed=11)
    called: dict[int, int] = {}
    codes: dict[str, int] = {}

    def work(service: LocalService) -> None:
        auth = {"keyfile": str(service.key_file), "certfile": str(service.cert_file)}
        options = {"host": service.host, "port": service.port, "ca": str(service.ca_file)}
        with createServiceManagementService(
            service.subscription_id, auth, options, random=lambda: 0.0
        ) as iaas:
            for number in range(CALLS):

                def back(rsp: Any, number: int = number) -> None:
                    called[number] = called.get(number, 0) + 1
                    code = rsp.error.Code if rsp.error else "success"
                    codes[code] = codes.get(code, 0) + 1

                if number % 2:
                    iaas.ListHostedServices(back)
                else:
                    iaas.CreateHostedService(f"service{number}", back)

    async def main() -> None:
        async with LocalService(faults=plan) as service:
            await anyio.to_thread.run_sync(work, service)

    anyio.run(main)
    tell(f"{CALLS} calls over TLS under faults: {codes}")
    assert called == dict.fromkeys(range(CALLS), 1)
    assert {"success", "OutcomeUnknownError"} <= codes.keys()
