"""Wall time and peak memory of tp-fix beside zizmor and a ruamel load-and-dump, on trees that it makes itself.

A person runs it (`make bench`, on a quiet machine with Linux or macOS), never the test suite. Exit status: 0 when every
bar is met, 1 when one is not, 2 when there is nothing to compare because a tool did not do its work.
"""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "release"
SOURCE = Path(__file__).resolve().parent.parent / "src" / "tp_fix"
WORKFLOWS = 1000
PUBLISHES = WORKFLOWS // 10

# What a hook or the user's settings would change is the same for every tool: left out.
ENVIRONMENT = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "ZIZMOR_"))} | {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}

# On Linux a child's peak starts at what its parent held, across exec: the parent is as small as Python gets.
LAUNCH = """
import os, sys, time

start = time.perf_counter()
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, 2, 1)])
_, status, usage = os.wait4(pid, 0)
print(time.perf_counter() - start, os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""

LOAD_AND_DUMP = """
import os, pathlib, sys
from ruamel.yaml import YAML

yaml = YAML(typ="rt")
with open(os.devnull, "wb") as nowhere:
    for path in sorted(pathlib.Path(sys.argv[1], ".github", "workflows").iterdir()):
        yaml.dump(yaml.load(path.read_bytes()), nowhere)
"""


class NotComparable(Exception):
    """A tool is not there, failed, or did not see what the tree holds."""


@dataclass(frozen=True)
class Tool:
    """A command that takes a tree as its last argument, and the exit statuses that mean it did its work."""

    name: str
    command: tuple[str, ...]
    done: frozenset[int]
    rewrites: bool = False


@dataclass(frozen=True)
class Tree:
    """A git repository to measure on, how many publishes it holds, and how often each tool runs."""

    name: str
    path: Path
    publishes: int
    rounds: int


@dataclass(frozen=True)
class Run:
    """One whole process: wall time in seconds, peak resident memory in MB."""

    seconds: float
    megabytes: float


@dataclass(frozen=True)
class Bar:
    """A promise: `measured` is not more than `limit`."""

    text: str
    measured: float
    limit: float

    @property
    def met(self) -> bool:
        return self.measured <= self.limit


Runs = dict[tuple[str, str], list[Run]]
"""Every run by the names of its tree and its tool."""


# The trees


def small_tree(path: Path) -> Tree:
    """The bundled example."""
    shutil.copytree(EXAMPLE, path)
    commit(path)
    return Tree("small", path, publishes=1, rounds=15)


def large_tree(path: Path) -> Tree:
    """A thousand workflows, one in ten of which publishes the one package; the same text every time."""
    folder = path / ".github" / "workflows"
    folder.mkdir(parents=True)
    shutil.copy(EXAMPLE / "package.json", path)
    random = Random(0)
    for number in range(WORKFLOWS):
        text = workflow(random, number, publishes=number % (WORKFLOWS // PUBLISHES) == 0)
        (folder / f"workflow-{number:04}.yml").write_text(text, encoding="utf-8", newline="\n")
    commit(path)
    return Tree("large", path, PUBLISHES, rounds=5)


def commit(path: Path) -> None:
    """Make the folder a git repository with a remote and one commit."""
    for arguments in (
        ("-c", "init.defaultBranch=main", "init"),
        ("remote", "add", "origin", "https://github.com/octo-org/left-pad-plus.git"),
        ("add", "--all"),
        ("-c", "user.name=bench", "-c", "user.email=bench@example.invalid", "commit", "--message=The tree"),
    ):
        subprocess.run(("git", *arguments), cwd=path, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)


def workflow(random: Random, number: int, *, publishes: bool) -> str:
    """One workflow of 40 to 150 lines: perhaps a job that publishes, then CI jobs until it is long enough."""
    jobs = [publish_job(random)] if publishes else []
    text = head(random, number, publishes=publishes) + "jobs:\n"
    wanted = random.randint(40, 118)
    while text.count("\n") + sum(job.count("\n") for job in jobs) < wanted:
        jobs.append(ci_job(random, len(jobs)))
    return text + "\n".join(jobs)


def head(random: Random, number: int, *, publishes: bool) -> str:
    """Name, triggers, and one of the usual spellings of permissions, environment and concurrency."""
    area = random.choice(["server", "browser", "docs", "cli", "bindings", "website"])
    what, triggers = ("Release", RELEASE_TRIGGERS) if publishes else ("Checks", CI_TRIGGERS)
    return f"name: {what} of the {area} ({number})\n\n" + random.choice(triggers) + random.choice(SETTINGS)


def ci_job(random: Random, number: int) -> str:
    """A job that builds, tests or reports, with a name of its own."""
    words = {
        "<job>": f"job-{number}",
        "<node>": random.choice(["20", "22", "24", "lts/*"]),
        "<branch>": random.choice(["main", "next", "maintenance"]),
        "<tag>": random.choice(["v4", "v5", "v6"]),
    }
    text = random.choice(CI_JOBS)
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text


def publish_job(random: Random) -> str:
    """A job that publishes with a token, in one of the ways people do it; Node 24, so that its npm is new enough."""
    name = random.choice(["NODE_AUTH_TOKEN", "NPM_TOKEN"])
    on_job = random.random() < 0.3
    token = f"env:\n  {name}: ${{{{ secrets.NPM_TOKEN }}}}{random.choice(['', ' # renewed in spring'])}\n"
    return (
        "  publish:\n    runs-on: ubuntu-latest\n    timeout-minutes: 15\n"
        + random.choice(PERMISSIONS)
        + (indented(token, 4) if on_job else "")
        + PUBLISH_STEPS
        + indented(random.choice(PUBLISH_RUNS), 8)
        + ("" if on_job else indented(token, 8))
    )


def indented(text: str, width: int) -> str:
    return "".join(" " * width + line for line in text.splitlines(keepends=True))


CI_TRIGGERS = [
    "on: [push, pull_request]\n\n",
    "on:\n  push:\n    branches: [main, next]\n  pull_request:\n    paths-ignore:\n      - '**.md'\n\n",
    "# Nightly, because the suite takes an hour.\non:\n  schedule:\n    - cron: '17 3 * * *'\n  workflow_dispatch:\n\n",
]

RELEASE_TRIGGERS = [
    "on:\n  release:\n    types: [published]\n\n",
    "on:\n  push:\n    tags:\n      - 'v*' # made by the release manager\n\n",
    "on:\n  workflow_dispatch:\n    inputs:\n      reason:\n        description: Why now?\n        type: string\n\n",
]

SETTINGS = [
    "",
    "permissions:\n  contents: read\n\n",
    "env:\n  CI: true\n  FORCE_COLOR: '1'\n\n",
    "# One run at a time: the integration account cannot take two.\n"
    "concurrency:\n  group: ${{ github.workflow }}-${{ github.ref }}\n  cancel-in-progress: true\n\n",
]

CI_JOBS = [
    """\
  <job>:
    name: Test on ${{ matrix.os }}, Node ${{ matrix.node }}
    runs-on: ${{ matrix.os }}
    strategy:
      fail-fast: false
      matrix:
        os: [ubuntu-latest, macos-latest, windows-latest]
        node: [18, <node>]
        include:
          - os: ubuntu-latest
            node: 23 # what the image ships
    steps:
      - uses: actions/checkout@<tag>
        with:
          fetch-depth: 0
      - name: Set up Node
        uses: actions/setup-node@<tag>
        with:
          node-version: ${{ matrix.node }}
          cache: npm
      - run: npm ci
      - run: npm test -- --reporter=dot
