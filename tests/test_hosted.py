"""What npm makes of a manifest's `repository`: the table is what hosted-git-info in npm 11.19.1 gave for it."""

from __future__ import annotations

import pytest

from tp_fix.models.hosted import canonical, meant, respelled, sent

HTTPS = "git+https://github.com/octo-org/octo-repo.git"
SSH = "git+ssh://git@github.com/octo-org/octo-repo.git"
GIT = "git://github.com/octo-org/octo-repo.git"
NPM: list[tuple[str, str | None]] = [
    ("octo-org/octo-repo", HTTPS),
    ("octo-org/octo-repo.git", HTTPS),
    ("octo-org/octo-repo#main", f"{HTTPS}#main"),
    ("octo-org/octo-repo#semver:^1 @x", f"{HTTPS}#semver:^1 @x"),
    ("octo-org/octo-repo/", None),
    ("octo-org/octo-repo/packages/x", None),
    ("./octo-org/octo-repo", None),
    ("@octo-org/octo-repo", None),
    ("octo-org / octo-repo", None),
    ("octo-org", None),
    ("", None),
    ("github:octo-org/octo-repo", HTTPS),
    ("github:octo-org/octo-repo.git", HTTPS),
    ("github:octo-org/octo-repo#main", f"{HTTPS}#main"),
    ("github:user@octo-org/octo-repo", HTTPS),
    ("github:octo-org/octo-repo/packages/x", "git+https://github.com/octo-org/octo-repo/packages/x.git"),
    ("https://github.com/octo-org/octo-repo", HTTPS),
    ("https://github.com/octo-org/octo-repo/", HTTPS),
    ("https://github.com/octo-org/octo-repo.git", HTTPS),
    ("https://github.com/octo-org/octo-repo.git/", HTTPS),
    (" https://github.com/octo-org/octo-repo ", HTTPS),
    ("https://github.com/octo-org/octo-repo#readme", f"{HTTPS}#readme"),
    ("https://github.com/octo-org/octo-repo?tab=readme", HTTPS),
    ("https://github.com/octo-org/octo-repo/tree/main", f"{HTTPS}#main"),
    ("https://github.com/octo-org/octo-repo/tree/main/packages/x", f"{HTTPS}#main"),
    ("https://github.com/octo-org/octo-repo/blob/main/README.md", None),
    ("https://github.com/octo-org/octo-repo/issues", None),
    ("https://github.com/octo-org//octo-repo", None),
    ("https://github.com/octo-org", None),
    ("https://github.com/octo-org/octo-repo.js", "git+https://github.com/octo-org/octo-repo.js.git"),
    ("https://github.com/octo%2Dorg/octo-repo", HTTPS),
    ("https://www.github.com/octo-org/octo-repo", HTTPS),
    ("https://GitHub.com/octo-org/octo-repo", HTTPS),
    ("https://github.com/Octo-Org/octo-repo", "git+https://github.com/Octo-Org/octo-repo.git"),
    ("https://github.com:octo-org/octo-repo", HTTPS),
    ("https://github.com:443/octo-org/octo-repo", HTTPS),
    ("https:github.com/octo-org/octo-repo", HTTPS),
    ("https://user@github.com/octo-org/octo-repo.git", "git+https://user@github.com/octo-org/octo-repo.git"),
    ("https//github.com/octo-org/octo-repo", None),
    ("git+https://github.com/octo-org/octo-repo.git", HTTPS),
    ("git+https://github.com/octo-org/octo-repo", HTTPS),
    ("git+https://github.com/octo-org/octo-repo.git/packages/x", None),
    ("git+https://GitHub.com/octo-org/octo-repo", None),
    ("http://github.com/octo-org/octo-repo", SSH),
    ("git+http://github.com/octo-org/octo-repo.git", None),
    ("git://github.com/octo-org/octo-repo.git", GIT),
    ("git://github.com/octo-org/octo-repo", GIT),
    ("git+git://github.com/octo-org/octo-repo.git", None),
    ("git:github.com/octo-org/octo-repo", None),
    ("git@github.com:octo-org/octo-repo.git", SSH),
    ("git@github.com:octo-org/octo-repo", SSH),
    ("git@github.com/octo-org/octo-repo.git", SSH),
    ("git@github.com:octo-org/octo-repo.git#main", f"{SSH}#main"),
    ("git@github-work:octo-org/octo-repo.git", None),
    ("user:pw@github.com:octo-org/octo-repo", SSH),
    ("scm:git:git@github.com:octo-org/octo-repo.git", SSH),
    ("git+ssh://git@github.com/octo-org/octo-repo", SSH),
    ("git+ssh://git@github.com:octo-org/octo-repo.git", SSH),
    ("ssh://git@github.com/octo-org/octo-repo.git", SSH),
    ("ssh://git@github.com:octo-org/octo-repo.git", SSH),
    ("ssh://git@github.com:22/octo-org/octo-repo.git", SSH),
    ("ssh://git@ssh.github.com:443/octo-org/octo-repo.git", None),
    ("svn+https://github.com/octo-org/octo-repo", None),
    ("github.com/octo-org/octo-repo", None),
    ("github.com:octo-org/octo-repo", None),
    ("www.github.com/octo-org/octo-repo", None),
    ("https://github.example.com/octo-org/octo-repo", None),
    ("https://api.github.com/repos/octo-org/octo-repo", None),
    ("https://gist.github.com/octo-org/11081aaa281", None),
    ("https://gitlab.com/octo-org/octo-repo.git", None),
    ("gitlab:octo-org/octo-repo", None),
    ("bitbucket:octo-org/octo-repo", None),
    ("gist:11081aaa281", None),
    ("https://[github.com/octo-org/octo-repo", None),
]


