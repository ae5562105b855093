"""The command as people call it: options, formats, exit statuses, bad input. Every run is a process of its own."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import tp_fix.report
from tp_fix.facts.registry import public_host
from tp_fix.facts.secrets import checksum

WORKFLOW = """\
on:
  release:
    types: [published]
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with:
          node-version: 24
      - run: npm publish
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
"""
SCHEMA = json.loads((Path(tp_fix.report.__path__[0]) / "schema.json").read_text())


def tp_fix_run(*args: str | Path, cwd: Path, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key not in ("GITHUB_REPOSITORY", "NO_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "tp_fix", *map(str, args)],
        cwd=cwd,
        env={**environment, **env},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    (root / ".github" / "workflows").mkdir(parents=True)
    (root / ".github" / "workflows" / "release.yml").write_text(WORKFLOW)
    (root / "package.json").write_text('{"name": "octo-pkg", "version": "1.0.0", "repository": "octo-org/octo-repo"}\n')
    git(root, "init", "-q")
    git(root, "remote", "add", "origin", "git@github.com:octo-org/octo-repo.git")
    return root


def git(root: Path, *args: str) -> None:
    subprocess.run(["git", *args], cwd=root, check=True, capture_output=True)


def release(root: Path) -> Path:
    return root / ".github" / "workflows" / "release.yml"


def report(root: Path, *args: str | Path) -> dict[str, Any]:
    run = tp_fix_run("--format", "json", *args, cwd=root)
    found: dict[str, Any] = json.loads(run.stdout)
    jsonschema.validate(found, SCHEMA)
    return found


def test_dry_run_is_the_default_and_writes_nothing(repo: Path) -> None:
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 1
    assert "+      id-token: write" in run.stdout and "-          NODE_AUTH_TOKEN" in run.stdout
    assert release(repo).read_text() == WORKFLOW
    assert run.stdout == tp_fix_run("--dry-run", cwd=repo).stdout


def test_npms_side_comes_first_of_what_is_left(repo: Path) -> None:
    steps = report(repo)["next"]
    assert steps[0].startswith("npm: give octo-pkg a trusted publisher at ")
    assert "repository `octo-org/octo-repo`, workflow `release.yml`" in steps[0]
    assert "NPM_TOKEN" in steps[-1]


def test_apply_writes_and_a_second_run_has_nothing_to_do(repo: Path) -> None:
    assert tp_fix_run("--apply", cwd=repo).returncode == 0
    assert "NODE_AUTH_TOKEN" not in release(repo).read_text()
    again = tp_fix_run("--apply", cwd=repo)
    assert (again.returncode, again.stdout) == (0, "tp-fix: nothing to do\n")


def test_apply_tells_of_changes_that_git_cannot_take_back_alone(repo: Path) -> None:
    run = tp_fix_run("--apply", cwd=repo)
    assert "release.yml had changes that are not committed" in run.stdout


def test_apply_of_a_committed_file_says_nothing_of_the_kind(repo: Path) -> None:
    git(repo, "add", "-A")
    git(repo, "-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x")
    assert "not committed" not in tp_fix_run("--apply", cwd=repo).stdout


def test_the_diff_is_all_that_format_diff_prints_and_git_takes_it(repo: Path) -> None:
    diff = tp_fix_run("--format", "diff", cwd=repo)
    assert diff.stdout.startswith("--- a/.github/workflows/release.yml\n") and diff.stderr == ""
    subprocess.run(["git", "apply", "-"], cwd=repo, input=diff.stdout.encode(), check=True)
    assert tp_fix_run(cwd=repo).returncode == 0


def test_json_keeps_to_its_schema_before_and_after(repo: Path) -> None:
    found = report(repo)
    assert found["repository"] == "octo-org/octo-repo"
    assert [(f["rule"], f["line"], f["fix"]["status"]) for f in found["findings"]] == [
        ("id-token", 5, "planned"),
        ("registry-url", 11, "planned"),
        ("npm-token", 16, "planned"),
    ]
    assert found["publications"][0]["ready"] is False and found["publications"][0]["packages"] == ["octo-pkg"]
    applied = report(repo, "--apply")
    assert {f["fix"]["status"] for f in applied["findings"]} == {"applied"}
    was = found["publications"][0]
    registry = was["registry"].removesuffix("/")  # as it is written out now
    assert applied["publications"][0] == {**was, "ready": True, "lacks": [], "registry": registry}


def test_select_and_ignore(repo: Path) -> None:
    assert [f["rule"] for f in report(repo, "--select", "id-token")["findings"]] == ["id-token"]
    only = report(repo, "--ignore", "id-token")["findings"]
    assert [(f["rule"], f["fix"]["status"]) for f in only] == [
        ("registry-url", "held-back"),
        ("npm-token", "display-only"),
    ]


def test_a_path_narrows_what_is_reported(repo: Path) -> None:
    assert tp_fix_run("package.json", cwd=repo).returncode == 0
    assert tp_fix_run(".github", cwd=repo).returncode == 1
    (repo / "docs").mkdir()
    assert tp_fix_run(".", cwd=repo / "docs").returncode == 0
    assert tp_fix_run(cwd=repo / "docs").returncode == 1


def test_a_fix_that_needs_files_outside_of_the_path_is_refused(repo: Path) -> None:
    caller, callee = release(repo), release(repo).with_name("publish.yml")
    callee.write_text(WORKFLOW.replace("release:\n    types: [published]", "workflow_call:"))
    caller.write_text("on: push\njobs:\n  go:\n    permissions: {}\n    uses: ./.github/workflows/publish.yml\n")
    finding = report(repo, callee)["findings"][0]
    assert finding["fix"]["status"] == "refused" and "release.yml lies outside" in finding["fix"]["reason"]


def test_a_word_that_is_a_command_is_the_command(repo: Path) -> None:
    (repo / "rules").mkdir()
    assert "\nid-token " in tp_fix_run("rules", cwd=repo).stdout
    assert tp_fix_run("./rules", cwd=repo).returncode == 0
    assert tp_fix_run("explain", "npm-token", cwd=repo).stdout.startswith("# npm-token\n")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--select", "id-tokn"], "did you mean id-token?"),
        (["explain", "nothing"], "known rules: "),
        (["--repository", "octo"], "is not OWNER/NAME"),
        (["--apply", "--dry-run"], "choose one"),
        (["no-such-folder"], "no such file or folder"),
        (["--frobnicate"], "No such option"),
    ],
)
def test_usage_errors_exit_with_2_and_say_what_to_do(repo: Path, args: list[str], said: str) -> None:
    run = tp_fix_run(*args, cwd=repo)
    assert run.returncode == 2 and said in run.stderr and "Traceback" not in run.stderr
    assert run.stdout == ""


BAD = {
    "not YAML": (b"on: push\njobs: [npm publish\n", "release.yml:3: not YAML: "),
    "not UTF-8": (b"on: push\n# \xff publish\n", "release.yml:2: not UTF-8"),
    "UTF-16": (WORKFLOW.encode("utf-16"), "release.yml:1: not UTF-8"),
    "duplicate keys": (
        b"on: push\non: pull_request\njobs: {} # publish\n",
        "release.yml:2: the key 'on' appears twice",
    ),
    "several documents": (b"on: push\njobs: {}\n---\nrun: npm publish\n", "release.yml:3: more than one YAML document"),
    "empty": (b"# npm publish\n", "release.yml: empty"),
    "too large": (b"# npm publish\n" + b"#" * (1 << 20), "release.yml: larger than 1 MiB"),
    "too deep": (b"on: publish\njobs: " + b"[" * 250 + b"]" * 250, "nested deeper than 200 levels"),
    "no workflow": (b"name: publish\n", "release.yml: not a workflow"),
    "a list": (b"- npm publish\n", "release.yml: not a workflow"),
    "laughs": (
        b"a: &a [publish, x, x, x, x, x, x, x, x, x]\n"
        + b"".join(
            b"%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n" % ((n + 1, n + 1) + (n,) * 9)
            for n in range(97, 105)
        ),
        "aliases expand to more than",
    ),
    "a lone carriage return": (b"on: push\rjobs: publish\n", "release.yml:1: has a lone carriage return"),
    "control characters": (b"on: push\njobs: publish \x07\n", "release.yml"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_line_and_the_rest_is_handled(repo: Path, name: str) -> None:
    raw, said = BAD[name]
    good = release(repo).rename(release(repo).with_name("good.yml"))
    release(repo).write_bytes(raw)
    run = tp_fix_run("--apply", cwd=repo)
    problems = [line for line in run.stdout.splitlines() if line.startswith("cannot read")]
    assert run.returncode == 2
    assert len(problems) == 1 and said in problems[0]
    assert "id-token: write" in good.read_text()
    assert release(repo).read_bytes() == raw
    assert "\x07" not in run.stdout


def test_a_link_out_of_the_repository_is_not_read(repo: Path, tmp_path: Path) -> None:
    release(repo).rename(tmp_path / "outside.yml")
    release(repo).symlink_to(tmp_path / "outside.yml")
    run = tp_fix_run("--apply", cwd=repo)
    assert run.returncode == 2 and "leads out of the repository" in run.stdout
    assert (tmp_path / "outside.yml").read_text() == WORKFLOW


def test_a_link_inside_is_read_and_not_written_through(repo: Path) -> None:
    release(repo).rename(repo / "real.yml")
    release(repo).symlink_to(repo / "real.yml")
    found = report(repo, "--apply")["findings"]
    assert found[0]["fix"]["status"] == "refused" and "symbolic link" in found[0]["fix"]["reason"]
    assert (repo / "real.yml").read_text() == WORKFLOW


def test_a_workflow_that_was_deleted_is_no_problem(repo: Path) -> None:
    git(repo, "add", "-A")
    release(repo).unlink()
    run = tp_fix_run(cwd=repo)
    assert (run.returncode, run.stdout) == (0, "tp-fix: nothing here is known to publish to npm\n")


def test_what_may_publish_unread_is_not_passed_over(repo: Path) -> None:
    text = "on: push\njobs:\n  release:\n    runs-on: ubuntu-latest\n    steps:\n"
    step = "      - uses: octo-org/publish-npm@v1\n        env:\n          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n"
    release(repo).write_text(text + step)
    run = tp_fix_run(cwd=repo)
    said = "nothing here is known to publish to npm, and a place that may is not read: `tp-fix publications` names it"
    assert (run.returncode, run.stdout) == (0, f"tp-fix: {said}\n")


def test_what_is_left_says_once_what_unsafe_does(repo: Path) -> None:
    release(repo).write_text(WORKFLOW.replace("node-version: 24", "node-version: 18"))
    steps = tp_fix_run(cwd=repo).stdout.partition("Left for you")[2]
    assert steps.count("set up Node 24 in job") == 1
    assert "set up Node 24 in job `publish`, which --unsafe does" in steps


def test_what_may_publish_is_counted_where_nothing_is_known_to(repo: Path) -> None:
    release(repo).write_text(WORKFLOW.replace("run: npm publish", "run: node release.js"))
    (repo / "release.js").write_text("require('child_process').execSync('make release')\n")
    said = "nothing here is known to publish to npm, and a place that may is not read: `tp-fix publications` names it"
    assert f"tp-fix: {said}\n" in tp_fix_run(cwd=repo).stdout


def test_a_secret_that_an_action_or_a_script_is_given_is_left_to_delete(repo: Path) -> None:
    secret = "${{ secrets.NPM_TOKEN }}"
    action = f"      - uses: JS-DevTools/npm-publish@v4\n        with:\n          token: {secret}\n"
    line = f"      - run: npm config set //npm-registry.invalid/:_authToken {secret}\n      - run: npm publish\n"
    line = line.replace("npm-registry.invalid", public_host())
    for step in (action, line):
        text = WORKFLOW.partition("      - run: npm publish")[0].replace("read\n", "read\n      id-token: write\n")
        release(repo).write_text(text + step)
        steps = tp_fix_run(cwd=repo).stdout.partition("Left for you")[2]
        assert "npm: give octo-pkg a trusted publisher" in steps
        assert "delete the secret NPM_TOKEN on GitHub" in steps


def test_a_dangling_link_is_one_line(repo: Path) -> None:
    release(repo).with_name("dangling.yml").symlink_to("nowhere.yml")
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 1 and "dangling" not in run.stdout


def test_a_folder_that_is_called_like_a_workflow(repo: Path) -> None:
    release(repo).with_name("folder.yml").mkdir()
    assert tp_fix_run(cwd=repo).returncode == 1


def test_a_folder_that_git_does_not_trust(repo: Path, tmp_path: Path) -> None:
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho \"fatal: detected dubious ownership in repository at 'x'\" >&2\nexit 128\n")
    fake.chmod(0o755)
    run = tp_fix_run(cwd=repo, PATH=f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    assert run.returncode == 2 and "git does not trust this folder" in run.stderr
    assert "safe.directory" in run.stderr and run.stdout == ""


def test_what_a_surrounding_git_left_in_the_environment_is_cleared(repo: Path) -> None:
    assert tp_fix_run(cwd=repo, GIT_DIR="/nonexistent", GIT_INDEX_FILE="/nonexistent").returncode == 1


def test_a_broken_manifest_is_one_line_and_the_rest_is_handled(repo: Path) -> None:
    (repo / "package.json").write_text('{"name": "octo-pkg",}\n')
    run = tp_fix_run("--apply", "--unsafe", cwd=repo)
    assert run.returncode == 2 and "cannot read package.json:1: not JSON" in run.stdout
    assert "id-token: write" in release(repo).read_text()


def test_a_read_only_file_refuses_its_fixes(repo: Path) -> None:
    release(repo).chmod(stat.S_IRUSR)
    run = tp_fix_run("--apply", cwd=repo)
    assert run.returncode == 1 and "is read-only" in run.stdout
    assert release(repo).read_text() == WORKFLOW


def test_the_mode_of_a_file_is_kept(repo: Path) -> None:
    release(repo).chmod(0o640)
    tp_fix_run("--apply", cwd=repo)
    assert stat.S_IMODE(release(repo).stat().st_mode) == 0o640


def test_without_git_and_without_a_remote(repo: Path, tmp_path: Path) -> None:
    git(repo, "remote", "remove", "origin")
    assert report(repo)["repository"] is None
    plain = tmp_path / "plain"
    (plain / ".github" / "workflows").mkdir(parents=True)
    release(plain).write_text(WORKFLOW)
    run = tp_fix_run(cwd=plain)
    assert run.returncode == 1 and "not a git repository" in run.stderr


def test_git_that_is_not_installed(repo: Path) -> None:
    run = tp_fix_run(cwd=repo, PATH="/nonexistent")
    assert run.returncode == 1 and "git is not installed" in run.stderr


def test_what_git_ignores_is_not_read(repo: Path) -> None:
    (repo / ".gitignore").write_text(".github/workflows/release.yml\n")
    assert tp_fix_run(cwd=repo).returncode == 0
    named = tp_fix_run(".github/workflows/release.yml", cwd=repo)
    assert named.returncode == 2 and "not among the files that tp-fix reads" in named.stderr


def test_control_characters_never_reach_the_terminal(repo: Path) -> None:
    bad = release(repo).with_name("re\x1b[31mlease.yml")
    bad.write_text(
        WORKFLOW.replace("publish:", "publish: # \u202e").replace("permissions:", 'name: "\\e[2J"\n    permissions:')
    )
    run = tp_fix_run("--color", "never", cwd=repo)
    assert run.returncode == 1
    assert "\x1b" not in run.stdout + run.stderr and "\u202e" not in run.stdout


def test_a_literal_token_is_reported_and_never_printed(repo: Path) -> None:
    body = "Qd7rXk2LwPz9" + "Vb4TnHs8Yc6m" + "Jf3GtR"
    token = "npm_" + body + checksum(body)
    release(repo).write_text(WORKFLOW.replace("${{ secrets.NPM_TOKEN }}", token))
    (repo / ".npmrc").write_text(f"//npm.octo-registry.dev/:_authToken={body}\n")
    for form in ("text", "json", "diff"):
        run = tp_fix_run("--format", form, "--unsafe", cwd=repo)
        assert body not in run.stdout + run.stderr
        assert form == "diff" or "revoke it now" in run.stdout


def test_color_only_where_it_is_wanted(repo: Path) -> None:
    assert "\x1b[" not in tp_fix_run(cwd=repo).stdout
    assert "\x1b[" in tp_fix_run("--color", "always", cwd=repo).stdout
    assert "\x1b[" not in tp_fix_run("--color", "auto", cwd=repo, NO_COLOR="1").stdout


def test_ctrl_c_exits_with_130(repo: Path) -> None:
    blocker = (
        "import time, tp_fix.cli, tp_fix.engine\ntp_fix.engine.find = lambda *a: time.sleep(30)\ntp_fix.cli.main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", blocker], cwd=repo, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 130 and b"Traceback" not in said


def test_a_dry_run_does_not_import_what_it_does_not_need(repo: Path) -> None:
    code = (
        "import sys, tp_fix.cli\n"
        "try: tp_fix.cli.main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('git', 'json5', 'rich', 'difflib') if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=repo, capture_output=True, text=True, check=True)
    assert run.stderr.strip() == "['difflib']"


def steps(text: str) -> str:
    """The workflow with other steps."""
    return WORKFLOW[: WORKFLOW.index("    steps:")] + "    steps:\n" + text


CALLEE = """\
on: workflow_call
jobs:
  a:
    permissions: { contents: admin }
    runs-on: x
    steps: [{ run: npm publish }]
