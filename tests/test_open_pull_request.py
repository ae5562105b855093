"""Pull requests: the real client against a local server, a gh that only writes down, and the address for a person."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from github_server import GitHub, Reply, invalid, served
from tp_fix.github import gh, rest
from tp_fix.github.proposal import LONGEST_BODY, Proposal, PullRequest, compare_url, fitting, ticked_as_before
from tp_fix.github.pull_request import open_pull_request
from tp_fix.report.migration.remote import pull_request_lines

BRANCH = "tp-fix/trusted-publishing"
TOKEN = "t0ken-that-nobody-may-see"
OURS = Proposal(
    "octo-org/octo-repo", "main", "octo-org/octo-repo", BRANCH, "Publish with OIDC", "Why & how\n\n- [ ] npm\n"
)
FORK = OURS._replace(head="mona/octo-repo")
REPO, PULLS = "/repos/octo-org/octo-repo", "/repos/octo-org/octo-repo/pulls"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(rest, "TIMEOUT", 10)
    with served(GitHub()) as made:
        yield made


def opened(hub: GitHub, proposal: Proposal = OURS, **more: str) -> PullRequest:
    """What comes of it with a token and without gh; no test may show the token."""
    done = open_pull_request(proposal, {"GH_TOKEN": TOKEN, "GITHUB_API_URL": hub.address, "PATH": ""} | more)
    assert TOKEN not in repr(done) and TOKEN not in "\n".join(pull_request_lines(done))
    return done


def changes(hub: GitHub) -> list[tuple[str, str]]:
    return [(method, path) for method, path, _ in hub.asked if method != "GET"]


def test_twice_is_one_pull_request_with_the_new_text(hub: GitHub) -> None:
    first = opened(hub)
    assert (first.what, first.url, first.exit_code) == ("created", "https://github.com/octo-org/octo-repo/pull/1", 0)
    assert pull_request_lines(first) == ["opened a pull request: https://github.com/octo-org/octo-repo/pull/1"]
    assert opened(hub).what == "same"
    again = opened(hub, OURS._replace(title="New", body="Other"))
    assert (again.what, again.url) == ("updated", first.url)
    assert [(pull["title"], pull["body"]) for pull in hub.pulls] == [("New", "Other")]
    assert changes(hub) == [("POST", PULLS), ("PATCH", f"{PULLS}/1")]
    assert hub.tokens == {f"token {TOKEN}"}


def test_the_request_is_what_github_wants(hub: GitHub) -> None:
    opened(hub, FORK)
    assert hub.asked[-2:] == [
        ("GET", PULLS, {"state": "all", "base": "main", "head": f"mona:{BRANCH}", "per_page": "100"}),
        ("POST", PULLS, {"base": "main", "head": f"mona:{BRANCH}", "title": OURS.title, "body": OURS.body}),
    ]


def test_only_the_open_one_from_that_branch_to_that_base_is_touched(hub: GitHub) -> None:
    closed = hub.add("octo-org", BRANCH, state="closed")
    merged = hub.add("octo-org", BRANCH, state="closed", merged_at="2026-11-22T00:00:00Z")
    others = [hub.add("octo-org", BRANCH, base="v2"), hub.add("mona", BRANCH), hub.add("octo-org", "else")]
    before = json.dumps([closed, merged, *others])
    done = opened(hub)
    assert (done.what, done.url) == ("created", "https://github.com/octo-org/octo-repo/pull/6")
    assert done.notes == ("an earlier one is merged and stays as it is: https://github.com/octo-org/octo-repo/pull/2",)
    assert json.dumps(hub.pulls[:5]) == before
    assert opened(hub, OURS._replace(title="New")).url == done.url and len(hub.pulls) == 6


def test_a_filter_that_github_ignores_changes_nobody_elses(hub: GitHub) -> None:
    other = hub.add("mona", "else")
    hub.canned["GET", PULLS] = Reply(200, [other])
    assert opened(hub).what == "created" and other["title"] == "t"


def test_the_owner_is_the_same_in_other_letters(hub: GitHub) -> None:
    hub.add("octo-org", BRANCH)
    done = opened(hub, OURS._replace(head="Octo-Org/octo-repo", base="Octo-Org/Octo-Repo")._replace(base=OURS.base))
    assert done.what == "updated"


def test_a_head_repository_that_is_gone(hub: GitHub) -> None:
    pull = hub.add("mona", BRANCH)
    pull["head"] |= {"user": None, "repo": None, "label": f"unknown repository:{BRANCH}"}
    hub.canned["GET", PULLS] = Reply(200, [pull])
    assert opened(hub, FORK).what == "created"


def test_somebody_was_faster(hub: GitHub) -> None:
    hub.canned["POST", PULLS] = invalid({"code": "custom", "message": "A pull request already exists for octo-org:b."})
    done = opened(hub)
    assert done.failed and "already exists" in done.reason
    late = iter([Reply(200, []), Reply(200, [hub.add("octo-org", BRANCH)])])
    answer = hub.answer

    def racing(method: str, target: str, sent: Any) -> Reply:
        return next(late) if method == "GET" and target.startswith(f"{PULLS}?") else answer(method, target, sent)

    hub.answer = racing  # type: ignore[method-assign]  # the list is empty first, then it is not
    assert opened(hub).what == "updated" and hub.pulls[0]["body"] == OURS.body


def test_boxes_that_somebody_ticked_stay_ticked(hub: GitHub) -> None:
    opened(hub)
    hub.pulls[0]["body"] = "Why & how\r\n\r\n- [x] npm\r\n"
    assert opened(hub).what == "same"
    assert opened(hub, OURS._replace(body="New\n\n- [ ] npm\n- [ ] more\n")).what == "updated"
    assert hub.pulls[0]["body"] == "New\n\n- [x] npm\n- [ ] more\n"


def test_a_repository_that_was_renamed(hub: GitHub) -> None:
    hub.former.add("octo-org/old-name")
    done = opened(hub, OURS._replace(base="octo-org/old-name", head="octo-org/old-name"))
    assert (done.what, done.url) == ("created", "https://github.com/octo-org/octo-repo/pull/1")
    assert done.notes == (
        "octo-org/old-name is called octo-org/octo-repo today: git remote set-url REMOTE "
        "https://github.com/octo-org/octo-repo.git",
    )
    assert pull_request_lines(done)[1] == f"  {done.notes[0]}"


def test_a_repository_that_was_moved_takes_its_branches_along(hub: GitHub) -> None:
    hub.former.add("mona/old")
    opened(hub, OURS._replace(base="mona/old", head="mona/old"))
    assert hub.pulls[0]["head"]["label"] == f"octo-org:{BRANCH}"


SSO = {"X-GitHub-SSO": "required; url=https://github.com/orgs/octo-org/sso?x=1"}
SCOPES = {"X-Accepted-OAuth-Scopes": "public_repo, repo", "X-OAuth-Scopes": "gist"}
FAILURES: list[tuple[tuple[str, str], Reply, str, str]] = [
    (("GET", REPO), Reply(401, {"message": "Bad credentials"}), "GitHub does not accept the token (401)", "GH_TOKEN"),
    (
        ("POST", PULLS),
        Reply(403, {"message": "Resource not accessible by integration"}),
        "the token may not open pull requests at octo-org/octo-repo (403: Resource not accessible by integration)",
        "pull-requests: write",
    ),
    (
        ("POST", PULLS),
        Reply(403, {"message": "Resource not accessible"}, {"X-Accepted-GitHub-Permissions": "pull_requests=write"}),
        "the token may not open pull requests at octo-org/octo-repo (403: Resource not accessible)",
        "needs: pull_requests=write",
    ),
    (("POST", PULLS), Reply(403, {"message": "No"}, SCOPES), "(403: No)", "public_repo, repo; the token has: gist"),
    (("GET", REPO), Reply(403, {"message": "SAML"}, SSO), "(403: SAML)", "https://github.com/orgs/octo-org/sso?x=1"),
    (
        ("POST", PULLS),
        Reply(403, {"message": "GitHub Actions is not permitted to create or approve pull requests."}),
        "not permitted to create or approve",
        "Settings → Actions → General",
    ),
    (
        ("GET", PULLS),
        Reply(403, {"message": "API rate limit exceeded for user ID 1."}, {"X-RateLimit-Remaining": "0"}),
        "GitHub has had too many requests from this token (403)",
        "in an hour",
    ),
    (
        ("POST", PULLS),
        Reply(403, {"message": "You have exceeded a secondary rate limit. Wait."}, {"Retry-After": "60"}),
        "too many requests",
        "in an hour",
    ),
    (("GET", REPO), Reply(429, {"message": "slow down"}), "too many requests from this token (429)", "in an hour"),
    (
        ("GET", REPO),
        Reply(404, {"message": "Not Found"}),
        "octo-org/octo-repo: there is no such repository, or the token may not see it (404)",
        "Pull requests read and write",
    ),
    (
        ("POST", PULLS),
        invalid({"code": "custom", "message": f"No commits between main and {BRANCH}"}),
        f"main of octo-org/octo-repo has all of {BRANCH} already (422)",
        "nothing is left to propose",
    ),
    (
        ("POST", PULLS),
        invalid({"resource": "PullRequest", "field": "base", "code": "invalid"}),
        "octo-org/octo-repo has no branch main to merge into (422)",
        "push that branch first",
    ),
    (
        ("POST", PULLS),
        invalid({"resource": "PullRequest", "field": "head", "code": "invalid"}),
        f"octo-org/octo-repo cannot be given octo-org:{BRANCH} (422)",
        "is octo-org/octo-repo a fork of it",
    ),
    (("POST", PULLS), invalid("odd"), "GitHub found the pull request wrong (422: Validation Failed; odd)", ""),
    (("GET", REPO), Reply(500, {"message": "x"}), "GitHub is in trouble (500)", "wait a little"),
    (("GET", REPO), Reply(502, b"<html>Bad gateway</html>"), "GitHub is in trouble (502)", "wait a little"),
    (("GET", REPO), Reply(418, {"message": f"echo {TOKEN}"}), "GitHub refused the pull request (418: echo …)", ""),
    (("GET", REPO), Reply(200, b"{broken"), "what answered is not GitHub's API", "API_URL"),
    (("GET", REPO), Reply(200, {"full_name": 7}), "what answered is not GitHub's API", "API_URL"),
    (
        ("GET", REPO),
        Reply(301, {}, {"Location": "http://elsewhere.invalid/"}),
        "what answered is not GitHub's API",
        "API_URL",
    ),
]


@pytest.mark.parametrize(("where", "reply", "reason", "hint"), FAILURES)
def test_each_refusal_is_one_line_and_nothing_is_lost(
    hub: GitHub, where: tuple[str, str], reply: Reply, reason: str, hint: str
) -> None:
    hub.canned[where] = reply
    done = opened(hub)
    assert reason in done.reason and hint in done.hint and "\n" not in done.reason + done.hint
    assert (done.what, done.failed, done.exit_code, hub.pulls) == ("by_hand", True, 2, [])
    assert hub.asked[-1][:2] == where
    lines = pull_request_lines(done)
    assert lines[0] == f"pull request: {done.reason}; the branch is pushed, open it by hand"
    assert f"  {compare_url(OURS)}" in lines and lines[-5:] == ["Publish with OIDC", "", "Why & how", "", "- [ ] npm"]


@pytest.mark.parametrize("body", [b"<html>Welcome to the hotel</html>", b"[]", b"{}", b"null", b"", b"\xff"])
def test_another_program_answers(hub: GitHub, body: bytes) -> None:
    for where in (("GET", REPO), ("GET", PULLS), ("POST", PULLS)):
        hub.canned[where] = Reply(200, body)
    done = opened(hub)
    assert done.failed and "what answered is not GitHub's API" in done.reason


def test_an_update_that_is_refused(hub: GitHub) -> None:
    hub.add("octo-org", BRANCH)
    hub.canned["PATCH", f"{PULLS}/1"] = Reply(403, {"message": "Resource not accessible by personal access token"})
    assert opened(hub).exit_code == 2


def test_a_server_that_never_answers(hub: GitHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rest, "TIMEOUT", 1)
    hub.silent.clear()
    done = opened(hub)
    assert (done.reason, done.failed) == ("GitHub's API did not answer within 1 seconds", True)


def test_nobody_listens(hub: GitHub) -> None:
    hub.address = "http://127.0.0.1:9"
    done = opened(hub)
    assert done.reason == "GitHub's API cannot be reached (ConnectionError)" and done.failed


def test_a_token_is_never_sent_in_the_clear(hub: GitHub) -> None:
    hub.address = "http://ghe.invalid/api/v3"
    done = opened(hub)
    assert done.reason == "GITHUB_API_URL=http://ghe.invalid/api/v3: a token is sent to https:// only"


def test_the_token_of_gh_comes_first(hub: GitHub) -> None:
    opened(hub, GITHUB_TOKEN="other")
    opened(hub, GH_TOKEN="", GITHUB_TOKEN="other\n")
    assert hub.tokens == {f"token {TOKEN}", "token other"}


def test_without_anything_a_person_opens_it(tmp_path: Path) -> None:
    done = open_pull_request(OURS, {"PATH": str(tmp_path)})
    assert (done.what, done.exit_code, done.notes) == ("by_hand", 0, ())
    assert done.reason == "gh is not installed, and neither GH_TOKEN nor GITHUB_TOKEN is set"


@pytest.mark.parametrize(
    ("proposal", "path"),
    [
        (OURS, f"octo-org/octo-repo/compare/main...octo-org:{BRANCH}"),
        (FORK, f"octo-org/octo-repo/compare/main...mona:{BRANCH}"),
        (OURS._replace(head="mona/fork"), f"octo-org/octo-repo/compare/main...mona:fork:{BRANCH}"),
        (
            OURS._replace(base_branch="a#b", branch="x/50%?&é"),
            "octo-org/octo-repo/compare/a%23b...octo-org:x/50%25%3F%26%C3%A9",
        ),
    ],
)
def test_the_address_for_a_person(proposal: Proposal, path: str) -> None:
    text = "&title=Publish%20with%20OIDC&body=Why%20%26%20how%0A%0A-%20%5B%20%5D%20npm%0A"
    assert compare_url(proposal) == f"https://github.com/{path}?expand=1{text}"


def test_a_long_text_does_not_go_into_the_address() -> None:
    long = OURS._replace(body="x" * 3_000)
    assert compare_url(long).endswith("?expand=1&title=Publish%20with%20OIDC")
    assert compare_url(long._replace(title="y" * 3_000)).endswith("?expand=1")


def test_a_text_that_is_too_long_for_github_is_cut_at_a_line() -> None:
    cut = fitting("line\n" * 20_000)
    assert len(cut) <= LONGEST_BODY and cut.endswith(
        "line\n\n(The text was longer than GitHub takes: the end is left out.)\n"
    )
    assert fitting("x" * LONGEST_BODY) == "x" * LONGEST_BODY


@pytest.mark.parametrize(
    ("body", "before", "after"),
    [
        ("- [ ] a\n- [ ] b", "- [x] a\n- [ ] b", "- [x] a\n- [ ] b"),
        ("  * [ ] a\n", "* [X] a\r\n", "  * [x] a\n"),
        ("- [ ] a\n- [ ] a", "- [x] a\n- [ ] a", "- [ ] a\n- [ ] a"),
        ("- [ ] a\n- [ ] a", "- [x] a", "- [ ] a\n- [ ] a"),
        ("- [ ] a b", "- [x] a", "- [ ] a b"),
        ("- [x] a", "- [ ] a", "- [x] a"),
    ],
)
def test_ticks_go_to_the_same_box(body: str, before: str, after: str) -> None:
    assert ticked_as_before(body, before) == after


FAKE = """#!{python}
import json, pathlib, sys
here = pathlib.Path(__file__).parent
with open(here / "log", "a") as log:
    log.write(json.dumps([sys.argv[1:], sys.stdin.read()]) + "\\n")
