"""Generated documents and changes: what lowering writes is what the change says, or it refuses with a sentence."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from documents import changes, documents
from tp_fix.change import comments_of, matches, replay, shape
from tp_fix.edit import apply, check_disjoint
from tp_fix.errors import CannotEdit, Unreadable
from tp_fix.formats.yaml import comments, parse
from tp_fix.formats.yaml_lower import lower
from tp_fix.node import Node
from tp_fix.source import Source

FAST = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def facts(node: Node) -> tuple[object, ...]:
    """All that a node says, for comparing two parsers."""
    below = [] if node.alias else [(key, facts(value)) for key, value in node.children()]
    keys = [facts(key) for key, _ in node.pairs or ()]
    return node.span, node.style, node.value, node.alias, node.shared, node.tagged, keys, below


@FAST
@given(documents())
def test_both_parsers_give_the_same_nodes(text: str) -> None:
    source = Source.decode("w.yml", text.encode())
    assume("\t" not in text)  # the Python parser refuses tabs between tokens, in a line of its own: see test_yaml.py
    try:
        ours = parse(source)
    except Unreadable:
        return
    assert facts(ours) == facts(parse(source, pure=True))


@FAST
@given(st.data())
def test_lowering_does_what_the_change_says(data: st.DataObject) -> None:
    text = data.draw(documents())
    source = Source.decode("w.yml", text.encode())
    try:
        root = parse(source)
    except Unreadable:
        assume(False)
    change = data.draw(changes(root))
    try:
        lowered = lower(source, root, change)
    except CannotEdit as refusal:
        assert refusal.reason.strip()
        return
    check_disjoint(lowered.edits)
    after = source.with_text(apply(text, lowered.edits))
    new_root = parse(after)
    assert matches(replay(shape(root, text), change), shape(new_root, after.text))
    kept = [text[a:b] for a, b in comments(source, root) if not any((a, b) == tuple(d) for d in lowered.dropped)]
    now = [after.text[a:b] for a, b in comments(after, new_root)]
    for comment in comments_of(change):
        assert f"# {comment}" in now
        now.remove(f"# {comment}")
    assert now == kept
    assert after.text.endswith("\n") == text.endswith("\n")
    if "\r\n" not in text:
        assert "\r" not in after.text
    elif text.count("\n") == text.count("\r\n"):
        assert after.text.count("\n") == after.text.count("\r\n")
