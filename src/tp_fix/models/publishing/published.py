"""The packages that the publications of a repository publish, each once."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.models.hosted import meant, sent
from tp_fix.models.model import Model
from tp_fix.models.package import Package
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.rewritten import OtherCheckout, manifest_doubt, only_in, other_checkout
from tp_fix.node import Route

RESTRICTED = re.compile(r"--access[= ][\"']?restricted\b")
"""A package that is not public gets no provenance by itself (C npm/cli oidc.js, checked 2026-11-22)."""


class Published(NamedTuple):
    """A package that is not private. `sure` says that it is known to go to npm's public registry as it is here.

    `attested` is False where no command that publishes it attaches provenance, as far as is known.
    `built` says that what is published is a folder that the build makes, this being the nearest manifest above it.
    `doubt` says in a phrase why the manifest that npm gets may be another one, or its release one without provenance;
    `only_in` are the repositories, or owners, in which alone its publish commands run.
    """

    package: Package
    sure: bool
    built: bool
    attested: bool
    doubt: str = ""
    only_in: tuple[str, ...] = ()

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


def published(model: Model) -> list[Published]:
    """Known packages, in the order of the publications; what is best known of one through several of them counts.

    A package without a name is not among them, nor one of several without a version: nothing publishes it as it is.
    """
    found: dict[str, Published] = {}
    doubts: dict[Route, str] = {}
    for publication in model.publications:
        job = publication.step.job
        if (key := (job.workflow.path, *job.route)) not in doubts:
            doubts[key] = manifest_doubt(job, model)
        packages = publication.target.packages or ()
        for package in packages:
            if package.private or not package.name or (len(packages) > 1 and not package.version):
                continue
            old = found.get(package.path)
            seen = _seen(publication, package, doubts[key], other_checkout(job, model))
            found[package.path] = seen if old is None else _joined(old, seen)
    return list(found.values())


def _seen(publication: Publication, package: Package, doubt: str, other: OtherCheckout | None) -> Published:
    """A package as one publication shows it."""
    built = bool(publication.target.unread) or (
        publication.tool.startswith("pnpm") and isinstance(package.publish_config.get("directory"), str)
    )
    if other is not None and (built or not other.path):
        doubt = f"step `{other.label}` checks out another repository"
    restricted = package.publish_config.get("access") == "restricted" or RESTRICTED.search(publication.command)
    attested = publication.provenance is not False and not (restricted and publication.provenance is None)
    return Published(package, _sure(publication) and not built, built, attested, doubt, only_in(publication.step))


def _joined(old: Published, new: Published) -> Published:
    return Published(
        old.package,
        old.sure or new.sure,
        old.built and new.built,
        old.attested or new.attested,
        old.doubt and new.doubt,
        (*old.only_in, *new.only_in) if old.only_in and new.only_in else (),
    )


def _sure(publication: Publication) -> bool:
    by_itself = publication.tool != "yarn"  # which attaches provenance only when told to
    return (
        publication.certain is True
        and publication.registry.public is True
        and (publication.provenance is True or (by_itself and publication.provenance is None))
    )