answer = json.loads((here / "answers").read_text()).get(" ".join(sys.argv[1:3]), {{}})
print(answer.get("out", ""))
sys.stderr.write(answer.get("err", ""))
sys.exit(answer.get("status", 0))
"""


class FakeGh:
    """A program called gh that answers what it is told and writes down what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.answers: dict[str, dict[str, Any]] = {"pr list": {"out": "[]"}}
        program = folder / "gh"
        program.write_text(FAKE.format(python=sys.executable))
        program.chmod(0o755)

    def open(self, proposal: Proposal = OURS, **environ: str) -> PullRequest:
        (self.folder / "answers").write_text(json.dumps(self.answers))
        return open_pull_request(proposal, {"PATH": str(self.folder)} | environ)

    def log(self) -> list[tuple[list[str], str]]:
        return [(args, sent) for args, sent in map(json.loads, (self.folder / "log").read_text().splitlines())]

    def knows(self, number: int, owner: str, **more: Any) -> None:
        pull = {
            "number": number,
            "url": f"https://github.com/octo-org/octo-repo/pull/{number}",
            "state": "OPEN",
            "headRefName": BRANCH,
            "headRepositoryOwner": {"login": owner},
            "baseRefName": "main",
            "title": "t",
            "body": "b",
        }
        self.answers["pr list"]["out"] = json.dumps([*json.loads(self.answers["pr list"]["out"]), pull | more])


