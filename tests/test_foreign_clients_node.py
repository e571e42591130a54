"""Node clients others wrote, of 2013 and of the end, drive the local service over TLS, unchanged."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import pytest

from azure_iaas.emulator import LocalService

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent / "foreign"
IMAGE = "5112500ae3b842c8b9c604889f8753c3__OpenLogic-CentOS-63APR20130415"


@pytest.mark.anyio
@pytest.mark.timeout(180)
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("generation", ["early", "generated"])
async def test_a_node_client_lives_a_whole_life_cycle(generation: str, tell: Callable[[str], None]) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is absent")
    modules = Path(os.environ.get("FOREIGN_CLIENTS", HERE)) / generation / "node_modules"
    if not modules.is_dir():
        pytest.skip(f"npm install --prefix tests/foreign/{generation} was not run")
    # As the real service read requests: these clients write back elements they read in other places.
    async with LocalService(speed=400.0) as service:
        given = json.dumps({**service.connection_info(), "image": IMAGE})
        environment = {
            "PATH": os.environ["PATH"],
            "NODE_PATH": str(modules),
            "NODE_EXTRA_CA_CERTS": str(service.ca_file),
            "NODE_NO_WARNINGS": "1",
        }
        with anyio.fail_after(150):
            done = await anyio.run_process(
                [node, str(HERE / generation / "life.js")],
                input=given.encode(),
                env=environment,
                check=False,
            )
    assert done.returncode == 0, done.stderr.decode()
    result = json.loads(done.stdout)
    assert result["error"] is None
    tell(f"node client, {generation}: {len(set(result['steps']))} of its methods called")
