"""The documentation site: ``nox -s docs`` builds it into ``build/docs``; why so is decision 6."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import GoogleDocstring
from sphinx.util import logging

from azure_iaas import __version__

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "azure_iaas"
author = "The azure_iaas authors"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
html_theme = "furo"
html_title = f"azure_iaas {__version__}"
html_copy_source = False

# Links to headings are GitHub's, so that a page reads the same in the repository and here.
myst_heading_anchors = 4

# Docstrings write `name` for what the reference has an entry of.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True

suppress_warnings = [
    # A model may have a field `type`; where an annotation says `type`, Python's is meant.
    "ref.python",
]

PUBLIC: Final = {
    name: tuple(import_module(name).__all__)
    for name in (
        "azure_iaas",
        "azure_iaas.accounts",
        "azure_iaas.callback",
        "azure_iaas.client",
        "azure_iaas.emulator",
        "azure_iaas.models",
        "azure_iaas.provisioning",
    )
}
"""Names the reference must have, by package. Imported before Sphinx is at work: a package it imports first it
imports twice, as type checkers see it, which models don't survive."""


def read_docstring(  # noqa: PLR0917 - as Sphinx calls it
    app: Sphinx, what: str, name: str, obj: object, options: dict[str, Any], lines: list[str]
) -> None:
    """Turn the Google style into fields.

    What the extension napoleon does, but for attributes: it takes a sentence with a colon for a type.
    """
    kind = "object" if what in {"attribute", "property"} else what
    config = Config(napoleon_use_ivar=True)
    lines[:] = GoogleDocstring(lines, config, app, kind, name, obj, options).lines()


def is_everything_there(_: Sphinx, environment: BuildEnvironment) -> None:
    """Warn of public names without an entry, which ends a strict build."""
    entries = environment.domains.python_domain.objects
    for package, names in PUBLIC.items():
        for name in names:
            ends = (entry for entry in entries if entry.endswith(f".{name}"))
            if not name.startswith("_") and not any(entry.startswith(f"{package}.") for entry in ends):
                logging.getLogger(__name__).warning("%s.%s isn't in the reference", package, name)


def setup(app: Sphinx) -> None:
    """Connect the above."""
    app.connect("autodoc-process-docstring", read_docstring)
    app.connect("env-check-consistency", is_everything_there)
