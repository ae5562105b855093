"""Shell text to commands: words, literals, spans, and where each command runs."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tp_fix.formats.shell import Command, mentions, parse, plain_words
from tp_fix.formats.shell_text import mask


def literals(command: Command) -> list[str | None]:
    return [word.literal for word in command.words]


def texts(script: str) -> list[list[str]]:
    return [[word.text for word in command.words] for command in parse(script)]


COMMANDS = {
    "nothing": ("", []),
    "one": ("npm publish", [["npm", "publish"]]),
    "lines": ("npm ci\nnpm publish\n", [["npm", "ci"], ["npm", "publish"]]),
    "comment": ("npm ci # npm publish\n# npm publish\n", [["npm", "ci"]]),
    "continued": ("npm publish \\\n  --tag next \\\n  --x\n", [["npm", "publish", "--tag", "next", "--x"]]),
    "continued at the end": ("npm publish \\\n  --x \\\n", [["npm", "publish", "--x"]]),
    "continued with nothing": ("npm publish \\", [["npm", "publish"]]),
    "continued inside a word": ("npm pub\\\nlish", [["npm", "pub\\\nlish"]]),
    "quotes": ("npm publish 'a b' \"c d\"", [["npm", "publish", "'a b'", '"c d"']]),
    "pipe": ("npm publish 2>&1 | tee log", [["npm", "publish"], ["tee", "log"]]),
    "lists": ("a && b || c; d & e", [["a"], ["b"], ["c"], ["d"], ["e"]]),
    "if": ("if a; then b; elif c; then d; else e; fi", [["a"], ["b"], ["c"], ["d"], ["e"]]),
    "loops": ("while a; do b; done; for x in y; do c; done", [["a"], ["b"], ["c"]]),
    "case": ("case x in y) npm publish;; esac", [["npm", "publish"]]),
    "subshell": ("(cd x && npm publish)", [["cd", "x"], ["npm", "publish"]]),
    "function": ("release() { npm publish; }\nrelease", [["npm", "publish"], ["release"]]),
    "substitution": ("echo $(npm publish)", [["echo", "$(npm publish)"], ["npm", "publish"]]),
    "backticks": ("echo `npm whoami`", [["echo", "`npm whoami`"], ["npm", "whoami"]]),
    "substitution in a value": ("V=$(npm view x)\nexport W=$(a)", [["npm", "view", "x"], ["export", "W=$(a)"], ["a"]]),
    "heredoc": ("cat <<EOF > .npmrc\nnpm publish\nEOF\nnpm ci", [["cat"], ["npm", "ci"]]),
    "heredoc that runs": ("cat <<EOF\n$(npm publish)\nEOF\n", [["cat"], ["npm", "publish"]]),
    "heredoc in quotes": ("cat <<'EOF'\n$(npm publish)\nEOF\n", [["cat"]]),
    "heredoc, more words": ("npm x <<EOF publish --z\nb\nEOF\n", [["npm", "x", "publish", "--z"]]),
    "assignment": ("A=b C= npm publish", [["npm", "publish"]]),
    "only assignments": ("A=b\nC=d", []),
    "redirects": ("npm >a publish 2>/dev/null --tag next < b", [["npm", "publish", "--tag", "next"]]),
    "redirect after a list": ("a && npm >log publish", [["a"], ["npm", "publish"]]),
    "redirect first": (">log npm publish", [["npm", "publish"]]),
    "here-string": ('npm <<< "x" publish', [["npm", "publish"]]),
    "test": ('[ -z "$A" ] && exit 1', [["[", "-z", '"$A"', "]"], ["exit", "1"]]),
    "negated test": ("[[ ! -f x && a == b* ]]", [["[[", "!", "-f", "x", "&&", "a", "==", "b*", "]]"]]),
    "arithmetic": ("((i++)); a", [["a"]]),
    "declarations": ("export -n A; local b=c; unset D", [["export", "-n", "A"], ["local", "b=c"], ["unset", "D"]]),
    "negation": ("! npm whoami", [["npm", "whoami"]]),
    "expression": ("npm publish ${{ inputs.flags }}", [["npm", "publish", "${{ inputs.flags }}"]]),
    "expression with braces and quotes": (
        "npm ${{ format('}}{0} ''x''', a) && '|' }} b",
        [["npm", "${{ format('}}{0} ''x''', a) && '|' }}", "b"]],
    ),
    "expression in a word": ("npm i npm@${{ env.V }}x b", [["npm", "i", "npm@${{ env.V }}x", "b"]]),
    "not ASCII": ("écho 😀✓ && npm publish # ü", [["écho", "😀✓"], ["npm", "publish"]]),
}


@pytest.mark.parametrize(("script", "expected"), COMMANDS.values(), ids=COMMANDS)
def test_commands(script: str, expected: list[list[str]]) -> None:
    assert texts(script) == expected
    assert all(command.sure for command in parse(script))


LITERALS = {
    "a": "a",
    "'a b'": "a b",
    '"a b"': "a b",
    "a'b'\"c\"\\ d": "abc d",
    '"\\$a \\" \\n \\\\"': '$a " \\n \\',
    "''": "",
    "pub\\\nlish": "publish",
    '"pub\\\nlish"': "publish",
    "é😀": "é😀",
    "--tag=x": "--tag=x",
    "npm@^11": "npm@^11",
    "{}": "{}",
    "[": "[",
    "a~b": "a~b",
    "a#b": "a#b",
    "x=y": "x=y",
    "$A": None,
    '"$A"': None,
    "'$A'": "$A",
    "\\$A": "$A",
    "${A:-b}": None,
    "$(a)": None,
    '"`a`"': None,
    "${{ a }}": None,
    "'${{ a }}'": None,
    "x${{ a }}": None,
    "*.tgz": None,
    "'*.tgz'": "*.tgz",
    "a?": None,
    "[ab]c": None,
    "{a,b}": None,
    "{1..3}": None,
    "~/x": None,
    "'~/x'": "~/x",
    "$'a\\n'": None,
    '$"a"': None,
    "<(a)": None,
}


@pytest.mark.parametrize(("word", "literal"), LITERALS.items())
def test_literals(word: str, literal: str | None) -> None:
    assert literals(parse(f"echo {word} end")[0]) == ["echo", literal, "end"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A=b npm publish", (("A", "b"),)),
        ("A= B='x y' C=$D E+=f npm publish", (("A", ""), ("B", "x y"), ("C", None), ("E", None))),
        ("A=${{ secrets.T }} npm publish", (("A", None),)),
        ("npm publish A=b", ()),
    ],
)
def test_assignments(script: str, expected: tuple[tuple[str, str | None], ...]) -> None:
    assert parse(script)[0].assignments == expected


@pytest.mark.parametrize(
    ("script", "top"),
    [
        ("cd x\ncd y; cd z", [True, True, True]),
        ("cd x && cd y", [True, True]),
        ("cd x || cd y", [True, False]),
        ("cd x || exit 1; cd y", [True, False, True]),
        ("[ -d x ] && cd x && cd y", [True, False, False]),
        ("[ -d x ] 2>/dev/null && cd x", [True, False]),
        ("a && [ -d x ] && cd x", [True, True, False]),
        ("! a && cd x", [True, False]),
        ("test -d x && cd x", [True, False]),
        ("{ cd x; cd y; } > log", [True, True]),
        ("! cd x", [True]),
        ("cd x > log", [True]),
        ("(cd x)", [False]),
        ("cd x | cat", [False, False]),
        ("{ cd x; } | cat", [False, False]),
        ("cd x &\ncd y", [False, True]),
        ("a && cd x & cd y", [False, False, True]),
        ("f() { cd x; }", [False]),
        ("f() (cd x)", [False]),
        ("if cd x; then cd y; fi", [False, False]),
        ("for i in a; do cd x; done", [False]),
        ("case a in a) cd x;; esac", [False]),
        ("echo $(cd x)", [True, False]),
        ("A=$(cd x)", [False]),
        ("cat <<EOF && cd x\n$(cd y)\nEOF\ncd z", [True, True, False, True]),
        ("cat <<EOF || cd x\nEOF\n", [True, False]),
        ("cat <<EOF | cd x\nEOF\n", [True, False]),
    ],
)
def test_top(script: str, top: list[bool]) -> None:
    assert [command.top for command in parse(script)] == top


@pytest.mark.parametrize(
    ("script", "sure"),
    [
        ("a\nb", [True, True]),
        ('a\nnpm publish "x', [True, False]),
        ("if foo; npm publish\n", [False, False]),
        ("npm publish )\nfoo", [False, False]),
        ("a\nb\nnpm publish <<A <<B\nA\nB\nc", [True, True, False, False]),
        ("for x in y; npm publish; done", [False, False]),
    ],
)
def test_sure(script: str, sure: list[bool]) -> None:
    found = [command.sure for command in parse(script)]
    assert found[: len(sure)] == sure
    assert not any(found[len(sure) :])


@pytest.mark.parametrize(
    ("script", "command"),
    [
        ("for x in y; npm publish; done", ["npm", "publish"]),
        ("echo \"a\nnpm publish \\\n  --tag 'x y' # z", ["npm", "publish", "--tag", "'x y'"]),
        ('if A=b npm publish "${{ a && b }}" | tee x', ["npm", "publish", '"${{ a && b }}"']),
    ],
)
def test_what_the_grammar_does_not_understand_is_not_lost(script: str, command: list[str]) -> None:
    found = {tuple(word.text for word in each.words): each for each in parse(script)}
    assert not found[tuple(command)].sure
    assert not any(each.words[0].text == "#" for each in parse(script))


@pytest.mark.parametrize(
    ("script", "spans"),
    [
        ("  npm publish  # x", ["npm publish"]),
        ("A=b npm publish 2>&1 > log; c", ["A=b npm publish 2>&1 > log", "c"]),
        ("cat <<EOF > x\na\nEOF\nb", ["cat <<EOF > x\na\nEOF", "b"]),
        ("cat <<EOF | npm x\na\nEOF\n", ["cat <<EOF", "npm x"]),
        ("a | b > c", ["a", "b > c"]),
        ("é && npm publish \\\n  --x", ["é", "npm publish \\\n  --x"]),
    ],
)
def test_spans(script: str, spans: list[str]) -> None:
    assert [script[command.span.start : command.span.end] for command in parse(script)] == spans


PIECES = st.sampled_from(
    (
        *(
            "npm publish",
            "$(a b)",
            "${{ inputs.x }}",
            "${{",
            "}}",
            "'",
            '"',
            "`",
            "\\",
            "\n",
            "\\\n",
            " ",
            ";",
            "&&",
            "|",
        ),
        *(
            "<<EOF",
            "EOF",
            "é",
            "😀",
            "\0",
            "\ufeff",
            "\r\n",
            "(",
            ")",
            "{",
            "}",
            "if",
            "then",
            "fi",
            "case",
            "$X",
            "[ ",
            "]",
        ),
        *(">", "<", "A=b", "#", "((", "))", "&", "!", "function f", "~", "*", "\u2028"),
    )
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES).map("".join)))
@example("(" * 3000)
@example("a && " * 300 + "b")
@example("\\\n" * 50)
def test_any_text_parses_and_spans_slice_it(text: str) -> None:
    assert len(mask(text)) == len(text)
    assert mask(text).isascii()
    for command in parse(text):
        assert 0 <= command.span.start <= command.span.end <= len(text)
        for word in command.words:
            assert text[word.span.start : word.span.end] == word.text
            assert command.span.covers(word.span)
    plain_words(text)
    mentions(text, "NPM_TOKEN")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo $NPM_TOKEN", True),
        ("echo ${NPM_TOKEN:-x}", True),
        ("node -e 'process.env.NPM_TOKEN'", True),
        ("printenv NPM_TOKEN", True),
        ("cat <<EOF > .npmrc\n//x/:_authToken=${NPM_TOKEN}\nEOF\n", True),
        ("cat <<EOF\n# NPM_TOKEN\nEOF\n", True),
        ("echo '# NPM_TOKEN'", True),
        ("Write-Output $env:NPM_TOKEN", True),
        ("# a\nNPM_TOKEN=x # b\n", True),
        ("# NPM_TOKEN (\necho (", True),
        ("echo $NPM_TOKENS $MY_NPM_TOKEN", False),
        ("npm publish # NPM_TOKEN\n# NPM_TOKEN", False),
        ("npm publish", False),
    ],
)
def test_mentions(script: str, expected: bool) -> None:
    assert mentions(script, "NPM_TOKEN") is expected


@pytest.mark.parametrize(
    "script",
    [
        "npm publish",
        "npm ci\n\n  npm publish --access public --tag=next\n",
        "npm install -g npm@11\r\nnpm publish\r\n",
        "npx -y npm@11.5.1 publish ./dist --registry https://npm-registry.invalid/",
        "",
    ],
)
def test_plain_words(script: str) -> None:
    assert plain_words(script)


@pytest.mark.parametrize(
    "word",
    [
        *(
            "$A",
            "a;b",
            "a|b",
            "'a'",
            '"a"',
            "a&b",
            "a\\b",
            "(a)",
            "%A%",
            "*",
            "`a`",
            "<a",
            "#a",
            "${{ a }}",
            "!a",
            "{a}",
        ),
        *("a,b", "@a/b", "-a.b", "npm@^11", "~/a", "é", "a\fb"),
    ],
)
def test_words_that_shells_read_differently(word: str) -> None:
    assert not plain_words(f"npm publish\nnpm publish {word}")


def test_an_assignment_is_not_plain() -> None:
    assert not plain_words("A=b npm publish")
