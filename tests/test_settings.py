"""tp-fix.toml: what it can say, what is said of what it cannot, and who wins."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path

import pytest

from test_command_line import git, release, report, tp_fix_run
from tp_fix.git.listing import listing
from tp_fix.settings import Asked, in_force
from tp_fix.settings_file import line_of
from two_findings import WORKFLOW, repo

__all__ = ["repo"]


def settle(root: Path, text: str) -> None:
    (root / "tp-fix.toml").write_text(text, encoding="utf-8")


def levels(root: Path, *args: str) -> dict[str, str]:
    return {finding["rule"]: finding["level"] for finding in report(root, *args)["findings"]}


def test_both_places_work_and_not_together(repo: Path) -> None:
    (repo / ".github" / "tp-fix.toml").write_text('ignore = ["id-token"]\n')
    assert levels(repo) == {"npm-token": "warning"}
    settle(repo, "")
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 2 and "tp-fix.toml and .github/tp-fix.toml" in run.stderr


def test_it_is_found_from_a_folder_below_and_without_git(repo: Path, tmp_path: Path) -> None:
    settle(repo, 'ignore = ["id-token"]\n')
    (repo / "docs").mkdir()
    assert "id-token switched off by tp-fix.toml" in tp_fix_run(cwd=repo / "docs").stdout
    (repo / ".git").rename(tmp_path / "elsewhere")
    assert "id-token switched off by tp-fix.toml" in tp_fix_run(cwd=repo).stdout


def test_a_file_that_git_ignores_counts(repo: Path) -> None:
    (repo / ".gitignore").write_text("tp-fix.toml\n")
    settle(repo, 'ignore = ["id-token"]\n')
    assert levels(repo) == {"npm-token": "warning"}


def test_crlf_and_a_byte_order_mark_are_no_trouble(repo: Path) -> None:
    (repo / "tp-fix.toml").write_bytes(b'\xef\xbb\xbfignore = [\r\n  "id-token",\r\n]\r\n')
    assert levels(repo) == {"npm-token": "warning"}


def test_select_of_the_command_line_takes_the_place_of_the_files(repo: Path) -> None:
    settle(repo, 'select = ["npm-token"]\n')
    assert levels(repo) == {"npm-token": "warning"}
    assert levels(repo, "--select", "id-token") == {"id-token": "error"}


def test_select_of_the_command_line_beats_ignore_of_the_file_and_ignores_add_up(repo: Path) -> None:
    settle(repo, 'ignore = ["id-token"]\n')
    assert levels(repo, "--select", "id-token") == {"id-token": "error"}
    assert in_force(Asked(ignore=("npm-token",)), listing(str(repo))).ignore == ("id-token", "npm-token")


def test_the_report_for_machines_says_which_rules_ran_and_who_was_asked(repo: Path) -> None:
    settle(repo, 'select = ["npm-token"]\n')
    found = report(repo)
    assert (found["settings"], found["rules"]) == ("tp-fix.toml", ["npm-token"])
    (repo / "tp-fix.toml").unlink()
    found = report(repo)
    assert found["settings"] is None and {"id-token", "npm-token"} <= set(found["rules"])


def test_no_rule_left_is_an_error_and_can_still_be_looked_at(repo: Path) -> None:
    settle(repo, 'select = ["id-token"]\nignore = ["id-token"]\n')
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 2 and "no rule is left" in run.stderr
    assert "# rules that run: none" in tp_fix_run("--show-settings", cwd=repo).stdout


def test_levels_change_what_counts_and_not_what_is_fixed(repo: Path) -> None:
    settle(repo, '[levels]\nid-token = "note"\nnpm-token = "note"\n')
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 0 and "2 of 2 would be fixed" in run.stdout
    assert levels(repo) == {"id-token": "note", "npm-token": "note"}
    settle(repo, '[levels]\nid-token = "warning"\nnpm-token = "error"\n')
    assert levels(repo) == {"id-token": "warning", "npm-token": "error"}
    assert tp_fix_run("--apply", cwd=repo).returncode == 0
    assert "id-token: write" in release(repo).read_text()


def test_a_remark_stays_a_note_whatever_the_level(repo: Path) -> None:
    release(repo).write_text(WORKFLOW.replace("  publish:", "  publish: # tp-fix: ignore[id-token]"))
    settle(repo, '[levels]\nid-token = "error"\n')
    assert levels(repo)["id-token"] == "note"


@pytest.mark.parametrize(
    ("pattern", "ignored"),
    [
        (".github/workflows/release.yml", True),
        (".github/**", True),
        (".github/*", True),
        ("release.yml", True),
        ("*.yml", True),
        ("**/release.yml", True),
        ("/release.yml", False),
        (".github/*.yml", False),
        ("workflows/release.yml", False),
        ("**/workflows", True),
        ("rel*.yaml", False),
    ],
)
def test_patterns_are_those_of_gitignore(repo: Path, pattern: str, ignored: bool) -> None:
    settle(repo, f'[per-path-ignores]\n"{pattern}" = ["id-token"]\n')
    found = report(repo)
    assert ("id-token" not in [finding["rule"] for finding in found["findings"]]) is ignored
    assert found["ignored"] == int(ignored)


def test_what_is_ignored_is_neither_fixed_nor_passed_over_in_silence(repo: Path) -> None:
    settle(repo, '[per-path-ignores]\n".github/**" = ["id-token", "npm-token"]\n')
    run = tp_fix_run("--apply", cwd=repo)
    assert run.returncode == 0
    assert run.stdout.endswith("\ntp-fix: nothing to do; 2 findings ignored by tp-fix.toml\n")
    assert release(repo).read_text() == WORKFLOW


WRONG = {
    "unknown key": ('selct = ["id-token"]', "tp-fix.toml:1: there is no setting 'selct'", "did you mean select?"),
    "nothing like it": ("x = 1", "there is no setting 'x'", "known: repository, select, ignore"),
    "unknown rule": (
        '\n\nignore = [\n  "id-token",\n  "npm-tokn",\n]',
        ":3: there is no rule 'npm-tokn'",
        "npm-token?",
    ),
    "one name": ('select = "id-token"', ":1: 'select' is not a list of names", 'select = ["'),
    "no names": ("select = []", ":1: 'select' names no rule", "leave it out"),
    "mixed": ('ignore = ["id-token", 1]', "'ignore' is not a list of names", ""),
    "preference": ('prefer = ["fork-gard"]', "there is no preference 'fork-gard'", "did you mean fork-guard?"),
    "level": ('[levels]\n\nid-token = "warn"', ":3: 'warn' is no level", "did you mean warning?"),
    "off": ('levels.id-token = "off"', ":1: 'off' is no level", 'ignore = ["id-token"]'),
    "no text": ("[levels]\nid-token = 3", ":2: 3 is no level", "note"),
    "level of a stranger": ('[levels]\nid-tokn = "note"', ":2: there is no rule 'id-tokn'", "id-token?"),
    "no table": ("levels = 1", "'levels' is not a table", "[levels]"),
    "negated": ('[per-path-ignores]\n"!a" = ["id-token"]', ":2: '!a' is no pattern", ".gitignore"),
    "comment": ('[per-path-ignores]\n"#a" = ["id-token"]', "'#a' is no pattern", ""),
    "empty pattern": ('[per-path-ignores]\n"" = ["id-token"]', "'' is no pattern", ""),
    "backslash": ('[per-path-ignores]\n"\\\\" = ["id-token"]', "is no pattern", ""),
    "path with one name": ('[per-path-ignores]\n"a b" = "id-token"', "'a b' is not a list", '"a b" = ["'),
    "repository": ('repository = "octo"', ":1: 'octo' is not OWNER/NAME", "octo-org/left-pad"),
    "a number": ("repository = 1", "1 is not OWNER/NAME", ""),
    "broken": ("select = [", "tp-fix.toml:1: not TOML: ", ""),
    "twice": ("ignore = []\nignore = []", "tp-fix.toml:2:12: not TOML: cannot overwrite", ""),
    "deep": ("a = " + "[" * 20_000, "nested too deeply", ""),
    "long": ("#" * 70_000, "larger than 64 KiB", ""),
    "control characters": ('select = ["\\u001b[31m"]', "there is no rule '\\x1b[31m'", ""),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_in_one_line_with_its_place(repo: Path, name: str) -> None:
    text, said, hint = WRONG[name]
    settle(repo, text + "\n")
    run = tp_fix_run("--apply", cwd=repo)
    assert run.returncode == 2 and run.stdout == ""
    lines = run.stderr.splitlines()
    assert said in lines[0] and len(lines) <= 2 and hint in run.stderr
    assert "\x1b" not in run.stderr
    assert release(repo).read_text() == WORKFLOW


def test_a_file_that_cannot_be_read_is_one_line(repo: Path, tmp_path: Path) -> None:
    path = repo / "tp-fix.toml"
    path.write_bytes(b"# a\n\xff\n")
    assert "tp-fix.toml:2: not UTF-8" in tp_fix_run(cwd=repo).stderr
    path.unlink()
    path.mkdir()
    assert "tp-fix.toml: not a regular file" in tp_fix_run(cwd=repo).stderr
    path.rmdir()
    path.symlink_to("nowhere")
    assert "tp-fix.toml: cannot be read: No such file" in tp_fix_run(cwd=repo).stderr
    path.unlink()
    (tmp_path / "outside.toml").write_text('ignore = ["id-token"]\n')
    path.symlink_to(tmp_path / "outside.toml")
    run = tp_fix_run(cwd=repo)
    assert run.returncode == 2 and "leads out of the repository" in run.stderr


def test_a_link_inside_the_repository_is_followed(repo: Path) -> None:
    (repo / "shared.toml").write_text('ignore = ["id-token"]\n')
    (repo / "tp-fix.toml").symlink_to("shared.toml")
    assert levels(repo) == {"npm-token": "warning"}


TEXT = """\
# a
repository = "o/r"

