"""Releases that lead in a circle, to what is missing, or to what cannot be read: bounded work, and no crash."""

from __future__ import annotations

import json
import time

import pytest

from tp_fix.models.model import Model
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import LARGEST, Repository
from tp_fix.source import Source

COMPOSITE = "runs:\n  using: composite\n  steps:\n"


def scripts(**texts: str) -> dict[str, str]:
    return {"package.json": json.dumps({"name": "a", "version": "1.0.0", "scripts": texts})}


def workflow(step: str, more: str = "") -> str:
    return f"on: [push, workflow_call]\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n{more}"


def seen(files: dict[str, str], step: str, more: str = "") -> list[Publication]:
    both = {**files, ".github/workflows/x.yml": workflow(step, more)}
    return Model(Repository.of({path: text.encode() for path, text in both.items()})).publications


DEEP = {f"s{n}": f"npm run s{n + 1}" for n in range(5000)}


@pytest.mark.parametrize(
    ("files", "step", "count"),
    [
        (scripts(a="npm run b", b="npm run a && npm publish"), "run: npm run a", 1),
        (scripts(a="npm run a && npm publish"), "run: npm run a", 1),
        (scripts(**DEEP, s5000="npm publish"), "run: npm run s0", 0),
        ({**scripts(), "x.sh": "./y.sh\n", "y.sh": "./x.sh\nnpm publish\n"}, "run: ./x.sh", 1),
        (scripts(), "uses: ./nope", 0),
        ({**scripts(), "a/action.yml": "runs: [publish\n"}, "uses: ./a", 0),
        ({**scripts(), "a/action.yml": "runs: {using: node20, main: publish.js}\n"}, "uses: ./a", 0),
        ({**scripts(), "a/action.yml": "runs: {using: docker, image: publish}\n"}, "uses: ./a", 0),
        (
            {**scripts(), "a/action.yml": COMPOSITE + "    - uses: ./a\n    - {run: npm publish, shell: bash}\n"},
            "uses: ./a",
            9,
        ),
        (scripts(), "{run: 'if ($x) { npm publish }', shell: pwsh}", 1),
        (scripts(), "{run: 'if exist x (npm publish)', shell: cmd}", 1),
        (scripts(), "{run: 'npm publish; ls', shell: 'perl {0}'}", 1),
        (scripts(), "{run: 'import os; os.system(\"npm publish\")', shell: python}", 1),
    ],
)
def test_bounded_and_told(files: dict[str, str], step: str, count: int) -> None:
    start = time.perf_counter()
    assert len(seen(files, step)) == count
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("shell", ["pwsh", "cmd", "perl {0}"])
def test_a_publish_in_an_unread_script_only_may_publish(shell: str) -> None:
    (publication,) = seen(scripts(), f"{{run: 'if (x) {{ npm publish }}', shell: '{shell}'}}")
    assert publication.certain is None
    assert "the script is not read" in publication.doubt


def test_a_circle_of_reusable_workflows() -> None:
    assert len(seen(scripts(), "run: npm publish", "  y:\n    uses: ./.github/workflows/x.yml\n")) == 1


@pytest.mark.parametrize("text", ["", "{", "lockfileVersion: 9\n  x\n- [", '{"packages": 3}', "x" * (LARGEST + 5)])
@pytest.mark.parametrize("name", ["package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"])
def test_a_lock_file_that_says_nothing(name: str, text: str) -> None:
    (publication,) = seen({**scripts(), name: text}, "run: npx semantic-release")
    assert publication.ready is not True


class Locked(Repository):
    """A repository whose lock files must not be read."""

    def lock_file(self, path: str) -> str:
        raise AssertionError(f"{path} was read")

    def source(self, path: str) -> Source:
        assert "lock" not in path
        return super().source(path)


def test_lock_files_are_read_only_for_the_version_of_a_tool() -> None:
    files = {**scripts(build="tsc"), "package-lock.json": "{}", "yarn.lock": "", "pnpm-lock.yaml": ""}
    files[".github/workflows/x.yml"] = workflow("run: npm run build && npm publish")
    repository = Locked.of({path: text.encode() for path, text in files.items()})
    assert [found.tool for found in Model(repository).publications] == ["npm"]
