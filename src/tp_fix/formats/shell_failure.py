"""Shell text to what hides that one of its commands fails: pipes, lists, conditions, and a shell that goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from tp_fix.formats.shell import SIMPLE, Command, tree
from tp_fix.formats.shell_flow import Stage, flows_below, span_of
from tp_fix.source import Span

if TYPE_CHECKING:
    from tree_sitter import Node

Kind = Literal["or", "pipe", "and", "condition", "background", "value", "next"]
CONTAINERS = frozenset({"program", "compound_statement", "subshell", "do_group", "case_item", "else_clause"})
"""Nodes that hold statements which run one after the other."""
LOOPS = frozenset({"while_statement", "for_statement", "c_style_for_statement"})
STATUS = re.compile(r"\$\?|PIPESTATUS|\$\{\?\}")
WAITED = re.compile(r"\bwait[ \t]+[^\s;&|]|\bjobs\b")
SILENT = re.compile(r"2>>?\s*/dev/null|&>>?\s*/dev/null|>&\s*/dev/null|(?<![2&])>>?\s*/dev/null.*2>&1")
MOST = 200
"""Nodes around one command; a script that is meant has a few."""


class Options(NamedTuple):
    """What the shell does about failures: `errexit` is `-e`, `pipefail` makes a pipe fail with any of its commands."""

    errexit: bool
    pipefail: bool


class Mask(NamedTuple):
    """What hides a failure.

    `span` is what does it: behind `||` all of it with the operator, a whole pipeline, the statement or the condition
    around the command. `right` is what runs behind `||`. `own` says that the list or the pipeline is a statement of the
    script's own, on its top level. `stages` are the words of the pipeline's commands, none for what is no single one;
    `at` is the place of the command that fails among them.
    """

    kind: Kind
    span: Span
    right: Span = Span(0, 0)
    own: bool = False
    at: int = 0
    stages: tuple[tuple[str, ...], ...] = ()


def options_at(commands: Iterable[Command], offset: int, options: Options) -> Options:
    """The options where a command starts, with every `set` before it carried out."""
    for command in commands:
        words = [word.literal or "" for word in command.words]
        if command.span.start < offset and words[:1] == ["set"]:
            options = told(words[1:], options)
    return options


def told(words: Iterable[str], options: Options) -> Options:
    """The options after those that are given to a shell or to `set`: `-eo pipefail`, `+e`."""
    waiting = ""
    for word in words:
        if waiting:
            named, on, waiting = word, waiting == "-", ""
            options = _named(named, on, options)
        elif re.fullmatch(r"[-+][a-zA-Z]+", word):
            if "e" in word:
                options = options._replace(errexit=word[0] == "-")
            waiting = word[0] if "o" in word else ""
    return options


def _named(name: str, on: bool, options: Options) -> Options:
    if name == "errexit":
        return options._replace(errexit=on)
    return options._replace(pipefail=on) if name == "pipefail" else options


def mask_of(text: str, offset: int, options: Options, harmless: Callable[[Stage], bool]) -> Mask | None:
    """What hides a failure of the command that starts at `offset`; None for nothing, and for all that is not clear.

    `harmless` says of a command that it ends well and tells nobody of the failure. Whatever else runs after a failure,
    an `exit 1`, another try or a program that nobody here knows, counts as taking notice of it.
    """
    root = tree(text).root_node
    node = None if root.has_error else _command_at(root, offset)
    return _Climb(text, options, harmless).up(node) if node is not None else None


def pipes_in(text: str, *, functions: bool = False) -> list[Span]:
    """Every pipeline of a script, those inside `$(…)` too; or those of its functions alone."""
    found, pending = [], [(tree(text).root_node, not functions)]
    while pending:
        node, counts = pending.pop()
        counts = counts or node.type == "function_definition"
        pending += [(child, counts) for child in node.children]
        if node.type == "pipeline" and counts:
            found.append(span_of(node))
    return sorted(found)


def silenced(text: str, offset: int) -> bool:
    """Whether the standard error of the command that starts at `offset` goes to /dev/null."""
    node = _command_at(tree(text).root_node, offset)
    around = node.parent if node is not None else None
    if around is None or around.type != "redirected_statement":
        return False
    told = " ".join(text[each.start_byte : each.end_byte] for each in around.children_by_field_name("redirect"))
    return SILENT.search(told) is not None


def _command_at(root: Node, offset: int) -> Node | None:
    node = root.descendant_for_byte_range(offset, offset + 1)
    while node is not None and (node.type not in SIMPLE or node.start_byte != offset):
        node = node.parent if node.start_byte == offset else None
    return node


class _Climb:
    """The way from a command that fails to the end of its script.

    `strict` says that the shell would end at once, were it asked to by `-e`: it is not for what stands left of `&&`.
    """

    def __init__(self, text: str, options: Options, harmless: Callable[[Stage], bool]) -> None:
        self.text = text
        self.harmless = harmless
        self.options = options
        self.strict = True
        self.inverted = False
        self.pipe: Mask | None = None

    def up(self, node: Node) -> Mask | None:
        for _ in range(MOST):
            parent = node.parent
            if parent is None or parent.type in ("function_definition", "process_substitution"):
                return self.pipe
            if _in_background(node):
                return None if WAITED.search(self.text) else Mask("background", span_of(node))
            found = self._through(node, parent)
            if not isinstance(found, _Next):
                return found or self.pipe
            node = found.node
        return self.pipe

    def _through(self, node: Node, parent: Node) -> _Next | Mask | None:
        """Where a failure of a node goes: to a node around it, into a mask, or (None) to where it is seen."""
        if parent.type == "pipeline":
            return self._piped(node, parent)
        if parent.type == "list":
            return self._listed(node, parent)
        if parent.type == "negated_command":
            self.inverted = not self.inverted
            return _Next(parent)
        if parent.type in ("if_statement", "elif_clause"):
            return self._branched(node, parent)
        if parent.type in LOOPS and node.type != "do_group":
            return None  # another try, as long as it takes
        if parent.type == "command_substitution":
            return self._substituted(parent)
        if self.inverted:
            return None  # it is meant to fail
        return self._stated(node, parent) if parent.type in CONTAINERS else _Next(parent)

    def _piped(self, node: Node, parent: Node) -> _Next:
        last = [child for child in parent.named_children if child.type != "comment"][-1]
        if node.id != last.id and not self.options.pipefail and not STATUS.search(self.text, parent.end_byte):
            parts = [child for child in parent.named_children if child.type != "comment"]
            at = next(index for index, child in enumerate(parts) if child.id == node.id)
            stages = tuple(_words(self.text, child) for child in parts)
            self.pipe = Mask("pipe", span_of(parent), own=_is_own(parent), at=at, stages=stages)
        return _Next(parent)

    def _listed(self, node: Node, parent: Node) -> _Next | Mask | None:
        left, right = parent.named_children[0], parent.named_children[-1]
        if node.id != left.id:
            return _Next(parent)
        if self.inverted:
            return None
        if parent.children[1].type == "&&":
            self.strict = False
            return _Next(parent)
        if not self._harmless([right]) or not self._redirected(parent) or _ends(parent):
            return None
        return Mask("or", Span(left.end_byte, right.end_byte), span_of(right), _is_own(parent))

    def _redirected(self, node: Node) -> bool:
        """Whether a redirect that the grammar gives to a whole list leaves its last command, whose it is, harmless."""
        around = node.parent
        if around is None or around.type != "redirected_statement":
            return True
        flows = list(flows_below(self.text, around))
        return bool(flows) and self._is_harmless(flows[-1].stages[-1])

    def _branched(self, node: Node, parent: Node) -> _Next | Mask | None:
        """A condition that fails leads into a branch; a failure within a branch is the whole statement's."""
        children = parent.children
        then = next((at for at, child in enumerate(children) if child.type == "then"), len(children))
        if node.start_byte >= children[min(then, len(children) - 1)].start_byte:
            return self._stated(node, parent) if node.type != "elif_clause" else _Next(parent)
        around = parent.parent if parent.type == "elif_clause" else parent
        others = [child for child in (around or parent).children if child.type in ("elif_clause", "else_clause")]
        others = [child for child in others if child.start_byte > node.start_byte]
        if self.inverted:
            branch = [child for child in children[then + 1 :] if child.is_named and child not in others]
        elif others and others[0].type == "elif_clause":
            return None
        else:
            branch = [child for clause in others for child in clause.named_children]
        return Mask("condition", span_of(around or parent)) if self._harmless(branch) else None

    def _substituted(self, parent: Node) -> _Next | Mask | None:
        """`X=$(…)` ends as what is inside; any other command around it ends as itself."""
        around = parent.parent
        while around is not None and around.type in ("string", "concatenation", "command_name"):
            around = around.parent
        if around is None or (around.type != "variable_assignment" and around.type not in SIMPLE):
            return None
        if around.type == "variable_assignment" and (around.parent is None or around.parent.type not in SIMPLE):
            self.strict = True
            return _Next(around)
        return Mask("value", span_of(around.parent if around.type not in SIMPLE and around.parent else around))

    def _stated(self, node: Node, parent: Node) -> _Next | Mask | None:
        """A statement that fails: the shell ends, or what stands behind it runs, or it decides how all around ends."""
        shell = _subshell(parent)
        inherits = shell is None or shell.type == "subshell"  # `$(…)` has no `-e` of its caller's
        if self.strict and self.options.errexit and inherits and not _ignored(parent):
            return _Next(shell) if shell is not None else None
        following = [child for child in parent.named_children if child.start_byte >= node.end_byte]
        following = [child for child in following if child.type not in ("comment", "elif_clause", "else_clause")]
        if following:
            if STATUS.search(self.text, node.end_byte, following[0].end_byte):
                return None
            return Mask("next" if self.strict else "and", span_of(node), own=parent.type == "program")
        if parent.type == "do_group":
            return Mask("next" if self.strict else "and", span_of(node))
        self.strict = self.strict or parent.type == "subshell"
        return _Next(parent) if parent.type != "program" else None

    def _harmless(self, nodes: list[Node]) -> bool:
        """Whether all that runs is known to end well and to tell nothing to anyone but the log."""
        for node in nodes:
            if _holds(node, "variable_assignment"):
                return False
            if not all(self._is_harmless(stage) for flow in flows_below(self.text, node) for stage in flow.stages):
                return False
        return True

    def _is_harmless(self, stage: Stage) -> bool:
        if stage.group:
            return all(self._is_harmless(each) for flow in stage.group for each in flow.stages)
        return self.harmless(stage)