select = [
  "id-token", # b
]
note = '''
levels = 1
'''
[levels]
# c
id-token = "note"
[per-path-ignores]
"a/**" = [
]
b.c = 1
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        (("repository",), 2),
        (("select",), 4),
        (("levels",), 10),
        (("levels", "id-token"), 12),
        (("per-path-ignores", "a/**"), 14),
        (("per-path-ignores", "b", "c"), 16),
        (("nothing",), 0),
        (("repository", "x"), 0),
    ],
)
def test_the_line_of_a_key(key: tuple[str, ...], line: int) -> None:
    assert line_of(TEXT, key) == line


def test_a_very_long_file_is_not_asked_for_lines() -> None:
    assert line_of("\n" * 100_000 + "a = 1\n", ("a",)) == 0


def asked(
    repo: Path, monkeypatch: pytest.MonkeyPatch, environment: str | None, option: str | None
) -> tuple[str | None, bool]:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    if environment is not None:
        monkeypatch.setenv("GITHUB_REPOSITORY", environment)
    settings = in_force(Asked(option), listing(str(repo)))
    return settings.repository, settings.given


def test_who_says_the_repositorys_name(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(repo, monkeypatch, None, None) == ("octo-org/octo-repo", False)
    assert asked(repo, monkeypatch, "", None) == ("octo-org/octo-repo", False)
    settle(repo, 'repository = "file/x"\n')
    assert asked(repo, monkeypatch, None, None) == ("file/x", True)
    assert asked(repo, monkeypatch, "env/x", None) == ("env/x", True)
    assert asked(repo, monkeypatch, "env/x", "option/x") == ("option/x", True)


@pytest.mark.parametrize("name", ["octo", "octo/", "a/b/c", "https://github.com/a/b", "a b/c", "a/b\n"])
def test_a_malformed_variable_is_a_clear_line(repo: Path, name: str) -> None:
    run = tp_fix_run(cwd=repo, GITHUB_REPOSITORY=name)
    assert run.returncode == 2 and "environment's GITHUB_REPOSITORY" in run.stderr and "OWNER/NAME" in run.stderr


def test_an_unknown_preference_names_the_nearest(repo: Path) -> None:
    run = tp_fix_run("--prefer", "isolated-publis", cwd=repo)
    assert run.returncode == 2 and "did you mean isolated-publish?" in run.stderr


def test_preferences_add_up(repo: Path) -> None:
    settle(repo, 'prefer = ["fork-guard"]\n')
    found = in_force(Asked(prefer=("isolated-publish", "fork-guard")), listing(str(repo)))
    assert found.prefer == ("fork-guard", "isolated-publish")


REMOTES = {
    "none": ([], None, ()),
    "origin": ([("origin", "https://github.com/a/b.git")], "a/b", ("a/b",)),
    "several": (
        [("upstream", "git@github.com:up/b.git"), ("origin", "ssh://git@github.com/me/b")],
        "me/b",
        ("me/b", "up/b"),
    ),
    "no origin": ([("upstream", "https://github.com/up/b")], None, ("up/b",)),
    "elsewhere": ([("origin", "https://gitlab.example/a/b.git")], None, ()),
    "the same twice": ([("origin", "https://github.com/a/b"), ("x", "git@github.com:a/b.git")], "a/b", ("a/b",)),
    "a dotted name": ([("my.fork", "https://github.com/a/b.js")], None, ("a/b.js",)),
}


@pytest.mark.parametrize("name", REMOTES)
def test_remotes(tmp_path: Path, name: str) -> None:
    remotes, origin, every = REMOTES[name]
    git(tmp_path, "init", "-q")
    for remote, url in remotes:
        git(tmp_path, "remote", "add", remote, url)
    found = listing(str(tmp_path))
    assert found.repository == origin and sorted(found.remotes) == sorted(every)


def test_an_address_that_git_rewrites_is_read_as_git_does(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", "gh:octo-org/octo-repo")
    git(tmp_path, "config", "url.https://github.com/.insteadOf", "gh:")
    assert listing(str(tmp_path)).repository == "octo-org/octo-repo"


def test_show_settings_names_each_source_and_is_a_file_that_tp_fix_reads(repo: Path) -> None:
    settle(
        repo,
        '# ours\nignore = ["id-token"]\nprefer = ["fork-guard"]\n\n'
        '[levels]\nnpm-token = "note"\n\n[per-path-ignores]\n"größe/**" = ["npm-token"]\n',
    )
    run = tp_fix_run("--show-settings", "--prefer", "isolated-publish", cwd=repo, GITHUB_REPOSITORY="env/x")
    assert run.returncode == 0
    assert run.stdout.splitlines()[3:] == [
        'repository = "env/x"  # environment GITHUB_REPOSITORY',
        "# select: every rule",
        'ignore = ["id-token"]  # tp-fix.toml:2',
        'prefer = ["fork-guard", "isolated-publish"]  # tp-fix.toml:3, command line',
        "",
        "[levels]",
        'npm-token = "note"  # tp-fix.toml:6',
        "",
        "[per-path-ignores]",
        '"größe/**" = ["npm-token"]  # tp-fix.toml:9',
    ]
    assert "\n# baseline: none\n" in run.stdout and "npm-token" in run.stdout.splitlines()[2]
    settle(repo, run.stdout)
    again = tp_fix_run("--show-settings", cwd=repo).stdout
    assert tomllib.loads(again) == tomllib.loads(run.stdout)


def test_show_settings_without_any(repo: Path) -> None:
    git(repo, "remote", "remove", "origin")
    shown = tp_fix_run("--show-settings", cwd=repo).stdout
    assert shown.startswith("# settings file: none\n") and "# repository: not known\n" in shown
    assert tp_fix_run("--show-settings", "--apply", cwd=repo).returncode == 2


def test_show_settings_for_machines(repo: Path) -> None:
    settle(repo, '[levels]\nid-token = "note"\n')
    found = json.loads(tp_fix_run("--show-settings", "--format", "json", "--select", "id-token", cwd=repo).stdout)
    assert found["file"] == "tp-fix.toml" and found["rules"] == ["id-token"]
    assert {"key": ["levels", "id-token"], "value": "note", "from": "tp-fix.toml:2"} in found["settings"]
    assert {"key": ["select"], "value": ["id-token"], "from": "command line"} in found["settings"]


def test_a_run_without_settings_imports_nothing_for_them(repo: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys, tp_fix.cli\n"
        "try: tp_fix.cli.main()\n"
        "except SystemExit: pass\n"
        "print([n for n in ('tomllib', 'pathspec', 'tp_fix.interactive') if n in sys.modules], file=sys.stderr)"
    )
    environment = {key: value for key, value in os.environ.items() if key != "GITHUB_REPOSITORY"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=repo, env=environment, capture_output=True, text=True, check=True
    )
    assert run.stderr.strip() == "[]"
