"""From where a publication of Yarn Berry may take a token, over all the folders that it publishes from."""

from __future__ import annotations

from tp_fix.models.hindrance.yarn_tokens import FILE, NOTHING, Gone, YarnToken, yarn_token_sources
from tp_fix.models.publishing.publication import Publication
from tp_fix.models.repository import Repository


def sources_of(publication: Publication, repository: Repository, gone: Gone = NOTHING) -> tuple[YarnToken, ...]:
    """The sources of a publication; none where it is not Yarn Berry that exchanges the token."""
    if publication.client.program != "yarn":
        return ()
    folders = dict.fromkeys([publication.folder or "", *_folders(publication, repository)])
    every = (yarn_token_sources(publication.within, folder, repository, gone) for folder in folders)
    return tuple(dict.fromkeys(source for sources in every for source in sources))


def _folders(publication: Publication, repository: Repository) -> list[str]:
    """Those of the packages; where these are not known, all that have settings of Yarn's."""
    if publication.target.packages is not None:
        return [package.folder for package in publication.target.packages]
    return [folder for folder, _, name in (path.rpartition("/") for path in repository.paths) if name == FILE]
