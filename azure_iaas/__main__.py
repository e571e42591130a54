"""``python -m azure_iaas``: the same as ``azure-iaas``."""

import sys

from azure_iaas.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
