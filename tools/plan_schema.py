"""Write ``azure_iaas/provisioning/plan/plan.schema.json``, the JSON Schema of plans, from what checks them.

::

    python -m tools.plan_schema

It is for editors: it completes the documented names, explains them by the docstrings, and accepts what the
checks accept of a file as people write it. What only a whole plan shows (names twice, ports, limits) it can't
say.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, Final, get_args

from azure_iaas.models import AzureModel, DataDisk, LinuxProvisioningConfiguration, ProvisioningConfiguration
from azure_iaas.provisioning.plan import DeploymentPlan, EndpointPlan, Plan, RoleGroup, ServicePlan
from azure_iaas.wire import codecs

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = ROOT / "azure_iaas" / "provisioning" / "plan" / "plan.schema.json"
PARTS: Final = {each.__name__: each for each in (Plan, ServicePlan, DeploymentPlan, RoleGroup, EndpointPlan)}
CHECKED: Final = (DataDisk, LinuxProvisioningConfiguration, ProvisioningConfiguration)
"""Data objects whose keys a plan checks."""
VARIABLE: Final = {"type": "string", "pattern": r"^\$\{[A-Za-z_][A-Za-z0-9_]*\}$"}
"""``${NAME}``, which may stand for any value."""
_ENTRY: Final = re.compile(r"^    (\w+): (.*(?:\n      .*)*)", re.MULTILINE)


def schema() -> dict[str, Any]:
    """The schema as plain values."""
    made = Plan.model_json_schema()
    definitions: dict[str, Any] = made.pop("$defs")
    for name, part in PARTS.items():
        _explain(made if part is Plan else definitions[name], part)
    for model in _data_objects():
        _as_documented(definitions[model.__name__], model)
    result = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Plan of machines for azure-iaas provision",
        **{key: _as_written(value) for key, value in made.items() if key != "title"},
        "$defs": {name: _as_written(each) for name, each in sorted(definitions.items())},
    }
    for name in PARTS.keys() & definitions.keys():
        for value in result["$defs"][name]["properties"].values():
            _numbers_are_texts(value)
    return result


def _data_objects() -> list[type[AzureModel]]:
    """Those a plan may hold, inner ones included."""
    found: dict[type[AzureModel], None] = {}

    def walk(model: type[AzureModel]) -> None:
        if model not in found:
            found[model] = None
            for field in codecs.plan(model).by_name.values():
                for inner in (field.model, *get_args(field.model)):
                    if isinstance(inner, type) and issubclass(inner, AzureModel):
                        walk(inner)

    for model in CHECKED:
        walk(model)
    return list(found)


def _explain(definition: dict[str, Any], part: type) -> None:
    """Descriptions from the docstring: its first sentence, and its attributes'."""
    text = inspect.getdoc(part) or ""
    definition["description"] = text.partition("\n")[0]
    for name, words in _ENTRY.findall(text.partition("Attributes:\n")[2]):
        definition["properties"][name]["description"] = " ".join(words.split()).replace("``", "`")


def _as_documented(definition: dict[str, Any], model: type[AzureModel]) -> None:
    """The documented names are completed; the other names that are taken are accepted."""
    plan = codecs.plan(model)
    documented = {each.documented: each for each in plan.by_name.values()}
    others = {*plan.by_name, *(each.attribute for each in documented.values())} - documented.keys()
    properties = definition["properties"]
    definition["properties"] = {
        name: properties[name]
        for name, each in documented.items()
        if name in properties and not each.output_only
    }
    others |= documented.keys() - definition["properties"].keys()
    if others:
        definition["patternProperties"] = {f"^({'|'.join(sorted(others))})$": {}}
    definition["additionalProperties"] = model not in CHECKED
    definition["description"] = definition.get("description", "").partition("\n")[0].replace("``", "`")


def _as_written(value: Any, *, named: bool = False) -> Any:
    """A schema for what stands in a file: without what editors don't need, and with variables."""
    if isinstance(value, list):
        return [_as_written(each) for each in value]
    if not isinstance(value, dict):
        return value
    if named:
        return {name: _as_written(each) for name, each in value.items()}
    kept = {
        key: _as_written(each, named=key in ("properties", "patternProperties"))
        for key, each in value.items()
        if key not in ("title", "wire", "writeOnly", "format")
        and not (key == "default" and each in (None, []))
    }
    if kept.get("type") in ("integer", "boolean"):
        about = {key: kept.pop(key) for key in ("description", "default") if key in kept}
        return {**about, "anyOf": [kept, VARIABLE]}
    if "enum" in kept:
        about = {key: kept.pop(key) for key in ("description", "default") if key in kept}
        any_case = "|".join("".join(map(_either_case, word)) for word in kept["enum"])
        return {**about, "anyOf": [kept, {"type": "string", "pattern": f"^({any_case})$"}, VARIABLE]}
    return kept


def _either_case(letter: str) -> str:
    return f"[{letter.upper()}{letter.lower()}]" if letter.isalpha() else letter


def _numbers_are_texts(value: dict[str, Any]) -> None:
    """YAML takes a name such as 01 for a number; a plan takes it for a text."""
    for each in (value, *value.get("anyOf", ()), value.get("items", {})):
        if each.get("type") == "string" and "pattern" not in each:
            each["type"] = ["string", "number"]


def text() -> str:
    """The file's text."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE.name} is written")
