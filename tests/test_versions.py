"""Sets of versions: how npm reads a range, what "at least" means of one, and which release an installer takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_fix.facts.clients import Version
from tp_fix.models.versions.versions import ANY, NEVER, PLAIN, Stretch, Versions, exactly, from_on, newest_of, ranged

ALL = "0.0.1 10.9.8 11.4.2 11.5.1 11.15.0 12.2.0 20.17.0 22.9.0 22.23.2 24.0.0 24.5.0 26.1.0"
"""Versions of npm and of Node that decide something."""

# What npm's own semver 7.8 says (in npm 11.21.2), by which of ALL it takes to satisfy the range. None: it is no range,
# or nothing satisfies it. Two things are known to differ and stand in no row: `22.x.1`, which the semver of npm 11.21
# refuses and that of npm 10 reads as `22.x`, as node-semver does; and prereleases, which count here as their release.
RANGES: list[tuple[str, str | None]] = [
    ("22", "22.9.0 22.23.2"),
    ("v22", "22.9.0 22.23.2"),
    ("=22", "22.9.0 22.23.2"),
    ("22.x", "22.9.0 22.23.2"),
    ("22.X", "22.9.0 22.23.2"),
    ("22.*", "22.9.0 22.23.2"),
    ("22.x.x", "22.9.0 22.23.2"),
    ("22.23", "22.23.2"),
    ("22.23.x", "22.23.2"),
    ("22.23.2", "22.23.2"),
    ("v22.23.2", "22.23.2"),
    ("=22.23.2", "22.23.2"),
    ("=v22.23.2", "22.23.2"),
    ("= 22", "22.9.0 22.23.2"),
    ("22.23.2+build.7", "22.23.2"),
    (" 22 ", "22.9.0 22.23.2"),
    ("*", ALL),
    ("x", ALL),
    ("X", ALL),
    ("", ALL),
    ("||", ALL),
    (">=11.5.1", "11.5.1 11.15.0 12.2.0 20.17.0 22.9.0 22.23.2 24.0.0 24.5.0 26.1.0"),
    (">= 11.5.1", "11.5.1 11.15.0 12.2.0 20.17.0 22.9.0 22.23.2 24.0.0 24.5.0 26.1.0"),
    (">11.5.1", "11.15.0 12.2.0 20.17.0 22.9.0 22.23.2 24.0.0 24.5.0 26.1.0"),
    ("<22", "0.0.1 10.9.8 11.4.2 11.5.1 11.15.0 12.2.0 20.17.0"),
    ("<=22", "0.0.1 10.9.8 11.4.2 11.5.1 11.15.0 12.2.0 20.17.0 22.9.0 22.23.2"),
    ("<=22.9", "0.0.1 10.9.8 11.4.2 11.5.1 11.15.0 12.2.0 20.17.0 22.9.0"),
    ("<=22.9.0", "0.0.1 10.9.8 11.4.2 11.5.1 11.15.0 12.2.0 20.17.0 22.9.0"),
    (">22", "24.0.0 24.5.0 26.1.0"),
    (">22.9", "22.23.2 24.0.0 24.5.0 26.1.0"),
    ("^11", "11.4.2 11.5.1 11.15.0"),
    ("^11.5.1", "11.5.1 11.15.0"),
    ("^11.5", "11.5.1 11.15.0"),
    ("^0.0.1", "0.0.1"),
    ("^0.1", ""),
    ("^11.x", "11.4.2 11.5.1 11.15.0"),
    ("~11", "11.4.2 11.5.1 11.15.0"),
    ("~11.5", "11.5.1"),
    ("~11.5.1", "11.5.1"),
    ("~> 11.5", "11.5.1"),
    ("~11.5.x", "11.5.1"),
    ("^20.17.0 || >=22.9.0", "20.17.0 22.9.0 22.23.2 24.0.0 24.5.0 26.1.0"),
    ("^22.22.2 || ^24.15.0 || >=26.0.0", "22.23.2 26.1.0"),
    ("^20.17.0||>=22.9.0", "20.17.0 22.9.0 22.23.2 24.0.0 24.5.0 26.1.0"),
    ("20 || 22 || 24", "20.17.0 22.9.0 22.23.2 24.0.0 24.5.0"),
    ("20||", ALL),
    ("|| 22", ALL),
    (">=20 <24", "20.17.0 22.9.0 22.23.2"),
    (">=20  <24", "20.17.0 22.9.0 22.23.2"),
    (">=20.0.0 <=22.9.0", "20.17.0 22.9.0"),
    (">=22 >=24", "24.0.0 24.5.0 26.1.0"),
    ("20 - 22", "20.17.0 22.9.0 22.23.2"),
    ("20.17.0 - 22.9", "20.17.0 22.9.0"),
    ("20.17 - 22.9.0", "20.17.0 22.9.0"),
    ("11.5.1 - 11", "11.5.1 11.15.0"),
    ("22 24", None),
    ("22 >=22.9", "22.9.0 22.23.2"),
    (">=11.5.1 <12 || >=12.2", "11.5.1 11.15.0 12.2.0 20.17.0 22.9.0 22.23.2 24.0.0 24.5.0 26.1.0"),
    ("!22", None),
    ("22,24", None),
    ("22 | 24", None),
    ("22-24", None),
    ("lts/*", None),
    ("lts/iron", None),
    ("node", None),
    ("latest", None),
    ("next-11", None),
    ("^latest", None),
    ("22 || latest", None),
    ("1.2.3.4", None),
    ("^", None),
    ("22.", None),
    ("01.2.3", None),
    ("022", None),
    (">=22.09.0", None),
    ("git+https://github.com/npm/cli.git", None),
    ("workspace:*", None),
    (">24 <22", None),
    ("<0.0.0", None),
    ("24 - 22", None),
    (">*", None),
    ("٢٢", None),
    ("99999999999999999999", None),
    ("==22", "22.9.0 22.23.2"),
    ("V22", None),
    ("^^22", None),
    (">=v11.5.1", "11.5.1 11.15.0 12.2.0 20.17.0 22.9.0 22.23.2 24.0.0 24.5.0 26.1.0"),
    ("11.5.1 || 12.x || 22.9 - 24.0", "11.5.1 12.2.0 22.9.0 22.23.2 24.0.0"),
]


def version(text: str) -> Version:
    major, minor, patch = map(int, text.split("."))
    return (major, minor, patch)


def held(versions: Versions) -> str:
    return " ".join(text for text in ALL.split() if versions.holds(version(text)))


@pytest.mark.parametrize(("text", "wanted"), RANGES)
def test_ranges(text: str, wanted: str | None) -> None:
    versions = ranged(text)
    assert (None if versions is None else held(versions)) == wanted


def test_a_prerelease_counts_as_its_release() -> None:
    assert ranged("11.5.1-rc.0") == exactly((11, 5, 1))
    assert ranged(">=11.5.1-rc.0") == from_on((11, 5, 1))


EXACT: list[tuple[str, Version | None]] = [
    ("22.9.0", (22, 9, 0)),
    (">=22.9.0 <=22.9.0", (22, 9, 0)),
    ("22.9", None),
    ("22.9.0 || 24.5.0", None),
]


@pytest.mark.parametrize(("text", "wanted"), EXACT)
def test_exact(text: str, wanted: Version | None) -> None:
    assert (ranged(text) or ANY).exact == wanted


# Of something in the first range: will it be in the second?
WITHIN: list[tuple[str, str, bool | None]] = [
    ("22", "^20.17.0 || >=22.9.0", None),
    ("22.8.0", "^20.17.0 || >=22.9.0", False),
    ("22.9.0", "^20.17.0 || >=22.9.0", True),
    ("20", "^20.17.0 || >=22.9.0", None),
    ("^20.17.0", "^20.17.0 || >=22.9.0", True),
    ("21", "^20.17.0 || >=22.9.0", False),
    ("18 || 21", "^20.17.0 || >=22.9.0", False),
    ("18 || 24", "^20.17.0 || >=22.9.0", None),
    ("24 || 26", "^20.17.0 || >=22.9.0", True),
    (">=20", "^20.17.0 || >=22.9.0", None),
    ("*", ">=11.5.1", None),
    ("11", ">=11.5.1", None),
    ("12", ">=11.5.1", True),
    ("10", ">=11.5.1", False),
    ("22 - 23", "22 || 23", True),
    ("22 - 24", "22 || 24", None),
    ("*", "*", True),
    ("24.5.0", "24 || 24.5.0", True),
]


@pytest.mark.parametrize(("text", "wanted", "answer"), WITHIN)
def test_within(text: str, wanted: str, answer: bool | None) -> None:
    assert (ranged(text) or ANY).within(ranged(wanted) or ANY) is answer


AT_LEAST: list[tuple[str, bool | None]] = [
    ("11.5.1", True),
    ("11.5.0", False),
    ("11", None),
    ("^11.5.1", True),
    ("10 || 12", None),
    ("<11.5.1", False),
    ("<=11.5.1", None),
]


@pytest.mark.parametrize(("text", "answer"), AT_LEAST)
def test_at_least(text: str, answer: bool | None) -> None:
    assert (ranged(text) or ANY).at_least((11, 5, 1)) is answer


RELEASED = [(20, 20, 2), (22, 9, 0), (22, 23, 2), (24, 0, 0), (24, 21, 0)]
NEWEST: list[tuple[str, str]] = [
    ("22", ">=22.23.2 <23.0.0"),
    ("22.9.0", "22.9.0"),
    ("22.9", ">=22.9.0 <22.10.0"),
    ("<24", ">=22.23.2 <24"),
    (">=20", ">=24.21.0"),
    ("20 || 22", ">=22.23.2 <23"),
    ("22 || 25", ">=22.23.2 <23 || 25"),
    ("25", "25"),
    ("22.30.0", "22.30.0"),
    ("18", "18"),
]


@pytest.mark.parametrize(("text", "wanted"), NEWEST)
def test_newest_of(text: str, wanted: str) -> None:
    """The newest known release, or one that came out since; what is wholly unknown stays as it is."""
    assert newest_of(ranged(text) or ANY, RELEASED) == ranged(wanted)


NUMBERS = st.integers(0, 30)
VERSIONS = st.tuples(NUMBERS, NUMBERS, NUMBERS)
PLACE = st.one_of(NUMBERS.map(str), st.sampled_from(["x", "X", "*", "00", "01"]))
SHORT = st.builds(
    lambda sign, major, rest: sign + ".".join([str(major), *rest]),
    st.sampled_from(["", "v", "="]),
    NUMBERS,
    st.lists(PLACE, max_size=3),
)


@given(SHORT, st.lists(VERSIONS, min_size=1))
def test_what_needs_no_grammar_agrees_with_the_grammar(text: str, samples: list[Version]) -> None:
    if PLAIN.fullmatch(text):
        short, whole = ranged(text), ranged(f"{text} || {text}")
        assert short is not None and whole is not None
        assert [short.holds(one) for one in samples] == [whole.holds(one) for one in samples]


SETS = st.builds(
    lambda pairs: Versions(tuple(sorted(Stretch(min(pair), max(pair)) for pair in pairs))),
    st.lists(st.lists(VERSIONS, min_size=2, max_size=2, unique=True), min_size=1, max_size=4),
)


def ends(*sets: Versions) -> list[Version]:
    """The first version of each stretch, and the first behind it: nothing changes in between."""
    return [end for each in sets for stretch in each.stretches for end in stretch if end < NEVER]


@given(SETS, SETS)
def test_within_means_what_holds_says(some: Versions, wanted: Versions) -> None:
    answers = {wanted.holds(one) for one in ends(some, wanted) if some.holds(one)}
    assert some.within(wanted) is (answers.pop() if len(answers) == 1 else None)


@given(SETS, SETS, VERSIONS)
def test_one_or_the_other(one: Versions, other: Versions, sample: Version) -> None:
    assert (one | other).holds(sample) == (one.holds(sample) or other.holds(sample))


@given(SETS, st.lists(VERSIONS))
def test_an_installer_takes_nothing_older_than_the_newest_known_release(
    wanted: Versions, released: list[Version]
) -> None:
    known = [one for one in released if wanted.holds(one)]
    taken = newest_of(wanted, released)
    assert all(wanted.holds(stretch.start) for stretch in taken.stretches)
    assert not known or taken.oldest == max(known)
