"""What the control address answers: a look at the endpoint, and ways to set it up for a test. No I/O here.

=====================  ===========================================================================
``GET /health``        ``{"status": "ok", "now": ..., "requests": 12}``
``GET /requests``      the latest requests, oldest first; ``?after=12`` those after number 12
``GET /faults``        the rules, in the form of `azure_iaas.endpoint.fault_files`, and what they did
``POST /faults``       such a form takes the place of the rules; ``{}`` ends all faults
``GET /clock``         ``{"now": ..., "offset_seconds": 0.0}``
``POST /clock``        ``{"jump_seconds": 3600}``
``POST /snapshot``     keeps the state: ``{"name": "before"}``
``POST /restore``      puts it back: ``{"name": "before"}``
``POST /reset``        all as at the start, or only what is named: ``{"only": ["requests", "faults"]}``
=====================  ===========================================================================

Bodies are JSON objects. What can't be done is said in ``{"error": ...}`` with a status of 400 or more. Times
are ISO 8601.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qs

from azure_iaas.endpoint.backend import KeepsSnapshots
from azure_iaas.endpoint.fault_files import read_faults, write_faults
from azure_iaas.endpoint.injected_faults import FaultPlan
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure_iaas.endpoint.front_end import FrontEnd
    from azure_iaas.endpoint.request_log import LoggedRequest

Values = dict[str, Any]

_SNAPSHOT_LIMIT: Final = 16
_PARTS: Final = ("requests", "faults", "clock", "state")


class _RefusedError(Exception):
    """The control address refuses: status and sentence."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Control:
    """Answers requests to the control address of one front end.

    Args:
        front_end: what is looked at and set up. Its faults and its backend's state at this moment are what
            a reset leads back to.
    """

    def __init__(self, front_end: FrontEnd) -> None:
        self._front_end = front_end
        self._snapshots: dict[str, object] = {}
        self._first_faults = front_end.faults
        self._first_rules = list(front_end.faults.rules) if isinstance(front_end.faults, FaultPlan) else []
        backend = front_end.backend
        self._first_state = backend.snapshot() if isinstance(backend, KeepsSnapshots) else None
        self._routes: dict[tuple[str, str], Callable[[Values], Values]] = {
            ("GET", "/health"): self._health,
            ("GET", "/requests"): self._requests,
            ("GET", "/faults"): self._faults,
            ("POST", "/faults"): self._set_faults,
            ("GET", "/clock"): self._clock,
            ("POST", "/clock"): self._jump,
            ("POST", "/snapshot"): self._snapshot,
            ("POST", "/restore"): self._restore,
            ("POST", "/reset"): self._reset,
        }

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Values]:
        """Give status and document of an answer.

        Args:
            method: HTTP verb.
            target: path and query.
            body: of a POST: a JSON object, or nothing for an empty one.
        """
        try:
            path, _, query = target.partition("?")
            handler = self._routes.get((method, path))
            if handler is None:
                known = sorted(verb for verb, each in self._routes if each == path)
                if known:
                    raise _RefusedError(405, f"{path} knows {' and '.join(known)}")
                paths = sorted({each for _, each in self._routes})
                raise _RefusedError(404, f"there are {', '.join(paths)}")
            if method == "GET":
                return 200, handler({name: values[-1] for name, values in parse_qs(query).items()})
            return 200, handler(_object(body))
        except _RefusedError as error:
            return error.status, {"error": str(error)}
        except ConfigurationError as error:
            return 400, {"error": str(error)}
        except OSError as error:
            return 500, {"error": f"the state can't be written: {error}"}

    def _health(self, _: Values) -> Values:
        now = self._front_end.now().isoformat()
        return {"status": "ok", "now": now, "requests": self._front_end.requests.total}

    def _requests(self, query: Values) -> Values:
        after = query.get("after", "0")
        if not after.isdecimal() or len(after) > 18:
            raise _RefusedError(400, "after: must be a whole number")
        log = self._front_end.requests
        latest = [_logged(entry) for entry in log if entry.number > int(after)]
        return {"total": log.total, "requests": latest}

    def _faults(self, _: Values) -> Values:
        plan = self._front_end.faults
        if plan is None:
            return {"seed": 0, "rules": [], "injected": []}
        if not isinstance(plan, FaultPlan):
            raise _RefusedError(409, f"the faults are a {type(plan).__name__} of the program's own")
        injected = [
            {
                "index": each.index,
                "method": each.request.method,
                "target": each.request.target,
                "operation": each.request.operation,
                "fault": type(each.fault).__name__,
            }
            for each in plan.injected
        ]
        return {**write_faults(plan), "injected": injected}

    def _set_faults(self, values: Values) -> Values:
        self._front_end.faults = read_faults(values)
        return self._faults({})

    def _clock(self, _: Values) -> Values:
        offset = self._front_end.offset.total_seconds()
        return {"now": self._front_end.now().isoformat(), "offset_seconds": offset}

    def _jump(self, values: Values) -> Values:
        seconds = _only(values, "jump_seconds")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise _RefusedError(400, "jump_seconds: must be a number")
        try:
            self._front_end.jump_clock(seconds)
        except ValueError as error:
            raise _RefusedError(400, f"jump_seconds: {error}") from error
        return self._clock({})

    def _snapshot(self, values: Values) -> Values:
        name = _name(values)
        if name not in self._snapshots and len(self._snapshots) >= _SNAPSHOT_LIMIT:
            raise _RefusedError(409, f"there are {_SNAPSHOT_LIMIT} snapshots already; use one's name again")
        self._snapshots[name] = self._keeper().snapshot()
        return {"name": name}

    def _restore(self, values: Values) -> Values:
        name = _name(values)
        keeper = self._keeper()
        if name not in self._snapshots:
            raise _RefusedError(404, f"there is no snapshot {name!r}")
        keeper.restore(self._snapshots[name])
        return {"name": name}

    def _reset(self, values: Values) -> Values:
        parts = _only(values, "only", list(_PARTS))
        if not isinstance(parts, list) or not all(part in _PARTS for part in parts):
            raise _RefusedError(400, f"only: must be a list of {', '.join(_PARTS)}")
        front_end = self._front_end
        if "state" in parts and ("only" in values or self._first_state is not None):
            self._keeper().restore(self._first_state)
        if "faults" in parts:
            first = self._first_faults
            if isinstance(first, FaultPlan):
                first = FaultPlan(*self._first_rules, seed=first.seed)
            front_end.faults = first
        if "clock" in parts:
            front_end.jump_clock(-front_end.offset.total_seconds())
        if "requests" in parts:
            front_end.requests.clear()
        return {"reset": [part for part in parts if part != "state" or self._first_state is not None]}

    def _keeper(self) -> KeepsSnapshots:
        if not isinstance(self._front_end.backend, KeepsSnapshots):
            raise _RefusedError(501, "this backend keeps no snapshots")
        return self._front_end.backend


def _logged(entry: LoggedRequest) -> Values:
    return {**asdict(entry), "time": entry.time.isoformat()}


def _object(body: bytes) -> Values:
    if not body.strip():
        return {}
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _RefusedError(400, "the body isn't JSON") from error
    if not isinstance(value, dict):
        raise _RefusedError(400, "the body isn't a JSON object")
    return cast("Values", value)


def _only(values: Values, name: str, default: object = None) -> Any:
    """The value of the one key a body may have."""
    for key in values:
        if key != name:
            raise _RefusedError(400, f"{key}: isn't known here; known is {name}")
    return values.get(name, default)


def _name(values: Values) -> str:
    name = _only(values, "name", "default")
    if not isinstance(name, str) or not 0 < len(name) <= 100:
        raise _RefusedError(400, "name: must be a text of 1 to 100 characters")
    return name
