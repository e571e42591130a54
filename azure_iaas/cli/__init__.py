"""The ``azure-iaas`` command line."""
