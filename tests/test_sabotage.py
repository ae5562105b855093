"""The proof bites: lowering is sabotaged in every way that codemods have failed, and nothing is ever written.

Each sabotage takes the place of a part of lowering, or of what comes behind it, while `tp-fix --apply` runs.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tp_fix import patch as patch_module
from tp_fix.change import AddKey, Change, RemoveKeys, SetValue
from tp_fix.edit import Edit, Lowered, apply
from tp_fix.formats import yaml_lower
from tp_fix.formats.yaml_site import Site
from tp_fix.models import granting
from tp_fix.models.split import splitting
from tp_fix.models.token import taking
from tp_fix.models.token.unit import Unit
from tp_fix.node import Data, Node, Route
from tp_fix.rules import publish_trigger as publish_trigger_module
from tp_fix.rules import registry_url_added
from tp_fix.source import Source, Span

WORKFLOW = """\
name: Release
on:
  pull_request:
  push:
    tags: ["v*"]
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: write # for the tag
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 24
      - name: Publish
        run: |
          npm ci
          npm publish
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
      - run: echo done # said and done
        env:
          COLOR: "always"
"""
Lower = Callable[[Source, Node, object], Lowered]


def lowered_with(change_lowered: Callable[[Source, object, Lowered], Lowered]) -> Callable[[pytest.MonkeyPatch], None]:
    """A sabotage of what lowering answers."""

    def install(patch: pytest.MonkeyPatch) -> None:
        honest = yaml_lower.lower
        patch.setattr(yaml_lower, "lower", lambda source, root, c: change_lowered(source, c, honest(source, root, c)))

    return install


def edits(change_edits: Callable[[Source, Edit], Edit]) -> Callable[[pytest.MonkeyPatch], None]:
    return lowered_with(
        lambda source, change, low: low._replace(edits=tuple(change_edits(source, edit) for edit in low.edits))
    )


def text_of(change_text: Callable[[str], str]) -> Callable[[pytest.MonkeyPatch], None]:
    """A sabotage of the text that edits put together."""

    def install(patch: pytest.MonkeyPatch) -> None:
        honest = apply
        patch.setattr(patch_module, "apply", lambda text, all_edits: change_text(honest(text, all_edits)))

    return install


def extra(pattern: str, new: str) -> Callable[[pytest.MonkeyPatch], None]:
    """One edit more than the change asks for."""

    def added(source: Source, change: object, low: Lowered) -> Lowered:
        at = source.text.find(pattern)
        edit = Edit(Span(at, at + len(pattern)), new)
        return low if at < 0 else low._replace(edits=(*low.edits, edit))

    return lowered_with(added)


def emptied(patch: pytest.MonkeyPatch) -> None:
    """The variable goes and its `env:` stays, by a rule that believes in it."""
    honest = taking._without_variables

    def removal(unit: Unit, gone: set[Route]) -> Iterator[Change]:
        for change in honest(unit, gone):
            assert isinstance(change, RemoveKeys)
            yield SetValue((*change.route, "env"), {})

    patch.setattr(taking, "_without_variables", removal)
    patch.setitem(yaml_lower.TABLE, ("block mapping", SetValue), _empty_block)


def _empty_block(site: Site, change: SetValue) -> Lowered:
    return Lowered((Edit(site.node.span, "{}"),))


def scope_dropped(patch: pytest.MonkeyPatch) -> None:
    """A rule that writes `id-token: write` in the place of the scopes that were there."""
    patch.setattr(granting, "_widened", lambda declared: SetValue(declared.route, {"id-token": "write"}))

    def flattened(site: Site, change: SetValue) -> Lowered:
        return Lowered((Edit(Span(site.node.span.start, site.source.line_end(site.node.span.end)), "id-token: write"),))

    patch.setitem(yaml_lower.TABLE, ("block mapping", SetValue), flattened)


def unnamed_comment(source: Source, change: object, low: Lowered) -> Lowered:
    """The comment behind the neighbour goes with the edit, and nobody says so."""
    at = source.text.find(" # said and done")
    return low._replace(edits=(*low.edits, Edit(Span(at, at + 16), "")))


def event_dropped(patch: pytest.MonkeyPatch) -> None:
    """A rule that takes the release's own trigger away with a pull request's left."""
    patch.setattr(granting, "_widened", lambda declared: RemoveKeys(("on",), ("push",)))


def registry_changed(patch: pytest.MonkeyPatch) -> None:
    """A rule that names another registry than npm's."""
    patch.setattr(registry_url_added, "public_host", lambda: "registry.example")


