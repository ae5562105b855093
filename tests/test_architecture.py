"""The street runs one way: a module imports only from what stands before it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tp_fix

ROOT = Path(tp_fix.__file__).parent
STREET = (
    ("errors",),
    ("source",),
    ("node", "edit"),
    ("change",),
    ("patch",),
    ("formats",),
    ("facts",),
    ("models",),
    ("rule",),
    ("rules", "plan"),
    ("proof",),
    ("script_proof",),
    ("model_proof",),
    ("engine",),
    ("commits",),
    ("write", "paste"),
    ("git",),
    ("github",),
    ("settings_file",),
    ("against",),
    ("settings",),
    ("options",),
    ("proposing",),
    ("report",),
    ("baseline", "narrowing", "interactive", "migration"),
    ("output",),
    ("fix", "check"),
    ("trust", "publications"),
    ("cli",),
    ("__main__",),
)
PLACE = {house: number for number, houses in enumerate(STREET) for house in houses}
MODULES = sorted(path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")


def house(module: str) -> str:
    return module.split(".")[1]


def imported(path: Path) -> set[str]:
    """The modules of tp_fix that a file imports, late imports too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("tp_fix."):
            found.add(node.module)
        elif isinstance(node, ast.ImportFrom) and node.module == "tp_fix":
            found |= {f"tp_fix.{name.name}" for name in node.names if name.name != "__version__"}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names if name.name.startswith("tp_fix.")}
    return found


@pytest.mark.parametrize("path", MODULES, ids=[path.relative_to(ROOT).as_posix() for path in MODULES])
def test_imports_point_one_way(path: Path) -> None:
    mine = path.relative_to(ROOT).parts[0].removesuffix(".py")
    for module in imported(path):
        assert house(module) == mine or PLACE[house(module)] < PLACE[mine], f"{path.name} imports {module}"


@pytest.mark.parametrize("path", sorted((ROOT / "rules").glob("*.py")), ids=lambda path: path.name)
def test_rules_know_nothing_of_offsets_clicks_or_git(path: Path) -> None:
    allowed = {"rule", "rules", "change", "models", "facts", "node", "errors"}
    assert {house(module) for module in imported(path)} <= allowed
    assert not any(isinstance(node, ast.Try) for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def test_every_module_says_what_it_is_in_one_sentence() -> None:
    for path in MODULES:
        first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n")[0]
        assert first.endswith((".", "?")), path
