"""What of a script is a leak, in which form, and whether its line can go."""

from __future__ import annotations

import pytest

from tp_fix.models.leak.leaks import IDENTITY, Leak, Secrets, leaks_in
from tp_fix.models.running.script import commands_of
from tp_fix.models.token.credentials import NPM_SECRET

HEADER = '-H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN"'
URL = "$ACTIONS_ID_TOKEN_REQUEST_URL"
REQUEST = 'curl -sS @HEADER "@URL"'
"""@HEADER and @URL stand for the two above."""


def leaks(script: str, *, traced: bool = False) -> list[Leak]:
    script = script.replace("@HEADER", HEADER).replace("@URL", URL)
    secrets = Secrets(frozenset({"NPM_TOKEN"}), ("NPM_TOKEN",), NPM_SECRET)
    return leaks_in(script, commands_of(script), secrets, "~/.npmrc", traced=traced)


def forms(script: str) -> list[tuple[str, str]]:
    return [(shown.what, shown.form) for leak in leaks(script) for shown in leak.shown]


@pytest.mark.parametrize(
    ("script", "shown"),
    [
        ("echo $NPM_TOKEN", [("NPM_TOKEN", "whole")]),
        ('echo "token: ${NPM_TOKEN}" # debug', [("NPM_TOKEN", "whole")]),
        ("printf '%s' \"$NPM_TOKEN\"", [("NPM_TOKEN", "whole")]),
        ("echo ${{ secrets.NPM_TOKEN }}", [("secrets.NPM_TOKEN", "whole")]),
        ("env", [("NPM_TOKEN", "environment")]),
        ("env | sort", [("NPM_TOKEN", "environment")]),
        ("env | grep -i npm", [("NPM_TOKEN", "environment")]),
        ("printenv NPM_TOKEN", [("NPM_TOKEN", "whole")]),
        ("export -p", [("NPM_TOKEN", "environment")]),
        ("echo $NPM_TOKEN | base64", [("NPM_TOKEN", "part")]),
        ("echo $NPM_TOKEN | sed 's/./& /g'", [("NPM_TOKEN", "part")]),
        ("echo ${NPM_TOKEN:0:4}", [("NPM_TOKEN", "part")]),
        ("echo ${#NPM_TOKEN}", [("NPM_TOKEN", "length")]),
        ('cut -c1-4 <<< "$NPM_TOKEN"', [("NPM_TOKEN", "part")]),
        ('node -e "console.log(process.env.NPM_TOKEN)"', [("NPM_TOKEN", "whole")]),
        ('node -p "process.env.NPM_TOKEN.length"', [("NPM_TOKEN", "length")]),
        ('echo "$NPM_TOKEN" | tee log.txt', [("NPM_TOKEN", "whole")]),
        ('set -x\ncurl -H "a: $NPM_TOKEN" x', [("NPM_TOKEN", "whole")]),
        ('set -ex\n[ -z "$NPM_TOKEN" ] && exit 1\nnpm publish', [("NPM_TOKEN", "whole")]),
        ('echo "//host/:_authToken=${NPM_TOKEN}" > .npmrc\ncat .npmrc', [("NPM_TOKEN", "whole")]),
        ("cat > ~/.npmrc <<EOF\n//host/:_authToken=${NPM_TOKEN}\nEOF\ncat $HOME/.npmrc", [("NPM_TOKEN", "whole")]),
        ('npm config set //host/:_authToken "$NPM_TOKEN"\ncat ~/.npmrc', [("NPM_TOKEN", "whole")]),
        ("echo $NPM_TOKEN >&2", [("NPM_TOKEN", "whole")]),
        ("echo $NPM_TOKEN >> $GITHUB_STEP_SUMMARY", [("NPM_TOKEN", "whole")]),
        ("echo ${NPM_TOKEN:-none}", [("NPM_TOKEN", "whole")]),
        ("if true; then\n  echo $NPM_TOKEN\nfi", [("NPM_TOKEN", "whole")]),
        ("true && echo $NPM_TOKEN", [("NPM_TOKEN", "whole")]),
        ("T=$NPM_TOKEN\necho $T", [("NPM_TOKEN", "whole")]),
        ('T=$(echo $NPM_TOKEN | cut -c1-4)\necho "starts with $T"', [("NPM_TOKEN", "part")]),
        ("cat <<EOF\n$NPM_TOKEN\nEOF", [("NPM_TOKEN", "whole")]),
        ("cat <<EOF | base64\n$NPM_TOKEN\nEOF", [("NPM_TOKEN", "part")]),
        ("echo $ACTIONS_ID_TOKEN_REQUEST_TOKEN", [("the OIDC identity token", "whole")]),
        (
            'curl -sS @HEADER "@URL&audience=npm"',
            [("the OIDC identity token", "whole")],
        ),
        (
            'curl @HEADER "@URL" | jq -r .value',
            [("the OIDC identity token", "whole")],
        ),
        (
            'RESPONSE=$(curl -sS @HEADER "@URL")\nTOKEN=$(echo "$RESPONSE" | jq -r .value)\necho "$TOKEN"',
            [("the OIDC identity token", "whole")],
        ),
        ("echo $NPM_TOKEN; npm publish", [("NPM_TOKEN", "whole")]),
        ("echo '${{ toJSON(secrets) }}'", [("every secret", "whole")]),
        ("echo ${{ env.NPM_TOKEN }}", [("NPM_TOKEN", "whole")]),
        ("f() { echo $NPM_TOKEN; }\nf", [("NPM_TOKEN", "whole")]),
        ("echo a\nfalse || true\necho $NPM_TOKEN", [("NPM_TOKEN", "whole")]),
        ("{ echo a; echo $NPM_TOKEN; } | base64", [("NPM_TOKEN", "part")]),
        ('echo "$NPM_TOKEN" | wc -c', [("NPM_TOKEN", "length")]),
        ("echo $NPM_TOKEN \\\n  | rev\nnpm publish", [("NPM_TOKEN", "part")]),
        ("echo $NPM_TOKEN || true", [("NPM_TOKEN", "whole")]),
        ('export T="$NPM_TOKEN"\necho $T', [("NPM_TOKEN", "whole")]),
        ("printenv NPM_TOKEN | head -c 4", [("NPM_TOKEN", "part")]),
        ('echo "$NPM_TOKEN" 2> /dev/null', [("NPM_TOKEN", "whole")]),
        ('echo "a $(echo $NPM_TOKEN | base64)"', [("NPM_TOKEN", "part")]),
        ("head -1 <<< $NPM_TOKEN", [("NPM_TOKEN", "part")]),
        ("echo $NPM_TOKEN > /dev/stderr", [("NPM_TOKEN", "whole")]),
        ("echo ${NPM_TOKEN: -4}", [("NPM_TOKEN", "part")]),
        ("echo ${NPM_TOKEN%????}", [("NPM_TOKEN", "part")]),
        ("cat .npmrc\necho $NPM_TOKEN", [("NPM_TOKEN", "whole")]),
    ],
)
def test_shown(script: str, shown: list[tuple[str, str]]) -> None:
    assert forms(script) == shown


