"""The pull request's text: what it says of golden cases, and of repositories that mean no good."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from golden import Case, Options, cases, lay, outcome
from tp_fix.commits import commits
from tp_fix.facts.registry import settings_page
from tp_fix.report.migration.commit_message import messages
from tp_fix.report.migration.manner import Manner
from tp_fix.report.migration.markdown import code, fenced, prose
from tp_fix.report.migration.pull_request import body, title
from tp_fix.rule import Stage
from tp_fix.rules import all_rules

PATCHED = [case for case in cases() if (case.path / "after").is_dir()]
MANNER = Manner(True, False)
RELEASE = """\
on:
  release:
    types: [published]
jobs:
  publish:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v7
      - uses: actions/setup-node@v7
        with:
          node-version: 24
          registry-url: https://npm-registry.invalid
          package-manager-cache: false
      - name: %s
        run: npm publish%s
        env:
          NODE_AUTH_TOKEN: ${{ secrets.NPM_TOKEN }}
"""
EVIL = "@evil #12 o/r#3 GH-4 <img src=x> ](https://evil.invalid) `x` ``y [z](w) https://evil.invalid/a **b**"


def texts(
    files: dict[str, str], root: Path, *, unsafe: bool = False, stage: Stage | None = None, ready: bool = False
) -> tuple[str, ...]:
    """Title, body and messages for a repository of these files; `ready` grants the scope in all of them."""
    if ready:
        scope = "contents: read\n      id-token: write"
        files = {path: text.replace("contents: read", scope) for path, text in files.items()}
    raw = {path: text.replace("https://npm-registry.invalid", to_real()).encode() for path, text in files.items()}
    result, _ = outcome(lay(raw, root / "tree"), Options(unsafe, all_rules(), stage=stage))
    series = commits(result)
    return title(series, MANNER), body(series, result, MANNER), *messages(series, result, MANNER)


def to_real() -> str:
    from tp_fix.facts.registry import public_host

    return f"https://{public_host()}"


def manifest(name: str) -> str:
    return json.dumps({"name": name, "version": "1.0.0", "repository": "octo-org/octo-repo"})


def plain(names: dict[str, str] | None = None, step: str = "Release") -> dict[str, str]:
    workflow = RELEASE % (json.dumps(step), "")
    return {".github/workflows/release.yml": workflow, "package.json": manifest("octo-pkg"), **(names or {})}


@pytest.mark.parametrize("case", PATCHED, ids=lambda case: case.name)
def test_every_case_has_its_sections_and_fits(case: Case, tmp_path: Path) -> None:
    result, _ = outcome(lay(case.before(), tmp_path / "tree"), case.options)
    series = commits(result)
    text = body(series, result, MANNER)
    assert len(text) < 65_536 and text.endswith("\n") and "\n\n\n" not in text
    headings = re.findall("(?m)^## (.*)$", text)
    assert headings[0] == "What changes" and headings[-1] == "Going back"
    assert ("After merging" in headings) is ("Before merging: npm's side" in headings)
    assert len(title(series, MANNER)) <= 72 and re.match(r"(ci|build): [a-z]", title(series, MANNER))
    assert all(before.path in text for commit in series for before, _ in commit.files)
    assert_harmless(text)


def test_what_has_to_be_done_before_and_after(tmp_path: Path) -> None:
    name, text, *_ = texts(plain(), tmp_path)
    assert name == "ci: publish to npm without a token"
    assert text.startswith("With this, `octo-pkg` can be published to npm without a token")
    fields = "owner `octo-org`, repository `octo-repo`, workflow file `release.yml`, environment left empty"
    assert (
        f"- [ ] `octo-pkg` on [its page]({settings_page('octo-pkg')}): {fields}, allow `npm publish`\n  ```sh\n" in text
    )
    command = "npm trust github octo-pkg --file release.yml --repository octo-org/octo-repo --allow-publish"
    assert f"  ```sh\n  {command}\n  ```\n" in text
    plan = ["Publish a prerelease", "provenance badge", "delete the secret `NPM_TOKEN`", "disallow tokens"]
    assert sorted(plan, key=text.index) == plan
    assert "  - before: a token in `NODE_AUTH_TOKEN`; `id-token: write` is not in effect" in text
    assert "  - after: **ready**; no token in its environment" in text


OTHER = """\
on: push
jobs:
  nightly:
    runs-on: %s
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v7
      - run: %s
        env:
          NODE_AUTH_TOKEN: ${{ secrets.%s }}
