"""The client side by side with azure-servicemanagement-legacy, on the same local service.

Each row is one client process that asks the same operation's status over mutual TLS, `--at-once` requests at
a time: client CPU (user and system) per request, and requests per second. Rounds alternate between the two
clients and the median is shown. Then parsing of an image list and of a deployment, and import time. The
legacy SDK gets threads and a requests session whose pool fits them; ours has its defaults.

    python benchmarks/against_legacy.py [--requests 2000] [--at-once 1,50,400] [--rounds 3]

Ratios hold on other machines; absolute figures don't. Server and client share the machine's cores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SERVICE = "benchmark"
ROLE = {
    "RoleName": "role1",
    "RoleSize": "Small",
    "OSDisk": {"SourceImageName": "Win2K8SP1.110809-2000.201108-01.en.us.30GB.vhd"},
    "DataDisks": [{"LogicalDiskSizeInGB": 10, "LUN": 0}],
    "ConfigurationSets": [
        {
            "ConfigurationSetType": "NetworkConfiguration",
            "InputEndpoints": [{"Name": "a", "Protocol": "tcp", "Port": 80, "LocalPort": 80}],
        }
    ],
}


def measured(requests: int, started: tuple[float, float]) -> dict[str, float]:
    wall, cpu = time.perf_counter() - started[0], time.process_time() - started[1]
    return {"cpu_ms": cpu / requests * 1e3, "per_second": requests / wall}


async def ask_ours(info: dict[str, Any], request_id: str, requests: int, at_once: int) -> dict[str, float]:
    from azure_iaas import ServiceManagementClient

    auth = {"keyfile": info["key_file"], "certfile": info["cert_file"]}
    options = {"host": info["host"], "port": info["port"], "ca": info["ca_file"]}
    async with ServiceManagementClient(info["subscription_id"], auth, options) as client:
        left = iter(range(requests))

        async def ask() -> None:
            for _ in left:
                status = await client.get_operation_status(request_id)
                assert status.status == "Succeeded"

        await asyncio.gather(*(client.get_operation_status(request_id) for _ in range(at_once)))
        started = time.perf_counter(), time.process_time()
        await asyncio.gather(*(ask() for _ in range(at_once)))
        return measured(requests, started)


def ask_legacy(info: dict[str, Any], request_id: str, requests: int, at_once: int) -> dict[str, float]:
    warnings.simplefilter("ignore")
    import requests as http
    from azure.servicemanagement import ServiceManagementService
    from requests.adapters import HTTPAdapter

    session = http.Session()
    session.cert = info["pem_file"]
    # Not session.verify: the environment would win over it.
    os.environ["REQUESTS_CA_BUNDLE"] = info["ca_file"]
    session.mount("https://", HTTPAdapter(pool_connections=1, pool_maxsize=max(at_once, 1)))
    host = f"{info['host']}:{info['port']}"
    service = ServiceManagementService(info["subscription_id"], host=host, request_session=session)

    def ask(_: int) -> None:
        assert service.get_operation_status(request_id).status == "Succeeded"

    with ThreadPoolExecutor(at_once) as threads:
        list(threads.map(ask, range(at_once)))
        started = time.perf_counter(), time.process_time()
        list(threads.map(ask, range(requests)))
        return measured(requests, started)


def parse_ours(bodies: dict[str, str]) -> dict[str, float]:
    from azure_iaas.models import Deployment, OSImage
    from azure_iaas.wire import codecs

    images, deployment = bodies["images"].encode(), bodies["deployment"].encode()
    return {
        "images": per_call(lambda: codecs.decode_list(OSImage, images, root="Images", item="OSImage"), 10),
        "deployment": per_call(lambda: codecs.decode(Deployment, deployment, root="Deployment"), 300),
    }


def parse_legacy(bodies: dict[str, str]) -> dict[str, float]:
    warnings.simplefilter("ignore")
    from azure.servicemanagement import Deployment, Images
    from azure.servicemanagement._serialization import _MinidomXmlToObject

    class Response:
        def __init__(self, body: str) -> None:
            self.body = body.encode()

    images, deployment = Response(bodies["images"]), Response(bodies["deployment"])
    return {
        "images": per_call(lambda: _MinidomXmlToObject.parse_response(images, Images), 10),
        "deployment": per_call(lambda: _MinidomXmlToObject.parse_response(deployment, Deployment), 300),
    }


def per_call(call: Any, times: int) -> float:
    call()
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times * 1e3


async def prepare(info: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """Make a deployment; give its operation's id and the bodies to parse."""
    from azure_iaas import Exchange, ServiceManagementClient, observed

    auth = {"keyfile": info["key_file"], "certfile": info["cert_file"]}
    options = {"host": info["host"], "port": info["port"], "ca": info["ca_file"]}
    exchanges: list[Exchange] = []
    async with ServiceManagementClient(info["subscription_id"], auth, options) as client:
        await client.create_hosted_service(SERVICE)
        accepted = await client.create_deployment(SERVICE, SERVICE, ROLE)
        await client.wait_for_operation(accepted)
        with observed(exchanges.append):
            await client.get_deployment(SERVICE, SERVICE)
            await client.list_os_images()
    deployment, images = (
        each.response.body.decode() if each.response is not None else "" for each in exchanges
    )
    # The local catalogue is short; the real one had a thousand images in 1.14 MB.
    head, _, rest = images.partition("<OSImage>")
    one_of_each = "<OSImage>" + rest.removesuffix("</Images>")
    many = one_of_each * (1000 // one_of_each.count("<OSImage>"))
    return accepted.request_id, {"deployment": deployment, "images": f"{head}{many}</Images>"}


def child(*arguments: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, *arguments], check=True, stdout=subprocess.PIPE, text=True
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def import_seconds(module: str) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-W", "ignore", "-c", f"import {module}"], check=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def row(name: str, ours: float, legacy: float, unit: str) -> None:
    print(f"{name:44} {ours:10.3f} {legacy:10.3f} {unit:9} x {ours / legacy:.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--at-once", default="1,50,400")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--child", nargs=2, metavar=("WHO", "JSON"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        who, text = arguments.child
        task = json.loads(text)
        if "bodies" in task:
            bodies = json.loads(Path(task["bodies"]).read_text())
            result = parse_ours(bodies) if who == "ours" else parse_legacy(bodies)
        elif who == "ours":
            result = asyncio.run(ask_ours(**task))
        else:
            result = ask_legacy(**task)
        print(json.dumps(result))
        return

    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "azure_iaas.emulator", "--port", "0", "--json"]
        command += ["--speed", "1000", "--data-dir", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            info = json.loads(server.stdout.readline())
            try:
                compare(info, arguments, Path(folder) / "bodies.json")
            finally:
                server.terminate()


def compare(info: dict[str, Any], arguments: argparse.Namespace, bodies_file: Path) -> None:
    request_id, bodies = asyncio.run(prepare(info))
    bodies_file.write_text(json.dumps(bodies))
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}")
    print(f"{'':44} {'ours':>10} {'legacy':>10} {'':9} ratio")
    for at_once in map(int, arguments.at_once.split(",")):
        requests = max(arguments.requests if at_once > 1 else arguments.requests // 2, at_once * 2)
        task = {"info": info, "request_id": request_id, "requests": requests, "at_once": at_once}
        found: dict[str, list[dict[str, float]]] = {"ours": [], "legacy": []}
        for _ in range(arguments.rounds):
            for who, results in found.items():
                results.append(child("--child", who, json.dumps(task)))
        for figure, unit in (("cpu_ms", "ms CPU"), ("per_second", "req/s")):
            ours, legacy = (
                statistics.median(result[figure] for result in found[who]) for who in ("ours", "legacy")
            )
            row(f"get_operation_status, {at_once} at a time", ours, legacy, unit)
    parsed = [child("--child", who, json.dumps({"bodies": str(bodies_file)})) for who in ("ours", "legacy")]
    kilobytes = len(bodies["images"]) // 1024
    row(
        f"parse {bodies['images'].count('<OSImage>')} images ({kilobytes} kB)",
        *both(parsed, "images"),
        "ms CPU",
    )
    row("parse a deployment", *both(parsed, "deployment"), "ms CPU")
    row(
        "import (process start to end)",
        import_seconds("azure_iaas"),
        import_seconds("azure.servicemanagement"),
        "s",
    )


def both(parsed: list[dict[str, float]], figure: str) -> tuple[float, float]:
    return parsed[0][figure], parsed[1][figure]


if __name__ == "__main__":
    main()