@pytest.mark.parametrize(
    "script",
    [
        "env | cut -d= -f1",
        "env | grep GITHUB",
        "env FOO=1 npm publish",
        "set -e",
        'node -e "console.log(!!process.env.NPM_TOKEN)"',
        "node -e \"console.log(process.env.NPM_TOKEN ? 'set' : 'unset')\"",
        'set -x\nnpm publish\nset +x\ncurl -H "a: $NPM_TOKEN" x',
        'echo "//host/:_authToken=${NPM_TOKEN}" > .npmrc',
        "echo '//host/:_authToken=${NPM_TOKEN}' > .npmrc\ncat .npmrc",
        'echo "//host/:_authToken=${NPM_TOKEN}" > ~/.npmrc\ncat .npmrc',
        'echo "$NPM_TOKEN" | docker login --password-stdin',
        'echo "::add-mask::$NPM_TOKEN"',
        '[ -z "$NPM_TOKEN" ] && echo "NPM_TOKEN is missing"',
        'echo "NPM_TOKEN is set" \'$NPM_TOKEN\' "\\$NPM_TOKEN"',
        'echo "NPM_TOKEN=$NPM_TOKEN" >> $GITHUB_ENV',
        "echo $NPM_TOKEN > /dev/null",
        "# echo $NPM_TOKEN",
        "echo ${NPM_TOKEN:+set} ${NPM_TOKEN+x}",
        'curl -sS -o out.json @HEADER "@URL"',
        'curl @HEADER "@URL" | jq -r \'.value | split(".") | .[1] | @base64d\'',
        'TOKEN=$(curl -sS @HEADER "@URL" | jq -r .value)\necho "$TOKEN" | cut -d. -f2 | base64 -d',
        'TOKEN=$(curl @HEADER "@URL" | jq -r .value)\nP=$(echo "$TOKEN" | cut -d. -f2 | base64 -d)\necho "$P"',
        '[ -n "@URL" ] || echo "no OIDC"',
        "echo \"${{ secrets.NPM_TOKEN != '' }}\"",
        'if [ "$NPM_TOKEN" = "x" ]; then echo bad; fi',
        'echo "$NPM_TOKEN" | grep -q npm_',
        'echo -n "$NPM_TOKEN" | sha256sum',
        'echo "$NPM_TOKEN" | npm login',
        "npm config list",
        'echo "$NPM_TOKEN" | tr a b > f',
        'curl -o - -H "a: $NPM_TOKEN" x',
        "cat .npmrc",
        'X=$(echo "$NPM_TOKEN" | sha256sum)\necho $X',
        "npm publish --//host/:_authToken=$NPM_TOKEN",
        "(echo $NPM_TOKEN) > f",
        "{ echo a; echo $NPM_TOKEN; } > .npmrc",
        "echo ${NPM_TOKEN//?/*}",
        "cat > .npmrc <<EOF\n//host/:_authToken=$NPM_TOKEN\nEOF",
        "cat <<'EOF'\n$NPM_TOKEN\nEOF",
        'printf -v X %s "$NPM_TOKEN"',
        "node -e \"require('./x')(process.env.NPM_TOKEN)\"",
        "printenv HOME",
        "env | grep -v TOKEN",
        "env | grep -c NPM",
    ],
)
def test_nothing_is_shown(script: str) -> None:
    assert leaks(script) == []