"""
ODD: dict[str, dict[str, str | bytes]] = {
    "a blank shell": {"release.yml": steps("      - run: npm publish\n        shell: '  '\n")},
    "an unknown level": {
        "release.yml": "on: push\njobs:\n  a:\n    uses: ./.github/workflows/callee.yml\n",
        "callee.yml": CALLEE,
    },
    "a number of 6,000 digits": {"release.yml": WORKFLOW.replace("24", "9" * 6000)},
    "a hexadecimal number of 5,000 digits": {"release.yml": "name: 0x" + "f" * 5000 + "\n" + WORKFLOW},
    "a version of 5,000 digits": {"release.yml": steps("      - run: npx npm@" + "9" * 5000 + " publish\n")},
    "a file name that is not UTF-8": {"r\udcff.yml": CALLEE},
    "half a surrogate pair": {"../../package.json": '{"name": "\\ud800"}', "release.yml": WORKFLOW},
    "a deep lerna.json": {"../../lerna.json": "[" * 3000, "release.yml": steps("      - run: npm publish -ws\n")},
    "a chain of scripts": {
        "../../package.json": json.dumps({"scripts": {f"s{n}": f"npm run s{n + 1}" for n in range(600)}}),
        "release.yml": steps("      - run: npm run s0\n      - run: npm publish\n"),
    },
    "steps that are no mappings": {"release.yml": steps("      - null\n      - x\n      - run: npm publish\n")},
    "no steps": {"release.yml": steps("")},
    "odd jobs": {
        "release.yml": "on: push\njobs: { a: null, b: [], publish: { steps: [{ run: npm publish, env: x }] } }\n"
    },
    "many keys": {"release.yml": WORKFLOW + "".join(f"x{n}: 1\n" for n in range(20_000))},
    "a hostile workspace pattern": {
        "../../package.json": json.dumps({"workspaces": ["**/x" * 12 + "/zz"]}),
        "/".join(["../..", *"a" * 30, "package.json"]): "{}",
        "release.yml": steps("      - run: npm publish -ws\n"),
    },
}


@pytest.mark.parametrize("name", ODD)
def test_odd_input_is_no_bug_of_ours(repo: Path, name: str) -> None:
    for path, text in ODD[name].items():
        target = release(repo).parent / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    started = time.monotonic()
    for args in ((), ("--format", "json"), ("--format", "diff", "--unsafe"), ("--apply", "--unsafe")):
        run = tp_fix_run(*args, cwd=repo)
        assert run.returncode in (0, 1, 2), run.stderr
        assert "Traceback" not in run.stderr
    assert time.monotonic() - started < 60, "it must not take minutes, whatever the machine"


def test_a_console_without_unicode(repo: Path) -> None:
    release(repo).write_text(WORKFLOW.replace("contents: read", "contents: read # ✓😀"), encoding="utf-8")
    run = tp_fix_run(cwd=repo, PYTHONIOENCODING="cp1252")
    assert run.returncode == 1 and "\\u2713" in run.stdout


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    release(tmp_path).write_text(WORKFLOW)
    os.mkfifo(tmp_path / "package.json")
    run = tp_fix_run(cwd=tmp_path)
    assert run.returncode == 2 and "package.json: not a regular file" in run.stdout