def release_shut_out(patch: pytest.MonkeyPatch) -> None:
    """A guard that keeps the release itself from running, by a rule that does not evaluate it again."""
    patch.setattr(publish_trigger_module, "guard_against", lambda group: "github.event_name == 'pull_request'")
    patch.setattr(publish_trigger_module, "shuts", lambda *_: True)


def release_made_doubtful(patch: pytest.MonkeyPatch) -> None:
    """A guard after which nobody knows any more whether the release runs."""
    patch.setattr(publish_trigger_module, "guard_against", lambda group: "vars.RELEASE == 'yes'")
    patch.setattr(publish_trigger_module, "shuts", lambda *_: True)


SABOTAGES: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "wrong span": edits(lambda s, e: Edit(Span(e.span.start + 3, e.span.end + 3), e.text)),
    "span of the key cut short": edits(
        lambda s, e: e if e.inserts else Edit(Span(e.span.start, e.span.end - 9), e.text)
    ),
    "lost comment": lowered_with(unnamed_comment),
    "comment named but not touched": lowered_with(
        lambda source, change, low: low._replace(dropped=(Span(*_span(source, "# said and done")),))
    ),
    "flattened block": extra("|\n          npm ci\n          npm publish", '"npm ci\\nnpm publish\\n"'),
    "wrong indentation": edits(lambda s, e: Edit(e.span, e.text.replace("\n      ", "\n    "))),
    "changed neighbour": extra("echo done", "echo gone"),
    "respelled neighbour": extra('"always"', "always"),
    "renamed key's quotes": extra("COLOR:", '"COLOR":'),
    "emptied env": emptied,
    "duplicated key": edits(lambda s, e: Edit(e.span, e.text + e.text)),
    "lost final newline": text_of(lambda text: text.rstrip("\n")),
    "line end that nobody had": edits(lambda s, e: Edit(e.span, e.text.replace("\n", "\r\n"))),
    "changed line outside the edits": text_of(lambda text: text.replace("name: Release", "name:  Release")),
    "scope dropped": scope_dropped,
    "event dropped": event_dropped,
    "another registry": registry_changed,
    "release shut out": release_shut_out,
    "release made doubtful": release_made_doubtful,
    "nothing done": lowered_with(lambda source, change, low: Lowered(())),
    "another change's edits": lowered_with(
        lambda source, change, low: low if isinstance(change, AddKey) else Lowered((Edit(Span(0, 4), "game"),))
    ),
}


def _span(source: Source, text: str) -> tuple[int, int]:
    at = source.text.find(text)
    return at, at + len(text)


def _repository(root: Path, workflow: bytes) -> Path:
    path = root / ".github" / "workflows" / "release.yml"
    path.parent.mkdir(parents=True)
    path.write_bytes(workflow)
    (root / "package.json").write_text('{"name": "octo-pkg", "repository": "octo-org/octo-repo"}\n')
    return path