""",
    """\
  <job>:
    runs-on: ubuntu-latest
    # Forks have no secrets, so this would only fail there.
    if: github.repository_owner == 'octo-org' && github.ref_name == '<branch>'
    services:
      postgres:
        image: postgres:17
        env: { POSTGRES_PASSWORD: postgres, POSTGRES_DB: test }
        ports: ['5432:5432']
        options: >-
          --health-cmd pg_isready
          --health-interval 10s
    steps:
      - uses: actions/checkout@<tag>
      - uses: actions/setup-node@<tag>
        with: { node-version: <node> }
      - name: Integration tests
        run: |
          npm ci
          for suite in tests/integration/*; do
            echo "::group::$suite"
            npm run integration -- "$suite" || failed=1
            echo "::endgroup::"
          done
          exit "${failed:-0}"
        env:
          DATABASE_URL: postgres://postgres:postgres@localhost:5432/test
""",
    """\
  <job>:
    runs-on: ubuntu-latest
    outputs:
      changed: ${{ steps.diff.outputs.changed }}
    steps:
      - uses: actions/checkout@<tag>
        with:
          ref: <branch>
      - id: diff
        name: Which packages changed?
        shell: bash
        run: |
          # The merge base, not the branch: others land in between.
          base=$(git merge-base HEAD origin/<branch>)
          changed=$(git diff --name-only "$base" -- packages | cut -d/ -f2 | sort -u | tr '\\n' ' ')
          echo "changed=$changed" >> "$GITHUB_OUTPUT"
      - name: Keep the report
        if: ${{ always() }}
        uses: actions/upload-artifact@<tag>
        with:
          name: report-<job>
          path: |
            coverage/
            !coverage/tmp
          retention-days: 7
""",
    """\
  <job>:
    runs-on: ubuntu-latest
    defaults:
      run:
        working-directory: packages/site
    steps:
    - uses: actions/checkout@<tag>
    - uses: actions/setup-node@<tag>
      with:
        node-version: "<node>"

    # Two linters, because the old one knows our own rules.
    - name: Lint
      run: >
        npm run lint --
        --max-warnings 0
        --cache
    - run: npm run build && npm run check:links
      env:
        BASE_URL: "https://example.invalid/<branch>/"
        NODE_OPTIONS: '--max-old-space-size=4096'
""",
]

PERMISSIONS = ["", "    permissions:\n      contents: read\n", "    permissions: { contents: write }\n"]

PUBLISH_STEPS = """\
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 24
      - run: npm ci
      - run: npm test

      # The registry keeps a version for ever, so this comes last.
      - name: Publish
"""

PUBLISH_RUNS = [
    "run: npm publish\n",
    "run: npm publish --access public\n",
    "run: npm publish --provenance --tag next\n",
    "run: |\n  npm version --no-git-tag-version from-git\n  npm publish --access public\n",
    'run: |\n  npm run build\n  echo "publishing $GITHUB_REF_NAME"\n  npm publish\n',
]


# The measuring


def tools() -> list[Tool]:
    """tp-fix and zizmor of this environment, and ruamel; zizmor tells by 11 to 14 how severe its findings are."""
    python = Path(sys.executable)
    for name in ("tp-fix", "zizmor"):
        if not python.with_name(name).exists():
            raise NotComparable(f"no {name} beside {python}; `make bench` sets both up")
    zizmor = (str(python.with_name("zizmor")), "--offline", "--fix=all", "--quiet", "--no-progress", "--no-config")
    return [
        Tool("tp-fix", (str(python.with_name("tp-fix")), "--dry-run"), frozenset({0, 1})),
        Tool("zizmor", zizmor, frozenset({0, 11, 12, 13, 14}), rewrites=True),
        Tool("ruamel", (str(python), "-c", LOAD_AND_DUMP), frozenset({0})),
    ]


def measure(tool: Tool, tree: Path) -> Run:
    """Run the tool once. The memory is that of its largest process, its own children included (wait4)."""
    launcher = (sys.executable, "-I", "-S", "-c", LAUNCH)
    with tempfile.TemporaryFile() as output:
        command = (*launcher, *tool.command, str(tree))
        result = subprocess.run(
            command, cwd=tree, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=output, text=True, check=True
        )
        seconds, status, memory = result.stdout.split()
        if int(status) not in tool.done:
            output.seek(0)
            tail = output.read()[-2000:].decode(errors="replace")
            raise NotComparable(f"{tool.name} ended with {status}:\n{tail}")
    return Run(float(seconds), int(memory) / (1 << 20 if sys.platform == "darwin" else 1 << 10))


def measure_all(trees: list[Tree], candidates: list[Tool], scratch: Path) -> Runs:
    """All rounds, the tools taking turns, so that whatever else the machine does meets all of them."""
    runs: Runs = {(tree.name, tool.name): [] for tree in trees for tool in candidates}
    for tree in trees:
        for number in range(tree.rounds):
            print(f"{tree.name} tree, round {number + 1} of {tree.rounds}", file=sys.stderr)
            for tool in candidates:
                path = fresh_copy(tree.path, scratch) if tool.rewrites else tree.path
                runs[tree.name, tool.name].append(measure(tool, path))
    return runs


def fresh_copy(tree: Path, scratch: Path) -> Path:
    copy = scratch / "copy"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(tree, copy)
    return copy


def check(tool: Tool, tree: Tree) -> None:
    """A tool that finds nothing is fast: see that tp-fix knows every publish of the tree and has a patch for it."""
    command = (*tool.command, "--format", "json", str(tree.path))
    result = subprocess.run(command, cwd=tree.path, env=ENVIRONMENT, capture_output=True, check=False)
    if result.returncode not in tool.done:
        raise NotComparable(f"{tool.name} ended with {result.returncode}:\n{result.stderr.decode(errors='replace')}")
    report = json.loads(result.stdout)
    seen, patched = len(report["publications"]), len(report["files"])
    if seen != tree.publishes or not patched:
        found = f"{seen} of {tree.publishes} publishes and patched {patched} files"
        raise NotComparable(f"in the {tree.name} tree {tool.name} found {found}")


# The verdict


def wall(runs: Runs, tree: str, tool: str) -> float:
    return median(run.seconds for run in runs[tree, tool])


def peak(runs: Runs, tree: str, tool: str) -> float:
    return max(run.megabytes for run in runs[tree, tool])


def table(runs: Runs) -> Iterator[str]:
    yield f"{'tree':8}{'tool':8}{'median wall':>13}{'to zizmor':>12}{'peak memory':>14}{'runs':>7}"
    for (tree, tool), rows in runs.items():
        seconds = wall(runs, tree, tool)
        ratio = seconds / wall(runs, tree, "zizmor")
        yield f"{tree:8}{tool:8}{seconds:>11.3f} s{ratio:>12.2f}{peak(runs, tree, tool):>11.1f} MB{len(rows):>7}"


def bars(runs: Runs) -> list[Bar]:
    """What tp-fix promises about its speed."""

    def to_zizmor(tree: str) -> float:
        return wall(runs, tree, "tp-fix") / wall(runs, tree, "zizmor")

    growth = peak(runs, "large", "tp-fix") / peak(runs, "small", "tp-fix")
    return [
        Bar("small repository: no slower than zizmor", to_zizmor("small"), 1),
        Bar("large tree: at most a third of zizmor", to_zizmor("large"), 1 / 3),
        Bar("memory flat: large tree at most 1.5 × small one's peak", growth, 1.5),
    ]


def bench() -> Runs:
    """Make the trees, see that tp-fix does its work on them, and measure."""
    candidates = tools()
    compileall.compile_dir(str(SOURCE), quiet=1)  # as pip does for whoever installs tp-fix
    with tempfile.TemporaryDirectory(prefix="tp-fix-bench-") as folder:
        scratch = Path(folder).resolve()
        trees = [small_tree(scratch / "small"), large_tree(scratch / "large")]
        for tree in trees:
            check(candidates[0], tree)
        return measure_all(trees, candidates, scratch)


def main() -> int:
    try:
        runs = bench()
    except NotComparable as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print(*table(runs), "", sep="\n")
    verdict = bars(runs)
    for bar in verdict:
        print(f"{bar.text:56}{bar.measured:6.2f} ×   {'met' if bar.met else 'not met'}")
    return 0 if all(bar.met for bar in verdict) else 1


if __name__ == "__main__":
    sys.exit(main())
