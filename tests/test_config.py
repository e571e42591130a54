"""Options: what is taken, what is refused, and how the refusal reads."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from azure_iaas.addresses import Proxy
from azure_iaas.config import ClientOptions, ResolvedOptions, check_subscription_id
from azure_iaas.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

PROXY = "http://proxy.example:3128"


def resolved(environ: dict[str, str] | None = None, **options: Any) -> ResolvedOptions:
    return ClientOptions.resolve(options, environ or {})


def test_defaults() -> None:
    options = ClientOptions.resolve(None, {})
    assert (options.host, options.port) == ("management.core.windows.net", 443)
    assert (options.serialize_type, options.dialect, options.version) == ("XML", "ga", "2014-10-01")
    assert options.default_location == "West US"
    assert options.proxy is None
    assert resolved(dialect="preview").version == "2012-03-01"


def test_documented_names() -> None:
    options = resolved(host="management.example", apiversion="2013-06-01", serializetype="JSON")
    assert (options.host, options.version, options.serialize_type) == (
        "management.example",
        "2013-06-01",
        "JSON",
    )
    assert resolved(apiVersion="2013-06-01") == resolved(api_version="2013-06-01")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost:8443", ("localhost", 8443)),
        ("https://localhost:8443", ("localhost", 8443)),
        ("https://localhost:8443/", ("localhost", 8443)),
        ("https://Management.Core.Windows.NET.", ("management.core.windows.net", 443)),
        ("127.0.0.1:1", ("127.0.0.1", 1)),
        ("[::1]:8443", ("::1", 8443)),
        ("[::1]", ("::1", 443)),
    ],
)
def test_host_with_and_without_port(host: str, expected: tuple[str, int]) -> None:
    options = resolved(host=host)
    assert (options.host, options.port) == expected


def test_port_as_text_and_beside_the_host() -> None:
    assert resolved(host="localhost", port="8443").port == 8443
    assert resolved(host="localhost:8443", port=8443).port == 8443
    with pytest.raises(ConfigurationError, match=r"port: host says 8443, port says 443"):
        resolved(host="localhost:8443", port=443)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", ""),
        ("host", 5),
        ("host", "http://localhost"),
        ("host", "https://localhost/path"),
        ("host", "https://user@localhost"),
        ("host", "local host"),
        ("host", "localhost\r\nx"),
        ("host", "localhost:port"),
        ("host", "localhost:0"),
        ("host", "localhost:70000"),
        ("host", "-x"),
        ("host", "a..b"),
        ("port", 0),
        ("port", 65536),
        ("port", 1.5),
        ("port", True),
        ("port", "x"),
        ("apiversion", "latest"),
        ("apiversion", "2014-13-01"),
        ("apiversion", "2014-10-01\n"),
        ("serializetype", "YAML"),
        ("serializetype", "xml"),
        ("dialect", "beta"),
        ("default_location", ""),
        ("connect_timeout_seconds", 0),
        ("read_timeout_seconds", -1),
        ("write_timeout_seconds", "soon"),
        ("exchange_timeout_seconds", float("inf")),
        ("queue_timeout_seconds", float("nan")),
        ("max_connections", 0),
        ("max_response_bytes", 1.5),
        ("redirect_hosts", "one"),
        ("redirect_hosts", ["https://one"]),
        ("redirect_hosts", [5]),
        ("ca", "no/such/file.pem"),
        ("ca", "-----BEGIN NOTHING-----"),
        ("ca", 5),
        ("proxy_url", 5),
    ],
)
def test_unusable_values_are_named(name: str, value: object) -> None:
    plain = {"apiversion": "api_version", "serializetype": "serialize_type"}.get(name, name)
    with pytest.raises(ConfigurationError, match=f"^{plain}") as caught:
        ClientOptions.resolve({name: value}, {})
    assert caught.value.request_sent is False


def test_unknown_options_are_named_and_the_known_listed() -> None:
    with pytest.raises(
        ConfigurationError, match=r"unknown option 'speed'; known are api_version, ca, .*host"
    ):
        resolved(speed="x")
    with pytest.raises(ConfigurationError, match="given twice"):
        resolved(apiversion="2013-06-01", api_version="2013-06-01")
    with pytest.raises(ConfigurationError, match="a mapping is needed"):
        ClientOptions.resolve("host", {})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("hots", "did you mean 'host'?"),
        ("timeout", "did you mean 'timeout_seconds'?"),
        ("read_timeout", "did you mean 'read_timeout_seconds'?"),
        ("proxy", "did you mean 'proxy_url'?"),
        ("verify", "the server's certificate is always verified; name the CA that vouches for it with 'ca'"),
    ],
)
def test_a_misspelt_option_is_told_the_near_name(name: str, hint: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ClientOptions.resolve({name: 5}, {})
    assert str(caught.value).startswith(f"unknown option '{name}'; {hint}; known are ")


def test_pydantic_is_not_heard_of() -> None:
    for make in (lambda: ClientOptions(port="x"), lambda: resolved(port="x")):
        with pytest.raises(ConfigurationError) as caught:
            make()
        assert type(caught.value) is ConfigurationError
        assert caught.value.__cause__ is None
        assert "pydantic" not in str(caught.value)


def test_the_version_chosen_is_told_from_the_default() -> None:
    assert resolved().chosen_version is None
    chosen = resolved(apiversion="2014-10-01")
    assert (chosen.chosen_version, chosen.version) == ("2014-10-01", "2014-10-01")


def test_the_environment_stands_below_the_arguments(tmp_path: Path) -> None:
    text = trustme.CA().cert_pem.bytes().decode()
    (tmp_path / "ca.pem").write_text(text)
    environ = {"AZURE_IAAS_HOST": "localhost:8443", "AZURE_IAAS_CA": str(tmp_path / "ca.pem")}
    options = resolved(environ)
    assert (options.host, options.port, options.ca) == ("localhost", 8443, text)
    other = trustme.CA().cert_pem.bytes().decode()
    options = resolved(environ, host="other.example", ca=other)
    assert (options.host, options.port, options.ca) == ("other.example", 443, other)
    assert check_subscription_id(None, {"AZURE_IAAS_SUBSCRIPTION_ID": "env"}) == "env"
    assert check_subscription_id("arg", {"AZURE_IAAS_SUBSCRIPTION_ID": "env"}) == "arg"


@pytest.mark.parametrize(
    ("name", "value"), [("AZURE_IAAS_HOST", "http://localhost"), ("AZURE_IAAS_CA", "no/such/file.pem")]
)
def test_an_unusable_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^environment variable {name}"):
        resolved({name: value})
    with pytest.raises(ConfigurationError, match=r"^environment variable AZURE_IAAS_SUBSCRIPTION_ID"):
        check_subscription_id(None, {"AZURE_IAAS_SUBSCRIPTION_ID": "a/b"})


def test_none_means_the_default() -> None:
    assert resolved(host=None, port=None, apiversion=None) == resolved()


def test_a_typed_object_is_checked_too() -> None:
    assert ClientOptions.resolve(ClientOptions(host="localhost:1"), {}).port == 1
    with pytest.raises(ConfigurationError, match=r"^max_connections"):
        ClientOptions(max_connections=-1)


def test_resolving_again_changes_nothing() -> None:
    options = resolved({"HTTPS_PROXY": PROXY}, host="localhost:8443", redirect_hosts=["a.example:1"])
    assert ClientOptions.resolve(options, {}) == options


def test_ca_as_path_and_as_text(tmp_path: Path) -> None:
    text = trustme.CA().cert_pem.bytes().decode()
    file = tmp_path / "ca.pem"
    file.write_text(text)
    assert resolved(ca=file).ca == resolved(ca=str(file)).ca == resolved(ca=text).ca == text
    with pytest.raises(ConfigurationError, match=r"^ca '.*': can't be read: Is a directory"):
        resolved(ca=tmp_path)


def test_every_option_is_documented() -> None:
    described = inspect.getdoc(ClientOptions) or ""  # Python 3.13 takes the indentation away itself
    assert [name for name in ClientOptions.model_fields if f"\n    {name}: " not in described] == []


# Proxy


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_proxy_of_the_environment(name: str) -> None:
    assert resolved({name: PROXY}).proxy == Proxy("proxy.example", 3128)
    assert resolved({name: "  "}).proxy is None


def test_the_option_overrides_the_environment() -> None:
    assert resolved({"HTTPS_PROXY": PROXY}, proxy_url="other:1").proxy == Proxy("other", 1)
    assert resolved({"HTTPS_PROXY": PROXY}, proxy_url="").proxy is None


@pytest.mark.parametrize(
    ("exceptions", "proxied"),
    [
        ("", True),
        ("*", False),
        ("localhost", True),
        ("core.windows.net", False),
        (".core.windows.net", False),
        ("*.core.windows.net", False),
        ("ore.windows.net", True),
        ("a, management.core.windows.net ,b", False),
        ("management.core.windows.net:443", False),
        ("management.core.windows.net:8443", True),
        ("::1", True),
        (",", True),
    ],
)
def test_no_proxy(exceptions: str, proxied: bool) -> None:
    environ = {"HTTPS_PROXY": PROXY, "NO_PROXY": exceptions}
    assert (resolved(environ).proxy is not None) is proxied


@pytest.mark.parametrize("exceptions", ["::1", "[::1]", "[::1]:8443"])
def test_no_proxy_by_ipv6_address(exceptions: str) -> None:
    assert resolved({"HTTPS_PROXY": PROXY, "no_proxy": exceptions}, host="[::1]:8443").proxy is None


@pytest.mark.parametrize(
    "url",
    [
        "http://u:s3cret@",
        "socks5://u:s3cret@proxy.example",
        "http://u:s3cret@proxy.example:port",
        "http://u:s3cret@proxy.example/path",
        "http://u:s3cret@proxy.example\r\nx",
        "http://u:s3cret@pro xy",
        "http://u:s3cret@[::1",
        "://u:s3cret@",
    ],
)
def test_unusable_proxy_urls_are_named_and_not_shown(url: str) -> None:
    for options, environ, source in (
        ({"proxy_url": url}, {}, "proxy_url"),
        ({}, {"HTTPS_PROXY": url}, "environment variable HTTPS_PROXY"),
    ):
        with pytest.raises(ConfigurationError, match=f"^{source}") as caught:
            ClientOptions.resolve(options, environ)
        assert "s3cret" not in f"{caught.value} {caught.value!r} {vars(caught.value)}"
        assert caught.value.__cause__ is None


def test_secrets_are_not_shown() -> None:
    options = resolved(proxy_url="http://user:s3cret@proxy.example")
    assert "s3cret" not in repr(options)
    assert "Basic" not in repr(options)
    assert "proxy.example" in repr(options)


@given(st.text())
def test_any_text_as_host_is_a_host_or_our_error(host: str) -> None:
    try:
        options = resolved(host=host)
    except ConfigurationError:
        return
    assert not set(options.host) & set("/?#@ \\\r\n\0")
    assert options.host.isascii()


# Subscription id


@pytest.mark.parametrize("good", ["167a0c69-cb6f-4522-ba3e-d3bdc9c504e1", "ABC", "sub.1_x"])
def test_usable_subscription_ids(good: str) -> None:
    assert check_subscription_id(good) == good


@pytest.mark.parametrize("bad", ["", None, 5, "a/b", "..", ".", "a b", "a?b", "a\n", "ü", "x" * 129])
def test_unusable_subscription_ids(bad: object) -> None:
    with pytest.raises(ConfigurationError, match=r"^subscription_id"):
        check_subscription_id(bad)
