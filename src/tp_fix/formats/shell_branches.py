"""The `if` statements of a shell script around one of its commands: which tests have to be true, and which false."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tp_fix.formats.shell import tree

if TYPE_CHECKING:
    from tree_sitter import Node

CLAUSES = ("elif_clause", "else_clause")


class Asked(NamedTuple):
    """A condition as it is written, and whether it has to hold."""

    text: str
    holds: bool


def asked_around(text: str, offset: int) -> tuple[Asked, ...]:
    """What has to hold, or not to hold, where a command at an offset runs; those that are not understood left out."""
    node: Node | None = tree(text).root_node.descendant_for_byte_range(offset, offset)
    found: list[Asked] = []
    while node is not None:
        if node.type == "if_statement" and not node.has_error:
            found += _asked(node, text, offset)
        node = node.parent
    return tuple(found)


def _asked(node: Node, text: str, offset: int) -> list[Asked]:
    """The conditions of an `if` up to the branch that an offset stands in."""
    found: list[Asked] = []
    clauses = [child for child in node.children if child.type in CLAUSES]
    for clause in (node, *clauses):
        then = next((child for child in clause.children if child.type == "then"), None)
        end = clauses[0].start_byte if clause is node and clauses else clause.end_byte
        if then is not None and offset >= then.end_byte:
            condition = text[clause.children[0].end_byte : then.start_byte].strip().rstrip(";").strip()
            found.append(Asked(condition, offset < end))
        if offset < end:
            break
    return found
