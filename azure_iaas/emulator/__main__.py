"""``python -m azure_iaas.emulator``: the same as ``azure-iaas emulator``."""

from __future__ import annotations

import argparse
import sys

from azure_iaas.cli.emulator import add_arguments, run

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m azure_iaas.emulator")
    add_arguments(parser)
    sys.exit(run(parser.parse_args()))
