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
    if not isinstance(tree, dict):
        return
    known = plan_of(cls)
    positions = {field.attribute: index for index, field in enumerate(known.orders[dialect])}
    reached = -1
    for name, trees in tree.items():
        if name[0] in "@#":
            continue
        field = known.by_name.get(name)
        position = positions.get(field.attribute) if field else None
        if field is None or position is None:
            yield name, "unknown"
            continue
        if position < reached:
            yield name, "out of order"
            continue
        reached = position
        if field.model is not None:
            yield from _misplaced_below(name, trees, field, dialect)


def _misplaced_below(
    name: str, trees: list[Any], field: FieldPlan, dialect: Dialect
) -> Iterator[tuple[str, str]]:
    item_names = (field.item, field.ga_item) if field.item else ()
    for tree in trees:
        nodes = [tree] if not field.item else []
        if field.item and isinstance(tree, dict):
            for key, values in tree.items():
                if key in item_names:
                    nodes += values
                elif key[0] not in "@#":
                    yield f"{name}.{key}", "unknown"
        for node in nodes:
            if field.model is ConfigurationSet:
                cls: type[AzureModel] = set_class(node) if isinstance(node, dict) else ConfigurationSet
            else:
                cls = field.model or AzureModel
            for path, problem in misplaced(cls, node, dialect):
                yield f"{name}.{path}", problem


def prune(cls: type[AzureModel], tree: Any, dialect: Dialect) -> Any:
    """``tree`` without the elements the service would skip for coming too late; unknown ones stay."""
    late = {path for path, problem in misplaced(cls, tree, dialect) if problem == "out of order"}
    return _without(tree, late, "") if late else tree


def _without(tree: Any, late: set[str], prefix: str) -> Any:
    if not isinstance(tree, dict):
        return tree
    out: dict[str, Any] = {}
    for name, value in tree.items():
        path = f"{prefix}{name}"
        if path in late:
            continue
        below = isinstance(value, list)
        out[name] = [_without(each, late, f"{path}.") for each in value] if below else value
    return out
