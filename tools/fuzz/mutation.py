"""Mutations of seeds, for runs without a coverage-guided fuzzer: the same seed gives the same inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

PIECES: Final = (
    *(b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"&#0;", b"&a;", b"<![CDATA[", b"<!DOCTYPE a>", b"<?a", b"<!--"),
    *(b"<a>", b"</a>", b"<Error>", b"<Role/>", b' i:nil="true"', b' xmlns="u"', b"<Name>a</Name>", b"\n"),
    *(b"null", b"true", b"-1", b"1e999", b"NaN", b"9" * 30, b"[" * 100, b"{}", b"[]", b'"', b"\\ud800"),
    *(b"%00", b"/../", b"%2f", b"?comp=", b"Retry-After", b"Mon, 01 Jan 0001 00:00:00 GMT", b"\xc3\x28"),
)


def mutations(seeds: list[bytes], random: Random, count: int) -> Iterator[bytes]:
    """Give so many inputs: seeds with parts cut, doubled, exchanged between seeds, or replaced."""
    for _ in range(count):
        data = bytearray(random.choice(seeds))
        for _ in range(random.randint(1, 5)):
            start = random.randint(0, len(data))
            end = min(start + random.choice((0, 1, 4, 16, 64)), len(data))
            match random.randrange(5):
                case 0:
                    data[start:end] = random.choice(PIECES)
                case 1:
                    data[start:end] = random.randbytes(end - start)
                case 2:
                    data[start:start] = data[start:end]
                case 3:
                    other = random.choice(seeds)
                    cut = random.randint(0, len(other))
                    data[start:end] = other[cut : cut + 64]
                case _:
                    del data[start:end]
        yield bytes(data)