@pytest.fixture
def fake(tmp_path: Path) -> FakeGh:
    return FakeGh(tmp_path)


REPOSITORY = ["--repo", "github.com/octo-org/octo-repo"]


def test_gh_opens_it(fake: FakeGh) -> None:
    fake.answers["pr create"] = {
        "out": "https://github.com/octo-org/octo-repo/pull/7",
        "err": "Warning: 1 uncommitted change\n",
    }
    done = fake.open()
    assert (done.what, done.url) == ("created", "https://github.com/octo-org/octo-repo/pull/7")
    found = ["--head", BRANCH, "--base", "main", "--state", "all", "--limit", "100", "--json", gh.FIELDS]
    asked = ["--base", "main", "--head", BRANCH, "--title", "Publish with OIDC", "--body-file", "-"]
    assert fake.log() == [
        (["auth", "status", "--hostname", "github.com"], ""),
        (["pr", "list", *REPOSITORY, *found], ""),
        (["pr", "create", *REPOSITORY, *asked], OURS.body),
    ]


def test_gh_opens_it_from_a_fork(fake: FakeGh) -> None:
    fake.knows(3, "octo-org")
    fake.open(FORK)
    assert f"mona:{BRANCH}" in fake.log()[-1][0] and fake.log()[-1][0][:2] == ["pr", "create"]


