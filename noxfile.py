import nox

nox.options.sessions = ["lint", "imports", "types", "tests"]
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False

PYTHONS = nox.project.python_versions(nox.project.load_toml("pyproject.toml"))


@nox.session
def lint(session: nox.Session) -> None:
    session.install("-e", ".[dev]")
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")


@nox.session
def imports(session: nox.Session) -> None:
    session.install("-e", ".[dev]")
    session.run("lint-imports")


@nox.session
def types(session: nox.Session) -> None:
    session.install("-e", ".[dev,types]")
    session.run("mypy")
    session.run("pyright", "--verifytypes", "azure_iaas", "--ignoreexternal")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    session.install("-e", ".[dev]")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    session.install("-e", ".[dev]")
    session.run("python", "-m", "pytest", "--cov", "--cov-report=term", "--cov-report=html", *session.posargs)


@nox.session
def soak(session: nox.Session) -> None:
    session.install("-e", ".[dev]")
    session.run("python", "-m", "pytest", "--timeout=900", *session.posargs, env={"AZURE_IAAS_SOAK": "1"})


@nox.session
def browser(session: nox.Session) -> None:
    # Apart from the tests: it needs a Chromium, which no package of Python brings.
    session.install("-e", ".[dev,browser]")
    session.run("python", "-m", "pytest", "-rs", "tests/test_emulator_page.py", *session.posargs)


@nox.session
def fuzz(session: nox.Session) -> None:
    # Here only: atheris has wheels for a few versions of Python.
    session.install("-e", ".[emulator]", "atheris")
    for harness in ("answers", "requests", "journal"):
        session.run("python", "-m", "tools.fuzz", harness, *(session.posargs or ["-max_total_time=120"]))


@nox.session
def pages(session: nox.Session) -> None:
    session.install("-e", ".[dev]")
    session.run("python", "-m", "tools.fidelity")
    session.run("python", "-m", "tools.coverage_page")
    session.run("python", "-m", "tools.own_wordings")
    session.run("python", "-m", "tools.plan_schema")
    session.run("python", "-m", "tools.mapping_types")
    session.run("python", "-m", "tools.pictures")
    session.run("python", "-m", "tools.sessions")
    session.run("python", "-m", "tools.porting")


@nox.session
def docs(session: nox.Session) -> None:
    session.install("-e", ".[docs]")
    session.run("sphinx-build", "--fail-on-warning", "--keep-going", "--fresh-env", "docs", "build/docs")


@nox.session
def demo(session: nox.Session) -> None:
    session.install(".[emulator]")
    session.run("python", "examples/create_deployment.py")


@nox.session
def bench(session: nox.Session) -> None:
    session.install("-e", ".[dev,bench]")
    if session.posargs:
        session.run("python", "-m", "benchmarks", *session.posargs)
        return
    session.run("python", "-m", "benchmarks", "--json", "docs/performance/figures.json")
    session.run("python", "-m", "benchmarks.page")


@nox.session
def build(session: nox.Session) -> None:
    session.install("build")
    session.run("python", "-m", "build")
