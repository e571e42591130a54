"""``python -m azure_iaas.emulator``: the same as ``azure-iaas emulator``."""

from __future__ import annotations

import sys

from azure_iaas.cli.main import main

if __name__ == "__main__":
    sys.exit(main(["emulator", *sys.argv[1:]]))
