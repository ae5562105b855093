"""Packages that npm may not know yet: trusted publishing cannot create one, so the first release takes another way.

Whether a package exists only npm knows. What a repository shows is how a package differs from its neighbours.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Sequence

from tp_fix.models.package import Package
from tp_fix.models.trust.trusted_publisher import TrustedPublisher

UNRELEASED = re.compile(r"0\.0\.0(?:-.*)?")


def signs_of_new(
    found: TrustedPublisher, all_of_them: Sequence[TrustedPublisher], tags: Iterable[str], paths: Iterable[str]
) -> tuple[str, ...]:
    """What speaks for a package that was never published, in phrases; none where nothing does.

    `tags` are those of the repository, `paths` its files. One phrase of two kinds is needed: no tag where others of
    these packages have theirs, or a version 0.0.0 without a changelog where others have both.
    """
    others = [other for other in all_of_them if other.package != found.package]
    tagged = {each.package for each in all_of_them if any(_is_tag_of(each, tag) for tag in tags)}
    signs = []
    if tagged and found.package not in tagged:
        signs.append(f"no git tag has its name, as {_some(sorted(tagged))}")
    if _unreleased(found.packages) and _others_are_out(found, others, frozenset(paths)):
        signs.append(f"its version is {found.packages[0].version or 'missing'} and it has no changelog")
    return tuple(signs)


def _others_are_out(found: TrustedPublisher, others: Iterable[TrustedPublisher], paths: frozenset[str]) -> bool:
    """Whether another package has a version and a changelog, and this one has no changelog."""
    if _has_changelog(found.packages, paths):
        return False
    return any(not _unreleased(each.packages) and _has_changelog(each.packages, paths) for each in others)


def _some(names: list[str]) -> str:
    return f"those of {', '.join(names[:2])} have" if names[1:] else f"that of {names[0]} has"


def _is_tag_of(found: TrustedPublisher, tag: str) -> bool:
    """`@octo/a@1.2.3`, `a-v1.2.3`, `a/1.2.3`: with the package's name, with or without its scope, or its folder's."""
    names = {found.package, found.package.rpartition("/")[2]}
    names |= {posixpath.basename(package.folder) for package in found.packages if package.folder}
    return any(re.fullmatch(rf"{re.escape(name)}[@/_-]v?\d+\.\d.*", tag) for name in names)


def _unreleased(packages: Iterable[Package]) -> bool:
    return all(package.version is None or UNRELEASED.fullmatch(package.version) for package in packages)


def _has_changelog(packages: Iterable[Package], paths: frozenset[str]) -> bool:
    names = ("CHANGELOG.md", "changelog.md", "HISTORY.md", "CHANGELOG")
    return any(posixpath.join(package.folder, name) in paths for package in packages for name in names)
