"""Workflows that say nothing of a publish and lead to one all the same: the pre-filter hides none of them."""

from __future__ import annotations

import json
from random import Random

import pytest

from tp_fix.models.publishing.publications import publications
from tp_fix.models.repository import Repository

SCRIPTS = {"ship": "np --yolo", "go": "npm run ship", "deploy": "sh tools/ship", "build": "tsc", "prelaunch": "np"}
COMPOSITE = "runs:\n  using: composite\n  steps:\n    - run: {}\n      shell: bash\n"
FILES = {
    "package.json": json.dumps({"name": "a", "version": "1.0.0", "scripts": SCRIPTS}),
    "packages/b/package.json": json.dumps({"name": "b", "version": "1.0.0", "scripts": {"away": "npm publish"}}),
    "packages/c/package.json": json.dumps({"name": "c", "version": "1.0.0", "scripts": {"postversion": "npm publish"}}),
    "tools/ship": "npm publish\n",
    "tools/out.sh": "cd packages/b && yarn away\n",
    "tools/broken/package.json": '{"scripts": {"publish": ',
    ".github/actions/dispatch/action.yml": COMPOSITE.format("npm publish"),
    ".github/actions/nested/action.yaml": COMPOSITE.replace("run: {}", "uses: ./.github/actions/dispatch"),
    ".github/actions/scripted/action.yml": COMPOSITE.format("npm run go"),
    "action.yml": COMPOSITE.format("npm publish"),
}
STEP = {
    "a script": "run: npm run ship",
    "a script of a script": "run: npm run go",
    "by pnpm": "run: pnpm go",
    "before another": "run: yarn launch",
    "a shell script": "run: ./tools/out.sh",
    "a shell script without an end": "run: bash tools/ship",
    "a script and a file": "run: npm run deploy",
    "a hook of the version": "{working-directory: packages/c, run: npm version minor}",
    "an action": "uses: ./.github/actions/dispatch",
    "an action in an action": "uses: ./.github/actions/nested",
    "an action with a script": "uses: './.github/actions/scripted'",
    "the repository's own": "uses: ./",
    "np": "run: npx np",
    "a pinned tool": "run: npx release-it@19 --ci",
    "auto": "run: npx auto shipit",
    "nx": "run: npx nx release",
    "an action of the table": "uses: mikeal/merge-release@master",
    "nothing": "run: npm run build",
}


def workflow(step: str, on: str = "push") -> str:
    step = step if step.startswith("{") else "{" + step + "}"
    return f"on: {on}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"


def seen(files: dict[str, str], *, prefilter: bool) -> list[tuple[str, str]]:
    repository = Repository.of({path: text.encode() for path, text in files.items()})
    repository.prefilter = prefilter
    return [(found.workflow.path, found.what) for found in publications(repository)]


@pytest.mark.parametrize("case", STEP)
def test_what_leads_to_a_publish_is_not_passed_over(case: str) -> None:
    files = {**FILES, ".github/workflows/x.yml": workflow(STEP[case])}
    found = seen(files, prefilter=True)
    assert found == seen(files, prefilter=False)
    assert bool(found) is (case != "nothing")


def test_a_caller_of_a_workflow_that_leads_to_a_publish() -> None:
    calling = "on: push\njobs:\n  a:\n    uses: ./.github/workflows/inner.yml\n    secrets: inherit\n"
    files = {**FILES, ".github/workflows/inner.yml": workflow("run: npm run go", "workflow_call")}
    files[".github/workflows/outer.yml"] = calling
    repository = Repository.of({path: text.encode() for path, text in files.items()})
    assert set(repository.workflows) == {".github/workflows/inner.yml", ".github/workflows/outer.yml"}


def test_what_leads_nowhere_is_passed_over() -> None:
    files = {**FILES, ".github/workflows/x.yml": workflow("run: npm run build")}
    assert not Repository.of({path: text.encode() for path, text in files.items()}).workflows


@pytest.mark.parametrize("seed", range(60))
def test_chains_at_random(seed: int) -> None:
    random = Random(seed)
    files, calls = {}, ["npm publish", "np", "tsc", "npx semantic-release", "npm test", "yarn publish"]
    scripts: dict[str, str] = {}
    for number in range(random.randint(2, 9)):
        text, name = random.choice(calls), f"{random.choice(['do', 'x:y', 'pre', 'ship'])}{number}"
        kind = random.choice(["script", "hook", "shell", "action"])
        if kind == "script":
            scripts[name] = text
            calls.append(
                random.choice([f"npm run {name}", f"yarn {name}", f"pnpm run {name}", f"npm run {name} -- -x"])
            )
        elif kind == "hook":
            scripts |= {f"post{name}": text, name: "tsc"}
            calls.append(f"npm run {name}")
        elif kind == "shell":
            path = random.choice([f"bin/{name}.sh", f"bin/{name}"])
            files[path] = f"set -e\n{text}\n"
            calls.append(random.choice([f"sh {path}", f"bash ./{path}"]))
        elif not text.startswith("./"):
            files[f".github/actions/{name}/action.yml"] = COMPOSITE.format(json.dumps(text))
            files[f".github/workflows/u{number}.yml"] = workflow(f"uses: ./.github/actions/{json.dumps(name)[1:-1]}")
    files["package.json"] = json.dumps({"name": "a", "version": "1.0.0", "scripts": scripts})
    for number, call in enumerate(calls):
        files[f".github/workflows/w{number}.yml"] = workflow(f"run: {json.dumps(call)}")
    assert seen(files, prefilter=True) == seen(files, prefilter=False)
