"""Golden cases: golden/<rule>/<case>/ with before/, after/ unless nothing changes, findings.txt, notes.md.

An empty file in after/ is one that is gone: renamed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from tp_fix.against import configured
from tp_fix.engine import Reported, Result, run
from tp_fix.facts.registry import public_host
from tp_fix.git.listing import walk
from tp_fix.models.repository import Repository
from tp_fix.plan import Limits
from tp_fix.rule import STAGES, Applicability, Rule, Stage
from tp_fix.rules import all_rules
from tp_fix.settings_file import settings_file

GOLDEN = Path(__file__).parent.parent / "golden"
PLACEHOLDER = "npm-registry.invalid"
REPOSITORY = "octo-org/octo-repo"
"""What the remote of every case says."""
Transform = Callable[[str, str], str]
"""From a path and a file's text to another text."""


class Options(NamedTuple):
    """What a run is asked to do; `repository` is what `--repository` says."""

    unsafe: bool
    rules: tuple[Rule, ...]
    prefer: tuple[str, ...] = ()
    repository: str | None = None
    stage: Stage | None = None


@dataclass(frozen=True)
class Case:
    """One case. The first line of findings.txt may be a command, whose options count: `$ tp-fix --unsafe`.

    A case in the folder of a rule runs that rule alone; in any other folder all of them.
    """

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(GOLDEN).as_posix()

    @property
    def command(self) -> str:
        """The command that the case is about, `$ tp-fix` and its options."""
        return next((line for line in self._lines() if line.startswith("$ ")), "$ tp-fix")

    @property
    def expected_findings(self) -> list[str]:
        return [line for line in self._lines() if not line.startswith("$")]

    @property
    def options(self) -> Options:
        words = self.command.split()[2:]
        named = list(pairwise(words))
        rules = all_rules()
        own = tuple(rule for rule in rules if rule.id == self.path.parent.name)
        return Options(
            "--unsafe" in words,
            own or rules,
            tuple(value for word, value in named if word == "--prefer"),
            next((value for word, value in named if word == "--repository"), None),
            next((stage for stage in STAGES if ("--stage", stage) in named), None),
        )

    def _lines(self) -> list[str]:
        return (self.path / "findings.txt").read_text(encoding="utf-8").splitlines()

    def before(self) -> dict[str, bytes]:
        return _files(self.path / "before")

    def after(self) -> dict[str, bytes]:
        """What the files must become: those of before, with those of after/ in their place."""
        before, after = self.before(), _files(self.path / "after")
        return {path: raw for path, raw in {**before, **after}.items() if raw or path not in after}


def cases() -> list[Case]:
    return [Case(path.parent) for path in sorted(GOLDEN.glob("*/*/findings.txt"))]


def _files(folder: Path) -> dict[str, bytes]:
    """The files below a folder, npm's registry in the place of its placeholder."""
    if not folder.is_dir():
        return {}
    return {path: to_real((folder / path).read_bytes()) for path in walk(str(folder))}


def to_real(raw: bytes) -> bytes:
    return raw.replace(PLACEHOLDER.encode(), public_host().encode())


def to_placeholder(text: str) -> str:
    return text.replace(public_host(), PLACEHOLDER)


def lay(files: dict[str, bytes], root: Path) -> Path:
    """Write files into a fresh folder."""
    if root.exists():
        shutil.rmtree(root)
    for path, raw in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(raw)
    return root


def outcome(root: Path, options: Options, *, prefilter: bool = True) -> tuple[Result, dict[str, bytes]]:
    """A run over a folder, in process: its result, and every file as it would be.

    Of a tp-fix.toml there, only the trusted publishers count.
    """
    repository = Repository(
        str(root),
        walk(str(root)),
        options.repository or REPOSITORY,
        given=options.repository is not None,
        remotes=(REPOSITORY,),
        prefilter=prefilter,
    )
    limits = Limits(Applicability.UNSAFE if options.unsafe else Applicability.SAFE, stage=options.stage)
    settings = settings_file(str(root), [rule.id for rule in all_rules()])
    publishers = configured((), settings.publishers, repository)
    result = run(repository, options.rules, limits, options.prefer, publishers)
    files = {path: (root / path).read_bytes() for path in walk(str(root)) if path not in result.files}
    return result, {**files, **{after.path: after.raw for _, after in result.files.values()}}


def described(result: Result) -> list[str]:
    """The findings in the words of findings.txt."""
    problems = [f"cannot read {problem.message}" for problem in result.problems]
    return [to_placeholder(line) for line in [*problems, *(line for item in result.reported for line in _lines(item))]]


def _lines(item: Reported) -> list[str]:
    finding, entry = item.entry.finding, item.entry
    found = [f"{finding.path}:{item.line} {finding.severity} {finding.rule}: {finding.message}"]
    if finding.fix is not None:
        reason = f" ({entry.reason})" if entry.reason else ""
        found.append(f"  {finding.fix.applicability.name.lower()}, {entry.status}: {finding.fix.title}{reason}")
    return found


def crlf(path: str, text: str) -> str:
    return text.replace("\n", "\r\n")


def bom(path: str, text: str) -> str:
    return "\ufeff" + text


def no_final_newline(path: str, text: str) -> str:
    return text.removesuffix("\n")


def commented(path: str, text: str) -> str:
    """A comment with characters of every width above every job list, and one behind every `on:`."""
    if not path.endswith((".yml", ".yaml")):
        return text
    text = re.sub(r"(?m)^jobs:", "# ✓😀 größe\njobs:", text)
    return re.sub(r"(?m)^on:(.*)$", r"on:\1 # ✓😀", text)


def reindented(path: str, text: str) -> str:
    """Twice the indentation, dashes included; scripts keep their lines and move with the rest."""
    if not path.endswith((".yml", ".yaml")):
        return text

    def twice(match: re.Match[str]) -> str:
        return match[1] * 2 + match[2].replace("- ", "-   ")

    return re.sub(r"(?m)^( *)((?:- )*)", twice, text)


TRANSFORMS: dict[str, Transform] = {
    function.__name__: function for function in (crlf, bom, no_final_newline, commented, reindented)
}


def transformed(files: dict[str, bytes], transform: Transform) -> dict[str, bytes]:
    return {
        path: transform(path, raw.decode()).encode() if path.endswith((".yml", ".yaml", ".json", "npmrc")) else raw
        for path, raw in files.items()
    }
