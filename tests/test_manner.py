"""Histories as repositories write them, and the manner that is read from each."""

from __future__ import annotations

import pytest

from tp_fix.report.migration.manner import Manner, linted, manner_of

PLAIN = Manner()
LOWER = Manner(upper=False)
CONVENTIONAL = Manner(conventional=True, upper=False)
CHORE = CONVENTIONAL._replace(other="chore")

HISTORIES: dict[str, tuple[list[str], Manner]] = {
    "nothing yet": ([], PLAIN),
    "one commit": (["feat: first"], PLAIN),
    "sentences": (["Add a parser", "Fix a crash in the lexer", "Update the docs"], PLAIN),
    "small letters": (["add a parser", "fix a crash", "docs", "typo"], LOWER),
    "a tie": (["Add a parser", "fix a crash", "Update docs", "typo"], PLAIN),
    "conventional": (["feat: add x", "fix: mend y", "build: pack z", "docs: say so"], CONVENTIONAL),
    "conventional with chore": (["feat: add x", "chore: tidy", "chore: tidy more", "build: z"], CHORE),
    "conventional with scopes": (["feat(core): add x", "fix(cli)!: mend", "perf(core): go", "test: y"], CONVENTIONAL),
    "conventional with capitals": (["Feat: Add x", "Fix: Mend y", "Chore: Tidy", "Docs: Say so"], CHORE),
    "conventional after years without": (["feat: a", "fix: b", "chore: c", "feat: d", "Old One", "Other"], CHORE),
    "conventional here and there": (["feat: add x", "Add y", "Mend z", "Update w", "fix: v"], PLAIN),
    "exactly half": (["feat: add x", "fix: y", "Mend z", "Update w"], PLAIN),
    "release commits between": (
        [
            "chore(release): 1.2.3",
            "feat: a",
            "v1.2.2",
            "1.2.1",
            "fix: b",
            "release v1.2.0",
            "chore: c",
            "Release 1.0.0",
        ],
        CHORE,
    ),
    "only release commits": (["1.0.2", "1.0.1", "1.0.0", "v0.9.0"], PLAIN),
    "robots between": (
        ["Bump a from 1 to 2", "Update dependency b to v3", "feat: a", "Merge branch 'x'", "fix: b", "ci: c"],
        CONVENTIONAL,
    ),
    "versions by changesets": (["Version Packages", "Version Packages (beta)", "Add a", "Mend b", "Say c"], PLAIN),
    "a scope for ci": (
        ["ci(release): a", "ci(release): b", "feat: x", "ci(release): c", "fix: y", "chore: z"],
        CHORE._replace(ci="ci(release)"),
    ),
    "chore(ci)": (
        ["chore(ci): a", "chore(ci): b", "chore(ci): c", "feat: x", "fix: y"],
        CHORE._replace(ci="chore(ci)"),
    ),
    "build(ci)": (["build(ci): a", "build(ci): b", "build(ci): c", "feat: x"], CONVENTIONAL._replace(ci="build(ci)")),
    "a scope for ci, once": (["ci(release): a", "feat: x", "fix: y", "docs: z"], CONVENTIONAL),
    "many scopes for ci": (
        ["ci(release): a", "ci(test): b", "ci(lint): c", "ci: d", "ci: e", "feat: x"],
        CONVENTIONAL,
    ),
    "fix(ci) would release": (["fix(ci): a", "fix(ci): b", "fix(ci): c", "feat: x"], CONVENTIONAL),
    "ci alone": (["ci: a", "ci: b", "ci: c", "fix: y"], CONVENTIONAL),
    "gitmoji": ([":sparkles: Add x", ":bug: Fix y", ":memo: Say z", ":art: Tidy"], PLAIN),
    "gitmoji, small": ([":sparkles: add x", ":bug: fix y", ":memo: say z"], LOWER),
    "emoji": (["✨ Add x", "🐛 Fix y", "📝 Say z", "♻️ Tidy"], PLAIN),
    "emoji and small letters": (["✨ add x", "🐛 fix y", "⬆️ upgrade z"], LOWER),
    "tickets": (["ABC-12 Add x", "ABC-13: Fix y", "[ABC-14] Say z"], PLAIN),
    "tickets, small": (["ABC-12 add x", "[ABC-13] fix y", "#14 say z"], LOWER),
    "tags in brackets": (["[core] Add x", "[cli] Fix y", "[docs] Say z"], PLAIN),
    "areas, Go's way": (["net/http: add x", "cmd/go: fix y", "runtime: tidy z"], LOWER),
    "areas that are no types": (["core: Add x", "parser: Fix y", "cli: Say z"], PLAIN),
    "past tense": (["Added x", "Fixed y", "Removed z"], PLAIN),
    "one word": (["update", "update", "wip", "fix"], LOWER),
    "another script": (["添加解析器", "修复崩溃", "更新文档"], PLAIN),
    "pull requests squashed": (["Add x (#12)", "Fix y (#13)", "Say z (#14)"], PLAIN),
    "conventional squashed": (["feat: add x (#12)", "fix: y (#13)", "chore: z (#14)"], CHORE),
    "reverts and fixups": (['Revert "feat: x"', "fixup! feat: y", "feat: a", "fix: b", "ci: c"], CONVENTIONAL),
    "a scope that is no scope": (["ci($(x)): a", "ci(`x`): b", "ci(<x>): c", "feat: a", "fix: b"], LOWER),
    "blank lines": (["", "  ", "Add x", "Fix y", "Say z"], PLAIN),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_the_manner_of_a_history(name: str) -> None:
    subjects, manner = HISTORIES[name]
    assert manner_of(subjects) == manner


@pytest.mark.parametrize(
    ("manner", "paths", "subject"),
    [
        (PLAIN, ["package.json"], "Publish without a token"),
        (LOWER, ["package.json"], "publish without a token"),
        (CONVENTIONAL, [".github/workflows/a.yml"], "ci: publish without a token"),
        (CONVENTIONAL, [".github/workflows/a.yml", ".npmrc"], "build: publish without a token"),
        (CHORE._replace(ci="ci(release)"), [".github/actions/a/action.yml"], "ci(release): publish without a token"),
        (CHORE, ["package.json"], "chore: publish without a token"),
    ],
)
def test_a_subject(manner: Manner, paths: list[str], subject: str) -> None:
    assert manner.subject("publish without a token", paths) == subject


def test_no_history_makes_a_commit_that_releases_something() -> None:
    for subjects, manner in HISTORIES.values():
        found = manner_of(subjects)
        assert not found.ci.startswith(("fix", "feat")) and found.other in ("build", "chore"), manner


@pytest.mark.parametrize(
    ("paths", "manifest", "said"),
    [
        ((), b"{}", False),
        ((), b'{"devDependencies": {"@commitlint/cli": "19"}}', True),
        (("commitlint.config.mjs",), b"", True),
        ((".commitlintrc",), b"", True),
        (("docs/commitlint.config.js", "commitlint.md"), b"", False),
    ],
)
def test_commitlint_is_set_up(paths: tuple[str, ...], manifest: bytes, said: bool) -> None:
    assert linted(paths, manifest) is said


def test_what_commitlint_wants_counts_more_than_a_past_that_is_cut_off() -> None:
    assert manner_of(["Initial commit"], linted=True).subject("do it", [".github/a"]) == "ci: do it"
    assert manner_of(["chore: a", "chore: b", "chore(ci): c"] * 3, linted=True).conventional
