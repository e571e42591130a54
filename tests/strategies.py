"""Hypothesis strategies for every data object, made from the fields themselves.

``models(cls)`` gives objects in the form in which they read back. Where the wire can't tell two forms apart,
only one of them is drawn:

- ``None`` isn't drawn for a field: an explicit None and an absent element are the same.
- Dates are aware and in UTC, whole microseconds.
- Unknown elements hold text, None, objects or lists of two and more: XML can't tell a list of one from its
  item, nor an empty text or object from None, nor a list within a list, nor numbers from text.
- A configuration set of no known kind has a type no known kind has.
- A list whose items stand without a container isn't empty when set.
"""

from __future__ import annotations

import types
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import SecretStr

from azure_iaas.models import AzureModel
from azure_iaas.models.documents import LoadBalancedEndpointList, RoleInstanceNames
from azure_iaas.models.roles import DataDisk, OSDisk
from azure_iaas.models.sets import (
    ConfigurationSet,
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
    ProvisioningConfiguration,
)

M = TypeVar("M", bound=AzureModel)

CONFIGURATION_SETS: tuple[type[ConfigurationSet], ...] = (
    ProvisioningConfiguration,
    LinuxProvisioningConfiguration,
    NetworkConfiguration,
)


def all_models() -> list[type[AzureModel]]:
    """Every data object and request document of the package, by name."""
    found: set[type[AzureModel]] = set()
    waiting: list[type[AzureModel]] = [AzureModel]
    while waiting:
        for cls in waiting.pop().__subclasses__():
            if cls not in found and cls.__module__.startswith("azure_iaas.models"):
                found.add(cls)
                waiting.append(cls)
    assert len(found) > 100
    return sorted((cls for cls in found if not cls.__name__.startswith("_")), key=lambda cls: cls.__name__)


FLAT_LISTS = (LoadBalancedEndpointList, RoleInstanceNames)
"""Documents whose items stand in the root itself."""
FORBIDDEN = "\x00\x01\x07\x08\x0b\x0c\x0e\x1b\x1f\ufffe\uffff"
"""Characters XML 1.0 forbids (surrogates apart, which no text holds)."""

xml_characters = st.one_of(
    st.characters(
        codec="utf-8",
        categories=["Cn", "Co", "L", "M", "N", "P", "S", "Z", "Cc", "Cf"],
        exclude_characters="".join(map(chr, {*range(32)} - {9, 10, 13})) + "\ufffe\uffff",
    ),
    st.sampled_from("<>&'\"]\t\r\n  \x85\u2028\ufdd0\ufdef\U0001f600\x7f"),
)
awkward_texts = st.sampled_from(
    [
        "",
        " ",
        " edge blanks ",
        "\r\n",
        "\t\r",
        "]]>",
        "<![CDATA[x]]>",
        "&amp;",
        "&#x1B;",
        "<Role/>",
        "true",
        "0",
        "None",
        "dGVzdA==",
        "ZEdWemRBPT0=",
        "\ufdd5",
        "한국어",
        "\U0001f600",
        "{}",
        "<!DOCTYPE x>",
    ]
)
xml_texts = awkward_texts | st.text(xml_characters, max_size=20)
"""Any text XML can carry."""
any_texts = xml_texts | st.text(
    st.characters(categories=["Cn", "Co", "L", "M", "N", "P", "S", "Z", "Cc", "Cf"]), max_size=20
)
"""Any text at all, half surrogate pairs apart."""
forbidden_texts = st.builds(
    lambda before, bad, after: before + bad + after, xml_texts, st.sampled_from(FORBIDDEN), xml_texts
)
timestamps = st.datetimes(
    min_value=datetime(1, 1, 2),
    max_value=datetime(9999, 12, 30),
    timezones=st.just(UTC),
)

