"""Opening a pull request through GitHub's REST API, with a token of the environment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tp_fix import __version__
from tp_fix.github.proposal import (
    Known,
    NotOpened,
    Proposal,
    PullRequest,
    fitting,
    notes_on,
    same_request,
    ticked_as_before,
)

if TYPE_CHECKING:
    from github import Github
    from github.GithubException import GithubException
    from github.PullRequest import PullRequest as Found
    from github.Repository import Repository

ADDRESS = "https://api.github.com"
TIMEOUT = 30  # seconds for one answer
LOCAL = {"localhost", "127.0.0.1", "::1"}


def open_by_rest(proposal: Proposal, token: str, address: str = ADDRESS) -> PullRequest:
    """Open the pull request, or bring the open one up to date. Raises NotOpened, and never names the token."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise NotOpened(f"GITHUB_API_URL={address}: a token is sent to https:// only", f"GITHUB_API_URL={ADDRESS}")
    client = _client(token, address.rstrip("/"))
    with _explained(proposal):
        repository = client.get_repo(proposal.base)
        notes, proposal = _renamed(repository.full_name, proposal)
        return _opened(repository, proposal, notes)


def _client(token: str, address: str) -> Github:
    """A client that asks once: it neither waits for a rate limit to end nor between requests."""
    from github import Auth, Github

    return Github(
        auth=Auth.Token(token),
        base_url=address,
        timeout=TIMEOUT,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
        per_page=100,
        user_agent=f"tp-fix/{__version__}",
    )


def _opened(repository: Repository, proposal: Proposal, notes: tuple[str, ...]) -> PullRequest:
    from github.GithubException import GithubException

    found = _found(repository, proposal)
    notes += notes_on([known for known, _ in found if known.state != "open"])
    for known, pull in found:
        if known.state == "open":
            return _updated(proposal, known, pull, notes)
    body = fitting(proposal.body)
    head = f"{proposal.head_owner}:{proposal.branch}"
    try:
        made = repository.create_pull(base=proposal.base_branch, head=head, title=proposal.title, body=body)
    except GithubException as error:
        if "already exists" not in _message(error):
            raise
        for known, pull in _found(repository, proposal):  # somebody was faster
            if known.state == "open":
                return _updated(proposal, known, pull, notes)
        raise
    if not made.html_url:
        raise ValueError("an answer without the pull request")
    return PullRequest("created", made.html_url, proposal, notes)


def _updated(proposal: Proposal, known: Known, pull: Found, notes: tuple[str, ...]) -> PullRequest:
    body = ticked_as_before(fitting(proposal.body), known.body)
    if (known.title, known.body.replace("\r\n", "\n")) == (proposal.title, body):
        return PullRequest("same", known.url, proposal, notes)
    pull.edit(title=proposal.title, body=body)
    return PullRequest("updated", known.url, proposal, notes)


def _found(repository: Repository, proposal: Proposal) -> list[tuple[Known, Found]]:
    """The pull requests from that branch to that base, whatever their state."""
    head = f"{proposal.head_owner}:{proposal.branch}"
    listed = repository.get_pulls(state="all", head=head, base=proposal.base_branch)
    return [(known, pull) for pull in listed if same_request(known := _known(pull), proposal)]


def _known(pull: Found) -> Known:
    state = "merged" if pull.merged_at else pull.state
    owner, _, _ = pull.head.label.partition(":")  # head.user is null where the account is gone
    return Known(pull.number, pull.html_url, state, owner, pull.head.ref, pull.base.ref, pull.title, pull.body or "")


def _renamed(now: str, proposal: Proposal) -> tuple[tuple[str, ...], Proposal]:
    """The proposal under the repository's name of today, and a sentence where the remote has an older one."""
    if now.lower() == proposal.base.lower():
        return (), proposal
    head = proposal.head if proposal.from_fork else now
    note = f"{proposal.base} is called {now} today: git remote set-url REMOTE https://github.com/{now}.git"
    return (note,), proposal._replace(base=now, head=head)


