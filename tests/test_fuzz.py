"""Whole repositories, mangled: never a crash, an unsound patch or a refusal without a reason.

The suite runs a quick part; `make fuzz` runs 10,000 repositories and says what became of them.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from golden import Options, lay, outcome
from repositories import Files, repositories
from tp_fix.models.preferences import PREFERENCES
from tp_fix.rules import all_rules

RULES = all_rules()
QUICK = settings(deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def options(draw: st.DrawFn) -> Options:
    prefer = draw(st.sampled_from(((), (), tuple(PREFERENCES))))
    return Options(draw(st.booleans()), RULES, prefer, draw(st.sampled_from((None, "octo-org/octo-repo"))))


@st.composite
def publishers(draw: st.DrawFn) -> bytes:
    """A tp-fix.toml that says what npm has for a package that may be published."""
    names = st.sampled_from(("octo-pkg", "@octo/a", "@octo/b"))
    files = st.sampled_from(("release.yml", "Release.yml", "release.yaml", "npm.yml", "publish.yml"))
    tables = [
        f'[[publisher]]\npackage = "{draw(names)}"\nrepository = "octo-org/octo-repo"\nworkflow = "{draw(files)}"\n'
        f'environment = "{draw(st.sampled_from(("", "npm")))}"\n'
        for _ in range(draw(st.integers(0, 2)))
    ]
    return "".join(tables).encode()


@QUICK
@given(files=repositories(), chosen=options(), said=publishers())
def test_a_mangled_repository_is_patched_soundly_or_not_at_all(files: Files, chosen: Options, said: bytes) -> None:
    files = {**files, "tp-fix.toml": said}
    with tempfile.TemporaryDirectory() as folder:
        root = lay(files, Path(folder) / "r")
        result, after = outcome(root, chosen)
    for item in result.reported:
        entry = item.entry
        event(f"{entry.finding.rule}: {entry.status}")
        assert entry.finding.message.strip()
        if entry.status in ("refused", "conflict", "display-only"):
            assert entry.reason.strip(), entry
    names = {old.path: new.path for old, new in result.files.values()}
    assert after.keys() == {names.get(path, path) for path in files} and len(after) == len(files)
    for path, name in names.items():
        event("files patched" if path == name else "files renamed")
        check_sound(path, files[path], after[name], moved=bool(chosen.prefer))


def check_sound(path: str, before: bytes, after: bytes, *, moved: bool) -> None:
    """By means of our own that know nothing of the proof: another YAML loader, and plain lines.

    `moved` says that publishes may have moved to jobs of their own, and other words may stand around them.
    """
    assert (b"\r\n" in before) >= (b"\r\n" in after)
    assert before.startswith(b"\xef\xbb\xbf") is after.startswith(b"\xef\xbb\xbf")
    if not path.endswith((".yml", ".yaml")):
        return
    old, new = loaded(before), loaded(after)
    may_go = {"env"} if "jobs" in old else {"inputs"}  # an action has no jobs, and inputs
    assert set(old) - may_go == set(new) - may_go, "only what is emptied may go"
    if "jobs" not in old:
        return
    assert set(old["jobs"]) <= set(new["jobs"])
    if moved:
        assert len(list(publishes(old))) <= len(list(publishes(new)))
        return
    for name, job in old["jobs"].items():
        assert levels(job, old) <= levels(new["jobs"][name], new), (path, name)
    assert sorted(publishes(old)) == sorted(publishes(new))


def loaded(raw: bytes) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = YAML(typ="safe").load(raw.decode("utf-8-sig"))
    return found


def levels(job: object, workflow: dict[str, dict[str, object]]) -> set[tuple[object, object]]:
    """The scopes that a block names, with their levels, less those that it denies."""
    own = job.get("permissions", workflow.get("permissions")) if isinstance(job, dict) else None
    return {(k, v) for k, v in own.items() if v in ("read", "write")} if isinstance(own, dict) else set()


def publishes(node: object) -> Iterator[str]:
    """Every `… publish …` line of every script; the npm that it names may be raised."""
    if isinstance(node, dict):
        script = node.get("run")
        if isinstance(script, str):
            yield from (
                re.sub(r"\bnpm@[^\s\"']+", "npm@", line) for line in re.findall(r"(?m)^.*\bpublish\b.*$", script)
            )
        for value in node.values():
            yield from publishes(value)
    elif isinstance(node, list):
        for value in node:
            yield from publishes(value)