@pytest.mark.parametrize(("address", "url"), NPM, ids=[address for address, _ in NPM])
def test_what_npm_sends(address: str, url: str | None) -> None:
    found = sent(address)
    assert (found.url if found else None) == url
    assert found is None or found.name in found.url


def test_the_name_is_that_of_the_repository() -> None:
    named = {found.name for address, _ in NPM if (found := sent(address))}
    assert named == {
        *("octo-org/octo-repo", "octo-org/octo-repo.js", "Octo-Org/octo-repo", "octo-org/octo-repo/packages/x")
    }


@pytest.mark.parametrize(("address", "_"), NPM, ids=[address for address, _ in NPM])
def test_whatever_is_respelled_leads_there_for_npm(address: str, _: str | None) -> None:
    found = sent(respelled(address, "New.Org/new_repo"))
    assert found is not None
    assert found.name == "New.Org/new_repo"


@pytest.mark.parametrize(
    ("address", "new"),
    [
        ("old/name", "octo-org/octo-repo"),
        ("old/name#main", "octo-org/octo-repo#main"),
        ("github:old/name", "github:octo-org/octo-repo"),
        ("gitlab:old/name", "github:octo-org/octo-repo"),
        ("git@github.com:old/name.git", "git@github.com:octo-org/octo-repo.git"),
        ("ssh://git@github.com:old/name", "ssh://git@github.com:octo-org/octo-repo"),
        ("git://github.com/old/name.git", "git://github.com/octo-org/octo-repo.git"),
        ("https://github.com/old/name", "https://github.com/octo-org/octo-repo"),
        ("https://github.com/old/name/tree/main/x", "https://github.com/octo-org/octo-repo/tree/main/x"),
        ("https://github.com/name/name.git", "https://github.com/octo-org/octo-repo.git"),
        ("https://github.com/github/github.com", "https://github.com/octo-org/octo-repo"),
        ("https://github.com/Octo-Org/octo-repo", "https://github.com/octo-org/octo-repo"),
        ("https://gitlab.com/old/name", "https://github.com/octo-org/octo-repo"),
        ("https://gitlab.com/old/name.git", "https://github.com/octo-org/octo-repo.git"),
        ("github.com/old/name", canonical("octo-org/octo-repo")),
        ("git+https://git.example/old/name", canonical("octo-org/octo-repo")),
    ],
)
def test_a_correction_keeps_the_form(address: str, new: str) -> None:
    assert respelled(address, "octo-org/octo-repo") == new


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("github.com/octo-org/octo-repo", "octo-org/octo-repo"),
        ("www.github.com/octo-org/octo-repo.git", "octo-org/octo-repo"),
        ("https://github.com/octo-org/octo-repo/issues", "octo-org/octo-repo"),
        ("git+git://github.com/octo-org/octo-repo.git", "octo-org/octo-repo"),
        ("octo-org/octo-repo/", "octo-org/octo-repo"),
        ("https://gitlab.com/octo-org/octo-repo", None),
        ("https://gist.github.com/octo-org/11081aaa281", None),
        ("https://github.example.com/octo-org/octo-repo", None),
        ("../octo-repo/", None),
        ("octo-org", None),
    ],
)
def test_what_a_person_reads_where_npm_reads_nothing(address: str, name: str | None) -> None:
    assert meant(address) == name