class _Next(NamedTuple):
    node: Node


def _in_background(node: Node) -> bool:
    return node.next_sibling is not None and node.next_sibling.type == "&"


def _ignored(node: Node) -> bool:
    """Whether `-e` counts for nothing in a node: it stands in a condition, or left of `&&` or `||`."""
    while (parent := node.parent) is not None:
        if parent.type == "list" and parent.named_children[0].id == node.id:
            return True
        if parent.type == "negated_command":
            return True
        if parent.type in ("if_statement", "elif_clause", *LOOPS):
            then = next((child for child in parent.children if child.type in ("then", "do_group")), None)
            if then is not None and node.start_byte < then.start_byte:
                return True
        node = parent
    return False


def _subshell(node: Node) -> Node | None:
    """The shell of its own that a node runs in, or is; None for the script's."""
    each: Node | None = node
    while each is not None and each.type not in ("subshell", "command_substitution"):
        each = each.parent
    return each


def _holds(node: Node, kind: str) -> bool:
    pending = [node]
    while pending:
        each = pending.pop()
        if each.type == kind:
            return True
        pending += each.children
    return False


def _ends(masked: Node) -> bool:
    """Whether the script is made to fail right behind a list: `publish || echo failed && exit 1` does so always."""
    around = masked.parent
    right = around.named_children[-1] if around is not None and around.type == "list" else None
    return right is not None and re.match(rb"exit|return|false", right.text or b"") is not None


def _is_own(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "program"


def _words(text: str, node: Node) -> tuple[str, ...]:
    """The words of a pipeline's command as they are written; none for what is no single command."""
    flows = list(flows_below(text, node))
    alone = len(flows) == 1 and len(flows[0].stages) == 1
    return tuple(word.text for word in flows[0].stages[0].words) if alone else ()
