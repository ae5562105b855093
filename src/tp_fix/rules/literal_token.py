"""The rule `literal-token`."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.models.leak.clear import Clear, credentials_in_clear
from tp_fix.models.model import Model
from tp_fix.rule import Finding, rule


@rule("literal-token", precedence=30)
def literal_token(model: Model) -> Iterator[Finding]:
    """A credential must not stand in a file of the repository in clear.

    Whoever can read the repository has it, in every clone, fork and cache. It does not help to take the line out: the
    history keeps it. Revoke the token first, on the side that issued it; then take the line out.

    ## What is found

    - tokens of npm (`npm_…`) and GitHub (`ghp_…`, `gho_…`, `ghu_…`, `ghs_…`, `ghr_…`, `github_pat_…`) anywhere in a
      workflow, in the `.npmrc` family, in package.json and in `.yarnrc.yml`;
    - the value of `_authToken`, `_auth` or `_password`, for any registry, in the `.npmrc` family, in `.yarnrc.yml`
      (`npmAuthToken`, `npmAuthIdent`) and in `run:`;
    - the value of a variable or an input that is named after an npm token in a workflow.

    The last six characters of npm's tokens and of most of GitHub's are a checksum of the others. With a right one the
    finding is an error: nobody invents that. With a wrong one it is a warning, as is a credential without a
    checksum in a folder for tests: it may be an example, or a token with a character missing.

    ## What the fix does

    There is none. What has to be done is not in the repository, and taking the line out first only hides that.

    ## What it leaves alone

    What stands in for a token (`YOUR_TOKEN`, `<token>`, `XXXXX-XXXXX-XXXXX-XXXXX`, `npm_xxxx…`, `dummy`), what is put
    in at run time (`${NPM_TOKEN}`, `${{ secrets.NPM_TOKEN }}`), and registries on one's own machine. Other files are
    not read: a secret scanner does that. No report of tp-fix shows the token itself.

    Source: github.blog on the format of GitHub's tokens (2021-04-05) and of npm's (2021-09-23), checked 2026-11-22.
    """
    for found in credentials_in_clear(model.repository):
        yield _finding(found)


def _finding(found: Clear) -> Finding:
    if found.sure:
        said = "stands here in clear: revoke it now, as the history keeps it even when the line goes"
        return Finding("literal-token", "error", found.path, found.route, f"{found.what}{found.where} {said}")
    said = (
        "seems to stand here in clear, though nothing proves that it is a real one; if it is, revoke it now, as the "
        "history keeps it"
    )
    return Finding("literal-token", "warning", found.path, found.route, f"{found.what}{found.where} {said}")