_names = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_.-]{0,12}\Z").map(lambda name: f"Unknown{name}")
_leaves = st.none() | xml_texts.filter(bool)
xml_unknown = st.recursive(
    _leaves,
    lambda inner: (
        st.dictionaries(_names, inner, min_size=1, max_size=3)
        | st.lists(inner.filter(lambda item: not isinstance(item, list)), min_size=2, max_size=3)
    ),
    max_leaves=5,
)
json_unknown = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | any_texts,
    lambda inner: st.dictionaries(any_texts, inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=5,
)


def _integers(metadata: list[Any]) -> st.SearchStrategy[int]:
    low = next((rule.ge for rule in metadata if hasattr(rule, "ge")), -(2**63))
    high = next((rule.le for rule in metadata if hasattr(rule, "le")), 2**63 - 1)
    return st.integers(low, high)


def _values(annotation: Any, texts: st.SearchStrategy[str], metadata: list[Any], depth: int) -> Any:
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *rules = get_args(annotation)
        return _values(inner, texts, [*metadata, *rules], depth)
    if origin in (Union, types.UnionType):
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        return st.one_of([_values(arg, texts, metadata, depth) for arg in inner])
    if origin is list:
        (item,) = get_args(annotation)
        return st.lists(_values(item, texts, [], depth), max_size=2)
    if origin is Literal:
        return st.sampled_from(get_args(annotation))
    if annotation is str:
        longest = next((rule.max_length for rule in metadata if hasattr(rule, "max_length")), None)
        return texts.filter(lambda text: len(text) <= longest) if longest else texts
    if annotation is SecretStr:
        return texts.map(SecretStr)
    if annotation is bool:
        return st.booleans()
    if annotation is int:
        return _integers(metadata)
    if annotation is datetime:
        return timestamps
    assert issubclass(annotation, AzureModel), annotation
    return _models(annotation, texts, depth - 1)


def _models(cls: type[M], texts: st.SearchStrategy[str], depth: int) -> st.SearchStrategy[M]:
    given: dict[str, st.SearchStrategy[Any]] = {}
    required: dict[str, st.SearchStrategy[Any]] = {}
    for attribute, info in cls.model_fields.items():
        if cls in CONFIGURATION_SETS and attribute == "configuration_set_type":
            continue
        if cls in FLAT_LISTS:
            (annotation,) = get_args(info.annotation)
            given[attribute] = st.lists(_values(annotation, texts, [], depth), min_size=1, max_size=3)
            continue
        if cls is ConfigurationSet:
            required[attribute] = texts.map(lambda text: f"Other{text}")
            continue
        holds_models = "AzureModel" in str(info.annotation) or "azure_iaas" in str(info.annotation)
        if holds_models and depth <= 0:
            continue
        given[attribute] = st.deferred(
            lambda info=info: _values(info.annotation, texts, info.metadata, depth)  # type: ignore[misc]
        )
    unknown = st.dictionaries(_names, xml_unknown if texts is xml_texts else json_unknown, max_size=2)
    fields = st.fixed_dictionaries(required, optional=given)
    return st.builds(
        lambda known, other: cls.model_validate({**known, **other}), fields.map(_agreeing(cls)), unknown
    )


def _agreeing(cls: type[AzureModel]) -> Any:
    """Keep what an object accepts: caching said once, in one vocabulary or the other, or in part."""

    def keep(known: dict[str, Any]) -> dict[str, Any]:
        if cls in (OSDisk, DataDisk) and "host_caching" in known:
            return {key: value for key, value in known.items() if not key.endswith("_cache")}
        if known.get("disable_read_cache") and known.get("enable_write_cache"):
            return {**known, "enable_write_cache": False}
        return known

    return keep


@cache
def models(cls: type[M], *, json: bool = False) -> st.SearchStrategy[M]:
    """Objects of one class, with any of its fields set, and unknown elements beside them.

    Args:
        cls: the class.
        json: draw any text, also what XML can't carry, and any JSON value as unknown.
    """
    return _models(cls, any_texts if json else xml_texts, 2)
