"""Plans of faults from files: what they mean, and what is said of a wrong one."""

from __future__ import annotations

import inspect
import json
import math
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import azure_iaas
from azure_iaas.endpoint import injected_faults
from azure_iaas.endpoint.fault_files import FAULTS, load_faults, read_faults, write_faults
from azure_iaas.endpoint.injected_faults import (
    AnswerFault,
    ConnectionFault,
    CutAnswer,
    FaultPlan,
    HandshakeFault,
    HoldLock,
    Redirect,
    Refuse,
    Replace,
    Requests,
    Rule,
    Stall,
    WrongBody,
)
from azure_iaas.errors import ConfigurationError
from azure_iaas.wire.messages import RawResponse
from tests.soak import number

ROOT = Path(azure_iaas.__file__).parents[1]

EXAMPLE = """\
# Throttling, then an outage of one front end.
seed: 7
rules:
  - fault: Refuse
    with: {status: 429, retry_after: 5, as_date: true}
    when: {operation: AddRole, method: POST, path: "services/hostedservices/web*"}
    nth: 2
    times: 3
    probability: 0.5
  - fault: DropAfterHandler
    with:
      reset: true
    times: null
  - fault: Replace
    with: {status: 418, headers: {X-A: b}, body: tea}
  - fault: Stall
    with: {seconds: .inf}
"""


def test_a_yaml_file_means_what_the_program_would_say(tmp_path: Path) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(EXAMPLE)
    plan = load_faults(file)
    assert plan.seed == 7
    when = Requests(method="POST", path="services/hostedservices/web*", operation="AddRole")
    assert plan.rules == [
        Rule(Refuse(429, 5.0, as_date=True), when, times=3, probability=0.5, nth=2),
        Rule(injected_faults.DropAfterHandler(reset=True), times=None),
        Rule(Replace(RawResponse(418, {"x-a": "b"}, b"tea"))),
        Rule(Stall(math.inf)),
    ]


def test_json_means_the_same(tmp_path: Path) -> None:
    file = tmp_path / "faults.json"
    rule = {"fault": "CutAnswer", "with": {"after_bytes": 10}, "when": {"method": "GET"}}
    file.write_text(json.dumps({"rules": [rule, {"fault": "Stall", "with": {"seconds": ".inf"}}]}))
    assert load_faults(file).rules == [Rule(CutAnswer(10), Requests("GET")), Rule(Stall(math.inf))]


def test_nothing_is_a_plan_without_rules() -> None:
    assert read_faults({}).rules == []


def test_every_fault_can_be_named() -> None:
    kinds = {
        value.__name__
        for value in vars(injected_faults).values()
        if isinstance(value, type)
        and (issubclass(value, AnswerFault | HandshakeFault) or value in ConnectionFault.__args__)
        and not inspect.isabstract(value)
    }
    assert set(FAULTS) == kinds


REFUSE = "rules:\n  - fault: Refuse\n"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("rules: [", r"isn't YAML: line 1, expected"),
        ("- a", r": must be a mapping of rules, seed"),
        (
            REFUSE + "    tims: 3\n",
            r", line 3: rules\[0\]\.tims: isn't known here; known are",
        ),
        ("rule: []", r", line 1: rule: isn't known here"),
        ("seed: x", r", line 1: seed: must be a whole number"),
        ("seed: true", r"seed: must be a whole number"),
        ("rules: 3", r", line 1: rules: must be a list"),
        ("rules:\n  - 3", r", line 2: rules\[0\]: must be a mapping"),
        ("rules:\n  - times: 1", r", line 2: rules\[0\]\.fault: is required"),
        ("rules:\n  - fault: Refused", r"rules\[0\]\.fault: must be one of CutAnswer, "),
        ("rules:\n  - fault: [a]", r"rules\[0\]\.fault: must be one of"),
        (REFUSE + "    with: 3", r", line 3: rules\[0\]\.with: must be a mapping"),
        (
            REFUSE + "    with:\n      status: high",
            r", line 4: .*\.status: must be a whole number",
        ),
        (
            REFUSE + "    with: {status: 99}",
            r", line 3: rules\[0\]\.with\.status: 99 isn't an HTTP",
        ),
        ("rules:\n  - fault: Redirect", r", line 2: rules\[0\]\.with\.host: is required"),
        (
            "rules:\n  - fault: MissingRequestId\n    with: {a: 1}",
            r"with\.a: isn't known here; known are none",
        ),
        (
            REFUSE + "    when: {verb: GET}",
            r", line 3: rules\[0\]\.when\.verb: isn't known here",
        ),
        (REFUSE + "    when: {method: 3}", r"rules\[0\]\.when\.method: must be text"),
        (
            REFUSE + "    probability: 2",
            r", line 3: rules\[0\]\.probability: 2 isn't from 0 to 1",
        ),
        (REFUSE + "    probability: null", r"probability: must be a number"),
        (REFUSE + "    times: often", r"rules\[0\]\.times: must be a number"),
        (REFUSE + "    nth: 0", r", line 3: rules\[0\]\.nth: 0 isn't 1 or more"),
        (
            "rules:\n  - fault: Replace\n    with: {status: 1}",
            r"with\.status: must be a whole number from 200",
        ),
        (
            "rules:\n  - fault: Replace\n    with: {status: 200, headers: {a: 1}}",
            r"with\.headers: must be texts",
        ),
        ("rules:\n  - fault: WrongBody\n    with: {body: 'base64:?'}", r"with\.body: isn't base64"),
        ("rules: &a\n  - *a", r"rules\[0\]: must be a mapping"),
        ("[" * 3000, r"isn't YAML"),
        ("a" * 1_100_000, r"is larger than"),
    ],
)
def test_a_wrong_file_is_told_by_field_and_line(tmp_path: Path, text: str, where: str) -> None:
    file = tmp_path / "faults.yaml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=where) as caught:
        load_faults(file)
    assert str(caught.value).startswith(f"faults '{file}'")
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "isn't JSON: line 1"),
        (b"[" * 200_000, "isn't JSON"),
        (b"\xff", "it isn't UTF-8 text"),
        (b'{"rules": [{"fault": "Refuse", "with": {"status": NaN}}]}', "must be a whole number"),
        (b'{"rules": [{"fault": "Stall", "with": {"seconds": NaN}}]}', "must be a number"),
    ],
)
def test_a_wrong_json_file_is_told(tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "faults.json"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=why):
        load_faults(file)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        load_faults(tmp_path / "none.yaml")


