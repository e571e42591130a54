"""The tree of errors: what each is, and that each survives pickle with all it knows."""

from __future__ import annotations

import copy
import pickle
import re
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from azure_iaas import errors
from azure_iaas.client.readiness import HOPELESS


def _tree(cls: type[errors.AzureError]) -> list[type[errors.AzureError]]:
    return [cls, *(each for child in cls.__subclasses__() for each in _tree(child))]


TREE = [cls for cls in dict.fromkeys(_tree(errors.AzureError)) if cls.__module__ == errors.__name__]
FACTS = {
    "operation": "CreateDeployment",
    "request_id": "ab" * 16,
    "status": 409,
    "code": "ConflictError",
    "headers": {"server": "s"},
    "body": b"<Error/>",
    "retry_after": 2.5,
    "request_sent": True,
}


def _made(cls: type[errors.AzureError]) -> errors.AzureError:
    if cls is errors.InvalidArgumentError:
        return errors.InvalidArgumentError("AddRole", "VMRole.os_disk", "is required")
    return cls("a sentence", **FACTS)  # type: ignore[arg-type]


def test_the_tree_is_the_one_drawn() -> None:
    drawn = {line.split("─ ")[1].split()[0] for line in (errors.__doc__ or "").splitlines() if "─ " in line}
    assert drawn | {"AzureError"} == {cls.__name__ for cls in TREE}


@pytest.mark.parametrize("cls", TREE)
def test_every_error_survives_pickle_and_copy(cls: type[errors.AzureError]) -> None:
    error = _made(cls)
    for name, value in (
        ("service_message", "m"),
        ("kind", errors.ConflictKind.IN_USE),
        ("holder_request_id", "cd" * 16),
        ("resume_token", "token"),
        ("report", {"role": "failed"}),
    ):
        if hasattr(cls, name):
            setattr(error, name, value)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        back = pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own bytes
        assert type(back) is cls
        assert back.__dict__ == error.__dict__
        assert (back.args, str(back), repr(back)) == (error.args, str(error), repr(error))
    assert copy.copy(error).__dict__ == error.__dict__


@pytest.mark.parametrize("cls", TREE)
def test_every_error_can_be_made_of_a_sentence_alone(cls: type[errors.AzureError]) -> None:
    if cls is errors.InvalidArgumentError:
        pytest.skip("made of method, argument and rule")
    error = cls("a sentence")
    assert (str(error), error.message) == ("a sentence", "a sentence")
    assert (error.operation, error.request_id, error.status, error.code) == (None, None, None, None)
    assert (error.headers, error.body, error.retry_after) == ({}, b"", None)


def test_errors_share_no_headers() -> None:
    first, second = errors.ServiceError("a"), errors.ServiceError("b")
    first.headers["x"] = "1"
    assert second.headers == {}


def test_what_is_known_of_sending() -> None:
    sent = {cls.__name__: cls("x").request_sent for cls in TREE if cls is not errors.InvalidArgumentError}
    never = {name for name, value in sent.items() if value is False}
    assert never == {"ConfigurationError", "ConnectError", "OutageError"}
    assert {cls.__name__ for cls in TREE if issubclass(cls, errors.ServiceError)} <= {
        name for name, value in sent.items() if value is True
    }
    assert errors.ConnectError("x").retry_safe
    assert not errors.ServiceError("x").retry_safe
    assert errors.RequestTimeoutError("x").request_sent is None
    assert not errors.RequestTimeoutError("x").retry_safe
    assert errors.RequestTimeoutError("x", request_sent=False).retry_safe


def test_an_invalid_argument_names_method_argument_and_rule() -> None:
    error = errors.InvalidArgumentError("AddRole", "VMRole.data_disks[0].lun", "0 to 63")
    assert isinstance(error, ValueError)
    assert (error.method, error.argument, error.rule) == ("AddRole", "VMRole.data_disks[0].lun", "0 to 63")
    assert str(error) == "AddRole: VMRole.data_disks[0].lun: 0 to 63"
    assert (error.operation, error.request_sent, error.retry_safe) == ("AddRole", False, True)


def test_unusable_settings_are_value_errors_too() -> None:
    assert issubclass(errors.ConfigurationError, ValueError)
    assert not issubclass(errors.ServiceError, ValueError)


@pytest.mark.parametrize("cls", TREE)
def test_the_body_is_in_no_text(cls: type[errors.AzureError]) -> None:
    error = _made(cls)
    error.body = b"secret-value"
    assert "secret-value" not in str(error) + repr(error)


def _refused() -> None:
    raise _made(errors.ConflictError)


def test_an_error_comes_back_from_a_process_pool() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        with pytest.raises(errors.ConflictError) as caught:
            pool.submit(_refused).result()
    assert caught.value.__dict__ == _made(errors.ConflictError).__dict__


def test_the_page_has_a_row_for_each() -> None:
    root = Path(__file__).resolve().parents[1]
    rows = re.findall(r"^\| `(\w+)` \|", (root / "docs/errors.md").read_text("utf-8"), re.MULTILINE)
    codes = (root / "docs/protocol.md").read_text("utf-8").partition("### 7.2 Codes")[2].partition("###")[0]
    refusals = (root / "azure_iaas/endpoint/refusals.py").read_text("utf-8")
    expected = {
        *(cls.__name__ for cls in TREE if cls is not errors.AzureError),
        "InvalidPlanError",
        *errors.ConflictKind.__members__,
        *re.findall(r"^\| `(\w+)` \|", codes, re.MULTILINE),
        *re.findall(r'Refusal\(\s*\d+,\s*"(\w+)"', refusals),
        *HOPELESS,
    }
    assert set(rows) == expected
    assert {row for row in rows if rows.count(row) > 1} == {"ConflictError"}  # a class, and a code
