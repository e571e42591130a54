"""Coverage-guided fuzzing with atheris (``nox -s fuzz``)::

    python -m tools.fuzz answers -runs=100000

After the harness's name (``answers``, ``requests``, ``journal``) come libFuzzer's own options. Whatever
leaves a harness ends the run and is kept in a file ``crash-...``; it becomes a test.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["azure_iaas"]):
    from tools.fuzz.harnesses import HARNESSES, seeds


def main() -> None:
    program, *arguments = sys.argv
    if not arguments or arguments[0] not in HARNESSES:
        sys.exit(f"give one of {', '.join(HARNESSES)}, and options of libFuzzer")
    name, *options = arguments
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(name)):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([program, *options, folder], HARNESSES[name]())
        atheris.Fuzz()


if __name__ == "__main__":
    main()
