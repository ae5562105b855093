"""Opening a pull request with gh, GitHub's own program, where it is installed and logged in."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from shutil import which

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

HOST = "github.com"
TIMEOUT = 120  # seconds; gh has none of its own
FIELDS = "number,url,state,headRefName,headRepositoryOwner,baseRefName,title,body"
# gh asks where it believes that somebody is there, and colours where it is told to.
QUIET = {"GH_PROMPT_DISABLED": "1", "GH_NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1", "GH_PAGER": "cat", "GH_HOST": HOST}
LOUD = {"GH_FORCE_TTY", "CLICOLOR_FORCE", "GH_DEBUG", "DEBUG", "GH_REPO"}


class Gh:
    """gh, as it is found on PATH."""

    def __init__(self, program: str, environ: Mapping[str, str]) -> None:
        self._program = program
        self._environ = {key: value for key, value in environ.items() if key not in LOUD} | QUIET

    @classmethod
    def found(cls, environ: Mapping[str, str]) -> Gh | None:
        """gh if it is installed, logged in or not."""
        program = which("gh", path=environ.get("PATH", ""))
        return cls(program, environ) if program else None

    def logged_in(self) -> bool:
        """Whether gh has a login for github.com that works."""
        try:
            return not self._run("auth", "status", "--hostname", HOST).returncode
        except NotOpened:
            return False

    def open(self, proposal: Proposal) -> PullRequest:
        """Open the pull request, or bring the open one up to date. Raises NotOpened."""
        known = [one for one in self._known(proposal) if same_request(one, proposal)]
        notes = notes_on([one for one in known if one.state != "open"])
        for one in known:
            if one.state == "open":
                return self._update(proposal, one, notes)
        head = f"{proposal.head_owner}:{proposal.branch}" if proposal.from_fork else proposal.branch
        where = ("--base", proposal.base_branch, "--head", head)
        said = self._pr("create", proposal, *where, "--title", proposal.title, "--body-file", "-", body=proposal.body)
        url = next((word for word in reversed(said.split()) if "/pull/" in word), "")
        return PullRequest("created", url, proposal, notes)

    def _update(self, proposal: Proposal, known: Known, notes: tuple[str, ...]) -> PullRequest:
        body = ticked_as_before(fitting(proposal.body), known.body)
        if (known.title, known.body.replace("\r\n", "\n")) == (proposal.title, body):
            return PullRequest("same", known.url, proposal, notes)
        self._pr("edit", proposal, str(known.number), "--title", proposal.title, "--body-file", "-", body=body)
        return PullRequest("updated", known.url, proposal, notes)

    def _known(self, proposal: Proposal) -> list[Known]:
        """Those from a branch of that name, whoever's: gh's --head takes no owner."""
        filters = ("--head", proposal.branch, "--base", proposal.base_branch, "--state", "all", "--limit", "100")
        said = self._pr("list", proposal, *filters, "--json", FIELDS)
        try:
            return [
                Known(
                    one["number"],
                    one["url"],
                    one["state"].lower(),
                    (one["headRepositoryOwner"] or {}).get("login", ""),
                    one["headRefName"],
                    one["baseRefName"],
                    one["title"],
                    one["body"],
                )
                for one in json.loads(said)
            ]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotOpened("gh pr list: what gh printed is not the JSON that it documents", "update gh") from None

    def _pr(self, verb: str, proposal: Proposal, *args: str, body: str = "") -> str:
        done = self._run("pr", verb, "--repo", f"{HOST}/{proposal.base}", *args, body=fitting(body))
        if done.returncode:
            raise NotOpened(f"gh pr {verb}: {_line(done)}", _hint(done.stderr))
        return done.stdout

    def _run(self, *args: str, body: str = "") -> subprocess.CompletedProcess[str]:
        try:
            return subprocess.run(
                [self._program, *args],
                input=body,
                capture_output=True,
                env=self._environ,
                encoding="utf-8",
                errors="replace",
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotOpened(f"gh {args[0]} {args[1]}: no answer within {TIMEOUT} seconds", "run this again") from None
        except OSError as error:
            raise NotOpened(f"gh cannot be started: {error.strerror}", "repair gh, or set GH_TOKEN") from None


def _line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    spoken = (line for line in lines if not line.startswith(("Warning:", "Creating pull request")))
    return next(spoken, f"it ended with status {done.returncode} and said nothing")


def _hint(err: str) -> str:
    if "gh auth" in err or "scope" in err or "HTTP 401" in err:
        return "gh auth refresh --hostname github.com --scopes repo,workflow"
    if "No commits between" in err:
        return "the base branch has all of it already: nothing is left to propose"
    return ""