def test_what_is_written_is_read_as_the_same() -> None:
    plan = FaultPlan(
        Rule(Refuse(503, "Wed, 21 Oct 2015 07:28:00 GMT"), Requests(operation="AddRole"), nth=2),
        Rule(Stall(math.inf, after_handler=True), times=None, probability=0.25),
        Rule(WrongBody(b"\xff\0")),
        Rule(Replace(RawResponse(200, {"a": "b"}, b"text"))),
        Rule(Redirect("https://127.0.0.1:1")),
        Rule(HoldLock(5, "web")),
        seed=3,
    )
    document = json.loads(json.dumps(write_faults(plan)))
    again = read_faults(document)
    assert (again.rules, again.seed) == (plan.rules, plan.seed)


def test_what_no_file_can_say_is_written_by_its_name() -> None:
    def chosen(index: int, request: object) -> bool:
        return True

    class Own(AnswerFault):
        def respond(self, request: object, handle: object) -> RawResponse:
            return RawResponse(200)

    rule = write_faults(FaultPlan(Rule(Own(), chosen)))["rules"][0]
    assert rule["fault"] == "Own"
    assert rule["when"].endswith("chosen")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def almost_plans(draw: st.DrawFn) -> object:
    name = draw(st.sampled_from(sorted(FAULTS)))
    known = [field.name for field in fields(FAULTS[name])]
    options = draw(st.dictionaries(st.sampled_from([*known, "x"]), PLAIN, max_size=3))
    rule = {"fault": name, "with": options} | draw(
        st.dictionaries(
            st.sampled_from(["when", "times", "probability", "nth", "with", "x"]), PLAIN, max_size=2
        )
    )
    return {"rules": [rule]} | draw(
        st.dictionaries(st.sampled_from(["seed", "rules", "x"]), PLAIN, max_size=1)
    )


@pytest.mark.timeout(number(120, 3600))
@settings(max_examples=number(200, 20_000), deadline=None)
@given(document=PLAIN | almost_plans())
def test_any_document_is_a_plan_or_refused(document: object) -> None:
    try:
        plan = read_faults(document)
    except ConfigurationError:
        return
    assert read_faults(write_faults(plan)).rules == plan.rules


# The page of the local service

PAGE = (ROOT / "docs" / "emulator.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_pages_files_are_plans(tmp_path: Path) -> None:
    (file,) = blocks("yaml")
    (tmp_path / "faults.yaml").write_text(file)
    assert len(load_faults(tmp_path / "faults.yaml").rules) == 3


def test_the_page_has_every_fault_with_its_options() -> None:
    rows = {
        row.split("|")[1].strip(" `"): row.split("|")[2] for row in PAGE.splitlines() if row.count("|") > 4
    }
    for name, kind in FAULTS.items():
        for field in fields(kind):
            assert f"`{field.name}`" in rows[name]


@pytest.mark.parametrize("program", [each for each in blocks("python") if "service.requests" in each])
def test_the_pages_programs_run(program: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(program, "emulator.md", "exec"), {})  # noqa: S102 - the page's own
