"""The notebook of docs/client.md: its cells run one after the other, each a task of one loop."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from azure_iaas import ServiceManagementClient

if TYPE_CHECKING:
    from types import CodeType

PAGE = Path(__file__).resolve().parents[1] / "docs" / "client.md"
CELLS = re.findall(
    r"```python\n(.*?)```", PAGE.read_text("utf-8").partition("### In a notebook")[2], re.DOTALL
)[:3]


class Notebook:
    """Runs cells as IPython does: the last expression is the cell's value, ``await`` may stand anywhere."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {}

    async def run(self, cell: str) -> Any:
        tree = ast.parse(cell)
        value: ast.Expression | None = None
        if isinstance(last := tree.body[-1], ast.Expr):
            tree.body.pop()
            value = ast.Expression(last.value)
        await self._evaluate(compile(tree, "cell", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))
        if value is None:
            return None
        return await self._evaluate(compile(value, "cell", "eval", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))

    async def _evaluate(self, code: CodeType) -> Any:
        result = eval(code, self.names)  # noqa: S307 - the page's own
        return (
            await result if inspect.isawaitable(result) and code.co_flags & inspect.CO_COROUTINE else result
        )


def test_a_client_lives_from_cell_to_cell() -> None:
    notebook = Notebook()
    with asyncio.Runner() as loop:
        values = [loop.run(notebook.run(cell)) for cell in CELLS]  # each a task of its own
        assert values == [None, ["shop"], None]
        client = notebook.names["client"]
        assert isinstance(client, ServiceManagementClient)


def test_a_cell_that_fails_or_is_interrupted_leaves_the_client_usable() -> None:
    notebook = Notebook()

    async def interrupted() -> None:
        cell = asyncio.ensure_future(notebook.run("await client.list_locations()"))
        await asyncio.sleep(0)
        cell.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cell

    with asyncio.Runner() as loop:
        loop.run(notebook.run(CELLS[0]))
        with pytest.raises(Exception, match="hosted service does not exist"):
            loop.run(notebook.run("await client.get_hosted_service('shop')"))
        loop.run(interrupted())
        assert loop.run(notebook.run(CELLS[1])) == ["shop"]
        loop.run(notebook.run(CELLS[2]))


def test_over_sockets_too() -> None:
    notebook = Notebook()
    with asyncio.Runner() as loop:
        loop.run(notebook.run(CELLS[0].replace("sockets=False, ", "")))
        assert loop.run(notebook.run(CELLS[1])) == ["shop"]
        loop.run(notebook.run(CELLS[2]))
