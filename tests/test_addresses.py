"""Addresses: what a proxy's URL means, and how host and port are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.addresses import Proxy, join_host
from azure_iaas.errors import ConfigurationError


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://proxy.example", Proxy("proxy.example", 80)),
        ("https://proxy.example", Proxy("proxy.example", 443, tls=True)),
        ("proxy.example:8080", Proxy("proxy.example", 8080)),
        ("http://[::1]:8080/", Proxy("::1", 8080)),
        ("http://u:p%40@proxy.example", Proxy("proxy.example", 80, authorization="Basic dTpwQA==")),
        ("http://u@proxy.example", Proxy("proxy.example", 80, authorization="Basic dTo=")),
    ],
)
def test_proxy_urls(url: str, expected: Proxy) -> None:
    assert Proxy.from_url(url) == expected


@given(st.text())
def test_any_text_as_proxy_url_is_a_proxy_or_our_error(url: str) -> None:
    try:
        proxy = Proxy.from_url(url)
    except ConfigurationError:
        return
    assert proxy.host
    assert 0 < proxy.port < 65536
    assert proxy.authorization is None or (
        proxy.authorization.isascii() and proxy.authorization.isprintable()
    )


def test_join_host() -> None:
    assert join_host("a", 443, default_port=443) == "a"
    assert join_host("::1", 8443, default_port=443) == "[::1]:8443"