@pytest.mark.parametrize(
    "script",
    [
        'node -p "process.env.NPM_TOKEN.length"',
        'echo "$NPM_TOKEN" | tee log.txt',
        'set -ex\n[ -z "$NPM_TOKEN" ] && exit 1\nnpm publish',
        "if true; then\n  echo $NPM_TOKEN\nfi",
        "true && echo $NPM_TOKEN",
        "echo $NPM_TOKEN; npm publish",
        "f() { echo $NPM_TOKEN; }\nf",
        "echo a\nfalse || true\necho $NPM_TOKEN",
        "{ echo a; echo $NPM_TOKEN; } | base64",
        "echo $NPM_TOKEN || true",
    ],
)
def test_the_line_stays(script: str) -> None:
    assert any(leak.stays for leak in leaks(script))


@pytest.mark.parametrize(
    "script",
    [
        "echo $NPM_TOKEN",
        'echo "token: ${NPM_TOKEN}" # debug',
        "printf '%s' \"$NPM_TOKEN\"",
        "echo ${{ secrets.NPM_TOKEN }}",
        "env",
        "env | sort",
        "env | grep -i npm",
        "printenv NPM_TOKEN",
        "export -p",
        "echo $NPM_TOKEN | base64",
        "echo $NPM_TOKEN | sed 's/./& /g'",
        "echo ${NPM_TOKEN:0:4}",
        "echo ${#NPM_TOKEN}",
        'cut -c1-4 <<< "$NPM_TOKEN"',
        'node -e "console.log(process.env.NPM_TOKEN)"',
        'set -x\ncurl -H "a: $NPM_TOKEN" x',
        'echo "//host/:_authToken=${NPM_TOKEN}" > .npmrc\ncat .npmrc',
        "cat > ~/.npmrc <<EOF\n//host/:_authToken=${NPM_TOKEN}\nEOF\ncat $HOME/.npmrc",
        'npm config set //host/:_authToken "$NPM_TOKEN"\ncat ~/.npmrc',
        "echo $NPM_TOKEN >&2",
        "echo $NPM_TOKEN >> $GITHUB_STEP_SUMMARY",
        "echo ${NPM_TOKEN:-none}",
        "T=$NPM_TOKEN\necho $T",
        'T=$(echo $NPM_TOKEN | cut -c1-4)\necho "starts with $T"',
        "cat <<EOF\n$NPM_TOKEN\nEOF",
        "cat <<EOF | base64\n$NPM_TOKEN\nEOF",
        "echo $ACTIONS_ID_TOKEN_REQUEST_TOKEN",
        'curl -sS @HEADER "@URL&audience=npm"',
        'curl @HEADER "@URL" | jq -r .value',
        'RESPONSE=$(curl -sS @HEADER "@URL")\nTOKEN=$(echo "$RESPONSE" | jq -r .value)\necho "$TOKEN"',
        "echo '${{ toJSON(secrets) }}'",
        "echo ${{ env.NPM_TOKEN }}",
        'echo "$NPM_TOKEN" | wc -c',
        "echo $NPM_TOKEN \\\n  | rev\nnpm publish",
        'export T="$NPM_TOKEN"\necho $T',
        "printenv NPM_TOKEN | head -c 4",
        'echo "$NPM_TOKEN" 2> /dev/null',
        'echo "a $(echo $NPM_TOKEN | base64)"',
        "head -1 <<< $NPM_TOKEN",
        "echo $NPM_TOKEN > /dev/stderr",
        "echo ${NPM_TOKEN: -4}",
        "echo ${NPM_TOKEN%????}",
        "cat .npmrc\necho $NPM_TOKEN",
    ],
)
def test_the_line_can_go(script: str) -> None:
    assert not any(leak.stays for leak in leaks(script))