"""
INHERITING = "on: push\njobs:\n  a:\n    uses: octo-org/flows/.github/workflows/a.yml@v1\n    secrets: inherit\n"
BY_NAME = "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ toJSON(secrets) }}\n"


@pytest.mark.parametrize(
    "other",
    [OTHER % ("ubuntu-latest", "npm ci", "npm_token"), OTHER % ("x", "npm publish", "NPM_TOKEN"), INHERITING, BY_NAME],
    ids=["another case", "a publication", "inherited", "at run time"],
)
def test_a_secret_that_something_else_may_use_is_kept(other: str, tmp_path: Path) -> None:
    _, text, *said = texts(plain({".github/workflows/other.yml": other}), tmp_path, stage="drop", ready=True)
    assert "Keep the secret `NPM_TOKEN`, which `.github/workflows/other.yml` uses, or may" in text
    assert "delete the secret" not in text and "The secret NPM_TOKEN stays" in " ".join(said[-1].split())


def test_a_secret_that_another_workflow_uses_is_kept_in_the_plan_too(tmp_path: Path) -> None:
    other = OTHER % ("ubuntu-latest", "npm ci", "NPM_TOKEN")
    _, text, *_ = texts(plain({".github/workflows/other.yml": other}), tmp_path, stage="add")
    assert "Keep the secret `NPM_TOKEN`, which `.github/workflows/other.yml` uses" in text
    assert "delete the secret" not in text


def test_tokens_are_allowed_while_another_publication_of_the_package_has_one(tmp_path: Path) -> None:
    other = {".github/workflows/other.yml": OTHER % ("self-hosted", "npm publish", "NPM_OTHER_TOKEN")}
    _, text, *said = texts(plain(other), tmp_path, stage="drop", ready=True)
    assert "delete the secret `NPM_TOKEN`" in text
    assert "but not while job `nightly` in .github/workflows/other.yml publishes with one" in text
    words = " ".join(said[-1].split())
    assert "npm must go on allowing tokens while job `nightly` in .github/workflows/other.yml has one" in words
    assert "disallow" not in words


def test_adding_alone_carries_the_plan(tmp_path: Path) -> None:
    name, text, *said = texts(plain(), tmp_path, stage="add")
    assert name == "ci: prepare the npm release for trusted publishing"
    assert "**The token stays for now**" in text
    plan = [
        "Before merging",
        "Publish a prerelease",
        "--stage drop` takes",
        "delete the secret `NPM_TOKEN`",
        "disallow",
    ]
    assert sorted(plan, key=text.index) == plan
    assert "take NODE_AUTH_TOKEN away (not in this stage: --stage drop does it)" in text
    assert "`tp-fix --apply --stage drop` takes the token away" in " ".join(said[0].split())


@pytest.mark.parametrize("evil", [EVIL, "`@a` @b `@c", "``", "\n\n@a\n```\n# x", "a\u202eb\x1b[2J", "</details>"])
def test_names_have_no_effect(evil: str, tmp_path: Path) -> None:
    files = plain({"package.json": manifest(evil)}, step=evil)
    _, text, *said = texts(files, tmp_path)
    assert_harmless(text)
    assert all("\x1b" not in each and "\u202e" not in each for each in said)
    assert all(len(line) <= 100 for each in said for line in each.split("\n"))


def assert_harmless(text: str) -> None:
    """Nothing of a name is left outside of code that GitHub would act upon."""
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", text)
    outside = re.sub(r"(?ms)^( *)(`{3,})sh$.*?^\1\2$", "", text)
    outside = re.sub(r"(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)", "", outside)
    outside = re.sub(r"\[its page\]\([^()\s]*\)", "", outside)
    assert not re.search(r"[@#]\w|GH-\d|https?://\w|<(?!/?details>|/?summary>)", outside), outside
    assert outside.count("<details>") == outside.count("</details>")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("`a` and `b`", "`a` and `b`"),
        ("@x", "@\u200bx"),
        ("#1, a#2 and GH-3", "#\u200b1, a#\u200b2 and GH-\u200b3"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("[a](b) *c* ~d~ a_b _c_", r"\[a\](b) \*c\* \~d\~ a_b \_c\_"),
        ("one ` of them", "one ' of them"),
        ("https://a.invalid www.b.invalid", "https://\u200ba.invalid www.\u200bb.invalid"),
        ("`a`` b`", "`a`\u200b`b`"),
        ("a\nb\tc", "a b c"),
        ("npm_0123456789abcdefghij0123456789abcdef", r"npm\_…"),
    ],
)
def test_prose(text: str, shown: str) -> None:
    assert prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("", "`  `"), ("a\nb", "`a b`"), ("``", "``` `` ```")],
)
def test_code(text: str, shown: str) -> None:
    assert code(text) == shown


def test_a_fence_is_longer_than_what_is_in_it() -> None:
    assert fenced(["echo '````'"], "  ") == ["  `````sh", "  echo '````'", "  `````"]


def test_many_packages_are_folded_and_very_many_are_cut(tmp_path: Path) -> None:
    names = {f"packages/p{number}/package.json": manifest(f"@octo/package-number-{number}") for number in range(900)}
    root = json.dumps({"name": "root", "private": True, "workspaces": ["packages/*"]})
    files = {**names, "package.json": root, ".github/workflows/release.yml": RELEASE % ("x", " --workspaces")}
    _, text, *said = texts(files, tmp_path)
    assert len(text) < 65_536 and "<details><summary>900 packages</summary>" in text
    assert re.search(r"- \[ \] and \d+ more packages, which `tp-fix trust` lists", text)
    assert_harmless(text)
    assert "888 more packages need the same: `tp-fix trust` prints all." in said[0]


def test_many_workflows_are_one_commit_that_can_be_read(tmp_path: Path) -> None:
    files = {f".github/workflows/r{number}.yml": RELEASE % ("x", "") for number in range(40)}
    _, text, *said = texts({**files, "package.json": manifest("octo-pkg")}, tmp_path)
    assert "- and 28 more like these" in said[0]
    assert max(len(each.split("\n")) for each in said) < 120 and "<details><summary>40 changes</summary>" in text


def test_what_rests_on_an_assumption_says_so(tmp_path: Path) -> None:
    files = plain()
    files[".github/workflows/release.yml"] = (
        files[".github/workflows/release.yml"]
        .replace("    permissions:\n      contents: read\n", "")
        .replace("run: npm publish", "run: ./unknown && npm publish")
    )
    _, text, *said = texts(files, tmp_path, unsafe=True)
    assert "⚠ it assumes that job `publish` needs no more" in text
    assert "The repository does not prove this; please check:\n- it assumes that job `publish` needs no more" in said[0]


def test_what_is_said_of_a_workflow_outlives_its_name(tmp_path: Path) -> None:
    """A file that one commit renames is the same file for all that come behind it."""
    case = next(case for case in PATCHED if case.name == "together/renamed-with-the-rest")
    result, _ = outcome(lay(case.before(), tmp_path / "tree"), case.options)
    series = commits(result)
    text, said = body(series, result, MANNER), messages(series, result, MANNER)
    assert "  - before: a token in `NODE_AUTH_TOKEN`; `id-token: write` is not in effect" in text
    assert "npm trust github octo-pkg --file publish.yml" in text and "--file publish.yml" in said[-1]
    assert all("Before merging, npm has to be told whom to trust" in each for each in said[1:])
