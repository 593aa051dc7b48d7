"""What a module may reach for, beyond who may import whom (which import-linter holds)."""

import ast
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
OUTSIDE = {"flask", "google", "googleapiclient", "grpc", "httplib2", "httpx", "requests", "os", "socket"}


def product() -> Iterator[tuple[str, ast.Module]]:
    for package in ("backend", "jobs"):
        for file in sorted(CHECKOUT.glob(f"{package}/**/*.py")):
            yield str(file.relative_to(CHECKOUT)), ast.parse(file.read_text())


def imported(module: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").partition(".")[0])
    return names


def attributes(module: ast.Module) -> set[str]:
    return {ast.unparse(node) for node in ast.walk(module) if isinstance(node, ast.Attribute)}


def test_models_are_pure() -> None:
    """A model knows neither the web, nor Google, nor the network, nor the machine."""
    models = {name: imported(module) & OUTSIDE for name, module in product() if name.endswith("/model.py")}
    assert len(models) >= 5
    assert {name: found for name, found in models.items() if found} == {}


def test_environment_is_read_in_one_place() -> None:
    """A setting that is read elsewhere would be in no list and in no error message."""
    readers = {name for name, module in product() if attributes(module) & {"os.environ", "os.getenv"}}
    assert readers == {"backend/settings.py"}


def test_time_comes_in_through_the_clock() -> None:
    """Whoever asks the machine for the date cannot be tested at another one."""
    readers = {
        name
        for name, module in product()
        if attributes(module) & {"datetime.now", "datetime.utcnow", "date.today", "time.time"}
    }
    assert readers == {"backend/clock.py"}
