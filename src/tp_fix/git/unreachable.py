"""Why a remote could not be talked to, in a line: who may not, what is not there, which way is closed."""

from __future__ import annotations

import re

from tp_fix.git.process import Answer, GitRefused, first_line

USERINFO = re.compile(r"(\bhttps?://)[^/\s@]+@", re.IGNORECASE)

BY_HAND = "see that `git ls-remote {remote}` works here; for GitHub, `gh auth setup-git` or an SSH key lets git in"
KNOWN = (
    (
        r"Permission to (?P<what>\S+) denied to (?P<whom>[^\s.]+)",
        "{whom} may not push to {what}",
        "push to a fork of yours: git remote add fork URL, then --push fork",
    ),
    (
        r"terminal prompts disabled|could not read (?:Username|Password)|[Aa]uthentication failed|Bad credentials"
        r"|Invalid username or|Support for password authentication was removed",
        "git could not log in",
        BY_HAND,
    ),
    (r"Permission denied \([\w,-]+\)", "no SSH key of yours is accepted there", BY_HAND),
    (
        r"Host key verification failed",
        "SSH does not know the host's key yet",
        "connect once by hand and compare the key: git ls-remote {remote}",
    ),
    (
        r"[Rr]epository (?:'[^'\n]*' )?not found|does not appear to be a git repository|returned error: 404",
        "there is no such repository, or you may not see it",
        "see the address: git remote get-url --push {remote}",
    ),
    (
        r"(?P<why>(?:Could not resolve host|Failed to connect|Couldn't connect|Connection (?:timed out|refused|reset)"
        r"|Network is unreachable|Operation timed out|SSL certificate problem|No route to host)[^\n]*)",
        "the network says no: {why}",
        "see that the host can be reached from here (proxy, VPN), then run this again",
    ),
    (r"returned error: 403", "the server lets you read at most (403)", BY_HAND),
    (
        r"(?P<why>returned error: (?:429|5\d\d))",
        "the server is in trouble or busy ({why})",
        "wait a little, then run this again",
    ),
    (r"Could not read from remote repository|unable to access", "it could not be read: {line}", BY_HAND),
)
"""What git and the servers say, what that means, what to do; the first that is found counts."""


class NotReached(GitRefused):
    """The remote could not be asked or pushed to; nothing was pushed."""


def not_reached(root: str, remote: str, answer: Answer) -> NotReached:
    """One line of why, without the user name and password of any address."""
    line = without_credentials(first_line(answer.err))
    named = {"root": root, "remote": without_credentials(remote), "line": line}
    for pattern, message, hint in KNOWN:
        if match := re.search(pattern, answer.err):
            named |= {key: without_credentials(value) for key, value in match.groupdict().items()}
            return NotReached(f"{named['remote']}: {message.format_map(named)}", hint.format_map(named), answer)
    return NotReached(f"{named['remote']}: {line or 'git said nothing'}", BY_HAND.format_map(named), answer)


def without_credentials(text: str) -> str:
    """The text with user name and password taken out of every web address: either can be a token."""
    return USERINFO.sub(r"\1", text)
