"""``python -m azure_iaas.emulator``: the same as ``azure-iaas emulator``."""

from __future__ import annotations

import argparse
import sys

from azure_iaas.cli.emulator import add_arguments, run


def main() -> int:
    """Run the command with the process's arguments; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m azure_iaas.emulator")
    add_arguments(parser)
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
