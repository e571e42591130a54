"""The paths of the service, and which operation a request asks for: nothing of the client is used here.

Fixed segments are compared without case, as the real service did (protocol.md 1.1). A slot's path takes the
place of a deployment's in every route below a deployment (12.3).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Generic, TypeVar
from urllib.parse import parse_qsl, unquote

from azure_iaas.endpoint import refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from azure_iaas.endpoint.answer import Answer

C = TypeVar("C")
"""What a backend gives its handlers: the request, with whatever else they need."""

HOSTED_SERVICES: Final = "services/hostedservices"
SERVICE: Final = f"{HOSTED_SERVICES}/{{service}}"
DEPLOYMENT: Final = f"{SERVICE}/deployments/{{deployment}}"
SLOT: Final = f"{SERVICE}/deploymentslots/{{slot}}"
ROLE: Final = f"{DEPLOYMENT}/roles/{{role}}"


@dataclass(frozen=True, slots=True)
class Route(Generic[C]):
    """One operation.

    Attributes:
        name: title of the operation, run together.
        method: HTTP verb.
        template: path below the subscription; ``{name}`` stands for any segment.
        version: lowest ``x-ms-version`` that knows the operation.
        handler: answers it.
        comp: value of the ``comp`` query parameter that selects it, empty for none.
    """

    name: str
    method: str
    template: str
    version: str
    handler: Callable[[C], Answer]
    comp: str = ""


class Routes(Generic[C]):
    """A registry of routes, filled by decorating handlers; iterating gives them in that order.

    ::

        route = Routes[Call]()


        @route("GetDisk", "GET", "services/disks/{disk}", since="2012-03-01")
        def get_disk(call: Call) -> Answer: ...
    """

    def __init__(self) -> None:
        self._routes: list[Route[C]] = []

    def __call__(
        self, name: str, method: str, template: str, *, since: str, comp: str = ""
    ) -> Callable[[Callable[[C], Answer]], Callable[[C], Answer]]:
        """Register the decorated handler; the arguments are the fields of `Route`."""

        def register(handler: Callable[[C], Answer]) -> Callable[[C], Answer]:
            self._routes.append(Route(name, method, template, since, handler, comp))
            return handler

        return register

    def __iter__(self) -> Iterator[Route[C]]:
        return iter(self._routes)


@dataclass(slots=True)
class _Node(Generic[C]):
    children: dict[str, _Node[C]] = field(default_factory=dict)
    variable: tuple[str, _Node[C]] | None = None
    routes: dict[str, list[Route[C]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Target:
    """A request's target, taken apart: segments as they were sent, unquoted."""

    segments: tuple[str, ...]
    query: dict[str, str]


def split_target(target: str) -> Target:
    """Take a request target apart; slashes at the end don't count, query names are in lower case."""
    path, _, query = target.partition("?")
    segments = [unquote(segment) if "%" in segment else segment for segment in path.split("/")]
    while segments and not segments[-1]:
        segments.pop()
    parameters = (
        {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)} if query else {}
    )
    return Target(tuple(segments[1:]), parameters)


class Router(Generic[C]):
    """Finds the route of a request in time that doesn't depend on how many routes there are."""

    def __init__(self, routes: Iterable[Route[C]]) -> None:
        self.routes: Final = tuple(routes)
        self._root: _Node[C] = _Node()
        for route in self.routes:
            self._add(route, route.template)
            if route.template.startswith(DEPLOYMENT):
                self._add(route, SLOT + route.template.removeprefix(DEPLOYMENT))

    def _add(self, route: Route[C], template: str) -> None:
        node = self._root
        for segment in template.split("/") if template else ():
            if segment.startswith("{"):
                if node.variable is None:
                    node.variable = (segment[1:-1], _Node())
                node = node.variable[1]
            else:
                node = node.children.setdefault(segment.lower(), _Node())
        node.routes.setdefault(route.method, []).append(route)

    def find(self, method: str, segments: tuple[str, ...], comp: str) -> tuple[Route[C], dict[str, str]]:
        """The route of a request, and the variable parts of its path.

        Args:
            method: HTTP verb.
            segments: the path below the subscription.
            comp: value of the ``comp`` query parameter.

        Raises:
            Refusal: 404 for an unknown path, 400 for a verb or a ``comp`` the path doesn't have.
        """
        node = self._root
        names: dict[str, str] = {}
        for segment in segments:
            child = node.children.get(segment.lower())
            if child is not None:
                node = child
            elif node.variable is not None and segment:
                names[node.variable[0]] = segment
                node = node.variable[1]
            else:
                raise refusals.unknown_path()
        if not node.routes:
            raise refusals.unknown_path()
        candidates = node.routes.get(method)
        if candidates is None:
            raise refusals.wrong_method()
        comp = comp.lower()
        plain = None
        for route in candidates:
            if route.comp == comp:
                return route, names
            if not route.comp:
                plain = route
        if plain is None:
            raise refusals.wrong_query()
        # Other values of comp are read by the handler, or not known and so ignored.
        return plain, names
