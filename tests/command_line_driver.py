"""Commands run for tests: in this process, or as a process at a terminal of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from azure_iaas.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

    from azure_iaas.emulator import LocalService

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT_SECONDS = 60.0


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class Commands:
    """Runs commands against a local service; the options that lead there are added.

    Attributes:
        service: the service.
        options: the options.
    """

    def __init__(self, service: LocalService, capsys: pytest.CaptureFixture[str]) -> None:
        self.service = service
        self.options = ["--subscription", service.subscription_id, "--host", f"{service.host}:{service.port}"]
        self.options += ["--ca", str(service.ca_file), "--key", str(service.key_file)]
        self.options += ["--cert", str(service.cert_file)]
        self._capsys = capsys

    def __call__(self, *words: str) -> Ended:
        self._capsys.readouterr()
        code = main([*words, *self.options])
        return Ended(code, *self._capsys.readouterr())

    def process(self, *words: str, **more: Any) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "azure_iaas", *words, *self.options],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **more,
        )

    @contextmanager
    def at_terminal(self, *words: str, columns: int = 200) -> Iterator[Terminal]:
        terminal = Terminal([sys.executable, "-m", "azure_iaas", *words, *self.options], columns)
        try:
            yield terminal
        finally:
            terminal.close()


class Terminal:
    """A process at a pseudo-terminal of its own, all three streams of it."""

    def __init__(self, command: list[str], columns: int) -> None:
        import fcntl  # noqa: PLC0415 - not on Windows
        import pty  # noqa: PLC0415 - as above
        import struct  # noqa: PLC0415 - as above
        import termios  # noqa: PLC0415 - as above

        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        environment = {
            name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")
        }
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment, "TERM": "xterm-256color"},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # so that Ctrl-C is a signal  # noqa: PLW1509
        )
        os.close(theirs)
        self.shown = ""
        self._more = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while True:
            try:
                chunk = os.read(self._ours, 65536)
            except OSError:  # Linux: nobody has the other end any more
                chunk = b""
            with self._more:
                self.shown += chunk.decode(errors="replace")
                self._ended = not chunk
                self._more.notify_all()
            if not chunk:
                return

    def wait_for(self, text: str) -> None:
        with self._more:
            seen = self._more.wait_for(lambda: text in self.shown or self._ended, TIMEOUT_SECONDS)
        assert seen, self.shown
        assert text in self.shown, self.shown

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def ended(self) -> int:
        code = self._process.wait(TIMEOUT_SECONDS)
        self._reader.join(TIMEOUT_SECONDS)
        return code

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(TIMEOUT_SECONDS)
        os.close(self._ours)
