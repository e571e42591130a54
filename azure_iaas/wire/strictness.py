"""Which elements of a request the service would skip.

The service's reader walks the members of an object in order and skips what comes too late, and what it
doesn't know, without an error ("Rules", protocol chapter 3). A strict local service refuses them instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure_iaas.models import AzureModel, ConfigurationSet
from azure_iaas.wire import dialects
from azure_iaas.wire.codecs import plan as plan_of
from azure_iaas.wire.codecs import set_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from azure_iaas.wire.codecs import FieldPlan
    from azure_iaas.wire.dialects import Dialect


def speaks_preview(tree: Any) -> bool:
    """Whether a document's tree holds a name only the preview dialect has."""
    if isinstance(tree, list):
        return any(speaks_preview(item) for item in tree)
    if not isinstance(tree, dict):
        return False
    return any(
        name in dialects.PREVIEW_ONLY or speaks_preview(value)
        for name, value in tree.items()
        if name[0] not in "@#"
    )


def misplaced(cls: type[AzureModel], tree: Any, dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Every element of ``tree`` the service would skip: its path, and ``unknown`` or ``out of order``."""
    found: list[tuple[str, str]] = []
    _sift(cls, tree, dialect, "", found)
    yield from found


def prune(cls: type[AzureModel], tree: Any, dialect: Dialect) -> Any:
    """``tree`` without the elements the service would skip for coming too late; unknown ones stay."""
    return _sift(cls, tree, dialect, "", [])


def _sift(cls: type[AzureModel], tree: Any, dialect: Dialect, path: str, found: list[tuple[str, str]]) -> Any:
    """``tree`` without what comes too late; what the service would skip is added to ``found``."""
    if not isinstance(tree, dict):
        return tree
    known = plan_of(cls)
    positions = {field.attribute: index for index, field in enumerate(known.orders[dialect])}
    reached = -1
    kept: dict[str, Any] = {}
    for name, trees in tree.items():
        if name[0] in "@#":
            kept[name] = trees
            continue
        field = known.by_name.get(name)
        position = positions.get(field.attribute) if field else None
        if field is None or position is None:
            found.append((f"{path}{name}", "unknown"))
            kept[name] = trees
        elif position < reached:
            found.append((f"{path}{name}", "out of order"))
        else:
            reached = position
            kept[name] = [_sift_field(field, each, dialect, f"{path}{name}.", found) for each in trees]
    return kept


def _sift_field(
    field: FieldPlan, tree: Any, dialect: Dialect, path: str, found: list[tuple[str, str]]
) -> Any:
    if not field.item:
        return _sift_object(field, tree, dialect, path, found)
    if not isinstance(tree, dict):
        return tree
    kept: dict[str, Any] = {}
    for name, items in tree.items():
        if name[0] in "@#":
            kept[name] = items
        elif name in (field.item, field.ga_item):
            kept[name] = [_sift_object(field, item, dialect, path, found) for item in items]
        else:
            found.append((f"{path}{name}", "unknown"))
            kept[name] = items
    return kept


def _sift_object(
    field: FieldPlan, tree: Any, dialect: Dialect, path: str, found: list[tuple[str, str]]
) -> Any:
    if field.model is None:
        return tree
    cls = field.model
    if cls is ConfigurationSet and isinstance(tree, dict):
        cls = set_class(tree)
    return _sift(cls, tree, dialect, path, found)