def test_gh_brings_the_open_one_up_to_date(fake: FakeGh) -> None:
    fake.knows(9, "octo-org", state="MERGED")
    fake.knows(8, "mona")
    fake.knows(4, "Octo-Org", body="- [x] npm\r\n")
    fake.knows(5, "octo-org", headRepositoryOwner=None)
    done = fake.open()
    assert (done.what, done.url) == ("updated", "https://github.com/octo-org/octo-repo/pull/4")
    assert done.notes == ("an earlier one is merged and stays as it is: https://github.com/octo-org/octo-repo/pull/9",)
    edit = ["pr", "edit", *REPOSITORY, "4", "--title", "Publish with OIDC", "--body-file", "-"]
    assert fake.log()[-1] == (edit, "Why & how\n\n- [x] npm\n")


def test_gh_has_nothing_to_do(fake: FakeGh) -> None:
    fake.knows(4, "octo-org", title=OURS.title, body=OURS.body.replace("\n", "\r\n"))
    assert fake.open().what == "same" and len(fake.log()) == 2


def test_gh_refuses(fake: FakeGh) -> None:
    err = (
        f"Warning: 2 uncommitted changes\npull request create failed: GraphQL: No commits between main and x {TOKEN}\n"
    )
    fake.answers["pr create"] = {"err": err, "status": 1}
    done = fake.open(GH_TOKEN=TOKEN)
    assert done.reason == "gh pr create: pull request create failed: GraphQL: No commits between main and x …"
    assert done.hint.startswith("the base branch has all of it already") and done.exit_code == 2
    assert done.url == compare_url(OURS)