@contextmanager
def _explained(proposal: Proposal) -> Iterator[None]:
    """Turn what the client raises into one line."""
    from github.GithubException import BadAttributeException, GithubException
    from requests.exceptions import RequestException, Timeout

    try:
        yield
    except GithubException as error:
        raise NotOpened(*_line(error, proposal)) from None
    except Timeout:
        raise NotOpened(f"GitHub's API did not answer within {TIMEOUT} seconds", "run this again") from None
    except RequestException as error:
        raise NotOpened(
            f"GitHub's API cannot be reached ({type(error).__name__})",
            "see that it can be reached from here (proxy, VPN), then run this again",
        ) from None
    except (BadAttributeException, ValueError, RuntimeError, TypeError, AttributeError):
        raise NotOpened(
            "what answered is not GitHub's API (another program, a proxy or a wrong GITHUB_API_URL)",
            f"GITHUB_API_URL={ADDRESS}",
        ) from None


def _line(error: GithubException, proposal: Proposal) -> tuple[str, str]:
    """What a status and its message mean, and what to do."""
    headers = {key.lower(): value for key, value in (error.headers or {}).items()}
    said = _message(error)
    if error.status == 401:
        return "GitHub does not accept the token (401)", "set GH_TOKEN to one that has not expired or been revoked"
    if error.status == 429 or "rate limit" in said.lower() or headers.get("x-ratelimit-remaining") == "0":
        return f"GitHub has had too many requests from this token ({error.status})", "run this again in an hour"
    if error.status == 403:
        return f"the token may not open pull requests at {proposal.base} (403: {said})", _missing(said, headers)
    if error.status == 404:
        return (
            f"{proposal.base}: there is no such repository, or the token may not see it (404)",
            "classic token: scope `repo`; fine-grained: this repository, with Pull requests read and write; see the "
            "remote's address too",
        )
    if error.status == 422:
        return _invalid(said, proposal)
    if error.status >= 500:
        return f"GitHub is in trouble ({error.status})", "wait a little, then run this again"
    return f"GitHub refused the pull request ({error.status}: {said})", ""


def _missing(said: str, headers: dict[str, str]) -> str:
    """What the token lacks, as far as GitHub says it."""
    if sso := headers.get("x-github-sso", "").partition("url=")[2]:
        return f"the organisation wants single sign-on for this token: {sso}"
    if "not permitted to create or approve" in said:
        return "Settings → Actions → General: allow GitHub Actions to create and approve pull requests"
    if wanted := headers.get("x-accepted-github-permissions"):
        return f"a fine-grained token or GITHUB_TOKEN needs: {wanted}"
    if wanted := headers.get("x-accepted-oauth-scopes"):
        return f"one of these scopes is needed: {wanted}; the token has: {headers.get('x-oauth-scopes') or 'none'}"
    return "in a job: `permissions: pull-requests: write`; a fine-grained token: Pull requests, read and write"


def _invalid(said: str, proposal: Proposal) -> tuple[str, str]:
    """A request that GitHub found wrong: nothing between the two, or one of them is not there."""
    if "no commits between" in said.lower():
        return (
            f"{proposal.base_branch} of {proposal.base} has all of {proposal.branch} already (422)",
            "nothing is left to propose",
        )
    if "base: invalid" in said:
        return f"{proposal.base} has no branch {proposal.base_branch} to merge into (422)", "push that branch first"
    if "head: invalid" in said:
        return (
            f"{proposal.base} cannot be given {proposal.head_owner}:{proposal.branch} (422)",
            f"is {proposal.head} a fork of it, and was the branch pushed there?",
        )
    return f"GitHub found the pull request wrong (422: {said})", ""


def _message(error: GithubException) -> str:
    """GitHub's message with those of its parts, on one line."""
    data = error.data if isinstance(error.data, dict) else {}
    parts = data.get("errors")
    said = [str(data.get("message") or "no message")]
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, dict):
            said.append(str(part.get("message") or f"{part.get('field')}: {part.get('code')}"))
        else:
            said.append(str(part))
    return " ".join("; ".join(said).split())