def test_a_trace_of_nothing_but_what_goes_is_none() -> None:
    assert [leak.traced for leak in leaks("set -x\necho $NPM_TOKEN\nnpm publish\n")] == [False]
    assert [leak.traced for leak in leaks("set -x\nif a; then echo $NPM_TOKEN; fi\n")] == [True, False]


def test_a_value_given_in_front_may_be_a_command() -> None:
    assert leaks("A=$(npm publish) echo $NPM_TOKEN\n")[0].stays


def test_a_long_text_stays() -> None:
    lines = "".join(f"line {number}\n" for number in range(5))
    assert leaks(f"cat <<EOF\n{lines}$NPM_TOKEN\nEOF\n")[0].stays


def test_without_e_the_last_line_decides_how_the_script_ends() -> None:
    secrets = Secrets(frozenset({"NPM_TOKEN"}), (), NPM_SECRET)
    script = "npm --version\necho $NPM_TOKEN\n"
    for text, strict in ((script, False), ("set +e\n" + script, True)):
        assert leaks_in(text, commands_of(text), secrets, "", strict=strict)[0].stays
    assert not leaks_in(script, commands_of(script), secrets, "")[0].stays


def test_a_shell_that_traces_from_the_start() -> None:
    assert leaks('X="$NPM_TOKEN"\n', traced=True)[0].traced
    assert leaks("npm publish\n", traced=True) == []


def test_what_asks_for_an_identity_token_is_an_assumption() -> None:
    assert leaks(REQUEST)[0].assumed
    assert forms(REQUEST) == [(IDENTITY, "whole")]


@pytest.mark.parametrize("opening", ["$(", "(", "{ ", "`", "if ", "<(", '"$('])
def test_no_depth_is_too_much(opening: str) -> None:
    leaks(opening * 3000 + "echo $NPM_TOKEN")
    leaks(opening * 300 + "echo $NPM_TOKEN" + ")" * 300)