def test_gh_lacks_a_scope(fake: FakeGh) -> None:
    fake.answers["pr list"] = {"err": "error: your token has not been granted the required scopes", "status": 4}
    assert fake.open().hint == "gh auth refresh --hostname github.com --scopes repo,workflow"


def test_gh_says_nothing_that_is_known(fake: FakeGh) -> None:
    for out in ("nonsense", "{}", "[1]", '[{"number": 1}]'):
        fake.answers["pr list"] = {"out": out}
        done = fake.open()
        assert done.failed == (out != "{}"), out
    fake.answers["pr list"] = {"status": 3}
    assert fake.open().reason == "gh pr list: it ended with status 3 and said nothing"


def test_gh_without_a_login_leaves_it_to_the_token(fake: FakeGh, hub: GitHub) -> None:
    fake.answers["auth status"] = {"err": "You are not logged into any GitHub hosts.", "status": 1}
    assert fake.open().reason == "gh is not logged in, and neither GH_TOKEN nor GITHUB_TOKEN is set"
    assert fake.open(GITHUB_TOKEN=TOKEN, GITHUB_API_URL=hub.address).what == "created"


def test_gh_that_cannot_be_started(fake: FakeGh, monkeypatch: pytest.MonkeyPatch) -> None:
    (fake.folder / "gh").write_text("#!/nonexistent/python\n")
    assert "gh is not logged in" in fake.open().reason


def test_gh_that_never_ends(fake: FakeGh, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gh, "TIMEOUT", 0.01)
    assert fake.open().what == "by_hand"


def test_gh_is_told_to_ask_nobody() -> None:
    made = gh.Gh("gh", {"GH_FORCE_TTY": "1", "GH_HOST": "ghe.invalid", "HOME": "/h"})
    assert made._environ == gh.QUIET | {"HOME": "/h"}
