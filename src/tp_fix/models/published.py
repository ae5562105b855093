"""The packages that the publications of a repository publish, each once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tp_fix.models.hosted import meant, sent
from tp_fix.models.package import Package
from tp_fix.models.publication import Publication


class Published(NamedTuple):
    """A package that is not private. `sure` says that it is known to go to npm's public registry as it is here.

    `attested` is False where every command that publishes it has provenance switched off.
    `built` says that what is published is a folder that the build makes, this being the nearest manifest above it.
    """

    package: Package
    sure: bool
    built: bool
    attested: bool

    @property
    def label(self) -> str:
        return self.package.name or self.package.path

    @property
    def address(self) -> str:
        """The manifest's `repository.url`, '' where there is none."""
        found = self.package.repository
        if isinstance(found, dict):
            found = found.get("url")
        return found if isinstance(found, str) else ""

    @property
    def named(self) -> str | None:
        """The owner/name on GitHub that npm reads from the address, None where it reads none."""
        found = sent(self.address)
        return found.name if found else None

    @property
    def meant(self) -> str | None:
        """The owner/name that a person reads from an address where npm reads none."""
        return None if self.named else meant(self.address)


def published(publications: Iterable[Publication]) -> list[Published]:
    """Known packages, in the order of the publications; what is best known of one through several of them counts."""
    found: dict[str, Published] = {}
    for publication in publications:
        for package in publication.target.packages or ():
            if package.private:
                continue
            old = found.get(package.path, Published(package, sure=False, built=True, attested=False))
            found[package.path] = old._replace(
                sure=old.sure or _sure(publication),
                built=old.built and bool(publication.target.unread),
                attested=old.attested or publication.provenance is not False,
            )
    return list(found.values())


def _sure(publication: Publication) -> bool:
    by_itself = publication.tool != "yarn"  # which attaches provenance only when told to
    return (
        publication.certain is True
        and publication.registry.public is True
        and not publication.target.unread
        and (publication.provenance is True or (by_itself and publication.provenance is None))
    )
