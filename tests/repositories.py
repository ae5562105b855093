"""Hypothesis strategies for whole repositories: golden cases joined and mutated as people and tools mangle files."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from golden import cases

Files = dict[str, bytes]
Lines = list[str]

ENDINGS = ("  # x", " &a", " |", " >-", "\t# y", " {}", " []", " *a", ":", "\r", "✓😀", " # tp-fix: ignore[id-token]")
WHOLE = (
    "",
    "\t",
    "# NPM_TOKEN",
    "permissions: {}",
    "permissions: read-all",
    "    permissions: {contents: read, }",
    "    permissions: write-all",
    "    if: ${{ always() }} && x",
    "    if: github.event_name == 'push' || github.event.pull_request.merged",
    "    needs: [build, publish]",
    "    runs-on: [self-hosted, linux]",
    '    env: {NPM_TOKEN: "${{ secrets.X }}"}',
    "        env: {A: b, NODE_AUTH_TOKEN: x,}",
    "      - run: >\n          npm\n          publish",
    "      - run: set -x; echo $NPM_TOKEN",
    "      - uses: actions/setup-node@v4",
    "      - {uses: actions/setup-node@v2, with: {version: 12, always-auth: true}}",
    "      - run: npx semantic-release",
    "  pull_request_target:",
    "  workflow_run: {workflows: [CI], types: [completed]}",
)
SWAPS = (
    (": ", ":\t"),
    (": ", ":  "),
    ('"', "'"),
    ("write", "none"),
    ("ubuntu-latest", "self-hosted"),
    ("@v6", "@v1"),
    ("- ", "-   "),
    ("push", "pull_request"),
    ("npm ", "pnpm "),
    ("actions/", "./"),
    ("npm publish", "npm publish --dry-run"),
    ("secrets.", "vars."),
    ("{", "["),
    ("octo-org", "Octo-Org"),
    ('"name"', '"private": true, "name"'),
)


def _deleted(lines: Lines, at: int, pick: int) -> None:
    del lines[at]


def _doubled(lines: Lines, at: int, pick: int) -> None:
    lines.insert(at, lines[pick % len(lines)])


def _indented(lines: Lines, at: int, pick: int) -> None:
    lines[at] = " " * (pick % 3 + 1) + lines[at]


def _outdented(lines: Lines, at: int, pick: int) -> None:
    lines[at] = lines[at][pick % 3 :]


def _extended(lines: Lines, at: int, pick: int) -> None:
    lines[at] += ENDINGS[pick % len(ENDINGS)]


def _inserted(lines: Lines, at: int, pick: int) -> None:
    lines.insert(at, WHOLE[pick % len(WHOLE)])


def _swapped(lines: Lines, at: int, pick: int) -> None:
    lines[at] = lines[at].replace(*SWAPS[pick % len(SWAPS)], 1)


def _swapped_everywhere(lines: Lines, at: int, pick: int) -> None:
    lines[:] = [line.replace(*SWAPS[pick % len(SWAPS)]) for line in lines]


def _moved_in(lines: Lines, at: int, pick: int) -> None:
    start, stop = sorted((at, pick % len(lines)))
    lines[start:stop] = ["  " + line for line in lines[start:stop]]


MUTATIONS: tuple[Callable[[Lines, int, int], None], ...] = (
    _deleted,
    _doubled,
    _indented,
    _outdented,
    _extended,
    _inserted,
    _swapped,
    _swapped_everywhere,
    _moved_in,
)
GUISES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.rstrip("\n"),
    lambda text: "\ufeff" + text,
)


@st.composite
def mutated(draw: st.DrawFn, raw: bytes) -> bytes:
    """A file after up to four accidents, in any line ends."""
    lines = raw.decode("utf-8", "replace").split("\n")
    number = st.integers(0, 10_000)
    for mutate, at, pick in draw(st.lists(st.tuples(st.sampled_from(MUTATIONS), number, number), max_size=4)):
        if lines:
            mutate(lines, at % len(lines), pick)
    return draw(st.sampled_from(GUISES))("\n".join(lines)).encode("utf-8", "surrogatepass")


@st.composite
def repositories(draw: st.DrawFn) -> Files:
    """The files of one or two golden cases together, some of them mutated."""
    files: Files = {}
    for case in draw(st.lists(st.sampled_from(CASES), min_size=1, max_size=2)):
        files = {**case.before(), **files}
    return {path: draw(mutated(raw)) if draw(st.booleans()) else raw for path, raw in files.items()}


CASES = cases()