def _apply(root: Path, patch: pytest.MonkeyPatch, *options: str) -> int:
    """`tp-fix --unsafe --apply` in this process, where the sabotage is."""
    from tp_fix import cli

    patch.setattr(sys, "argv", ["tp-fix", "--unsafe", "--apply", *options, str(root)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert isinstance(stopped.value.code, int)
    return stopped.value.code


@pytest.mark.parametrize("name", SABOTAGES)
def test_sabotage_is_caught_and_nothing_is_written(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _repository(tmp_path, WORKFLOW.encode())
    SABOTAGES[name](monkeypatch)
    assert _apply(tmp_path, monkeypatch) == 3
    assert path.read_bytes() == WORKFLOW.encode()
    said = capsys.readouterr().err
    assert "Nothing was written" in said and "bug of tp-fix" in said


def test_half_converted_line_ends_are_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = WORKFLOW.replace("\n", "\r\n").encode()
    path = _repository(tmp_path, raw)
    edits(lambda s, e: Edit(e.span, e.text.replace("\r\n", "\n")))(monkeypatch)
    assert _apply(tmp_path, monkeypatch) == 3
    assert path.read_bytes() == raw
    assert "line end" in capsys.readouterr().err


def test_without_sabotage_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _repository(tmp_path, WORKFLOW.encode())
    assert _apply(tmp_path, monkeypatch, "--ignore", "publish-isolation") == 0
    text = path.read_text()
    assert "id-token: write" in text and "NODE_AUTH_TOKEN" not in text


def test_git_never_sees_a_sabotaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _repository(tmp_path, WORKFLOW.encode())
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "-A"], cwd=tmp_path, check=True)
    SABOTAGES["changed neighbour"](monkeypatch)
    assert _apply(tmp_path, monkeypatch) == 3
    changed = subprocess.run(["git", "diff", "--name-only"], cwd=tmp_path, check=True, capture_output=True)
    assert changed.stdout == b""


SPLIT = """\
name: Release
on: { push: { tags: ["v*"] } }
jobs:
  release:
    runs-on: ubuntu-latest
    permissions: { contents: read, id-token: write }
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 24
      - run: npm ci
      - run: npm publish --access public
        env:
          NPM_CONFIG_LOGLEVEL: verbose
"""
Job = dict[str, Data]


def new_job(spoil: Callable[[Job], object]) -> Callable[[pytest.MonkeyPatch], None]:
    """A sabotage of the job that a publish moves into."""

    def install(patch: pytest.MonkeyPatch) -> None:
        honest = splitting._new_job

        def spoiled(*parts: Any) -> Job:
            job = honest(*parts)
            spoil(job)
            return job

        patch.setattr(splitting, "_new_job", spoiled)

    return install


def last_step(**keys: Data) -> Callable[[Job], object]:
    def spoil(job: Job) -> None:
        steps = job["steps"]
        assert isinstance(steps, list) and isinstance(steps[-1], dict)
        steps[-1].update(keys)

    return spoil


def left_in_place(patch: pytest.MonkeyPatch) -> None:
    """The old job goes on publishing and loses its scope all the same."""
    patch.setattr(splitting, "_packing", lambda publication, words: iter([{"run": "npm publish --access public"}]))


def another_package(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        splitting,
        "_packing",
        lambda publication, words: iter([{"run": 'npm pack ./tools --pack-destination "$RUNNER_TEMP"'}]),
    )


SPLITS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "publish forgotten": new_job(last_step(run="echo published")),
    "another registry": new_job(last_step(run="npm publish ./*.tgz --access public --registry https://octo.example")),
    "flag lost": new_job(last_step(run="npm publish ./*.tgz")),
    "flag added": new_job(last_step(run="npm publish ./*.tgz --access public --tag next")),
    "dry run": new_job(last_step(run="npm publish ./*.tgz --access public --dry-run")),
    "settings lost": new_job(last_step(env={})),
    "condition added": new_job(last_step(**{"if": "false"})),
    "condition of the job added": new_job(lambda job: job.update({"if": "github.ref_type == 'branch'"})),
    "does not wait": new_job(lambda job: job.pop("needs")),
    "no scope": new_job(lambda job: job.update(permissions={"contents": "read"})),
    "another environment": new_job(lambda job: job.update(environment="npm")),
    "own runner": new_job(lambda job: job.update({"runs-on": "self-hosted"})),
    "another artifact": new_job(lambda job: job["steps"][-2]["with"].update(name="other")),  # type: ignore[index,call-overload,union-attr]  # the shape is known here
    "published twice": left_in_place,
    "another package": another_package,
}


@pytest.mark.parametrize("name", SPLITS)
def test_a_split_that_loses_something_is_caught(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = _repository(tmp_path, SPLIT.encode())
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "package.json").write_text('{"name": "octo-tools"}\n')
    SPLITS[name](monkeypatch)
    assert _apply(tmp_path, monkeypatch, "--prefer", "isolated-publish", "--select", "publish-isolation") == 3
    assert path.read_bytes() == SPLIT.encode()
    assert "Nothing was written" in capsys.readouterr().err


def test_an_honest_split_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _repository(tmp_path, SPLIT.encode())
    assert _apply(tmp_path, monkeypatch, "--prefer", "isolated-publish") == 0
    assert "npm publish ./*.tgz --access public" in path.read_text()
