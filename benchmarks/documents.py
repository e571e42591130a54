"""Answers to read: the local service's, as long as is wanted."""

from __future__ import annotations

from azure_iaas import Exchange, observed
from azure_iaas.emulator import LocalService
from benchmarks.fleets import role


async def documents(roles: tuple[int, ...], images: tuple[int, ...]) -> tuple[list[bytes], list[bytes]]:
    """Deployments with so many roles, and lists of so many images."""
    exchanges: list[Exchange] = []
    deployments: list[bytes] = []
    async with LocalService(sockets=False) as service, service.client() as client:
        await client.create_hosted_service("benchmark")
        for number in range(1, max(roles) + 1):
            if number == 1:
                await client.create_deployment("benchmark", "benchmark", role("web01"))
            else:
                await client.add_role("benchmark", "benchmark", role(f"web{number:02}"))
            service.advance(3600)
            if number in roles:
                with observed(exchanges.append):
                    await client.get_deployment("benchmark", "benchmark")
                deployments.append(body_of(exchanges[-1]))
        with observed(exchanges.append):
            await client.list_os_images()
    head, mark, rest = filled_up(body_of(exchanges[-1])).partition(b"<OSImage>")
    each = (mark + rest.removesuffix(b"</Images>")).split(mark)[1:]
    lists = [
        head + b"".join(mark + each[number % len(each)] for number in range(count)) + b"</Images>"
        for count in images
    ]
    return deployments, lists


def filled_up(images: bytes) -> bytes:
    """The local catalogue's images with the elements that the real one's had besides."""
    text = b"A virtual machine with all updates of the day it was made. " * 11
    for element, before in (
        (
            b"<ImageFamily>",
            b"<Eula>https://licences.example/terms</Eula><Description>%b</Description>" % text,
        ),
        (b"<PublisherName>", b"<IconUri>Linux_100.png</IconUri><RecommendedVMSize>Small</RecommendedVMSize>"),
        (b"<IOType>", b"<SmallIconUri/>"),
    ):
        images = images.replace(element, before + element)
    return images


def body_of(exchange: Exchange) -> bytes:
    assert exchange.response is not None
    return exchange.response.body
