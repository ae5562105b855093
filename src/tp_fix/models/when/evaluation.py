"""Three-valued evaluation of GitHub's expressions and of the conditions made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from tp_fix.formats.expression import (
    Binary,
    Call,
    Expression,
    Index,
    Literal,
    Name,
    Not,
    NotAnExpression,
    Star,
    parse,
    parts,
    walk,
)
from tp_fix.models.when.values import (
    SOME_TEXT,
    TEXT,
    UNKNOWN,
    Array,
    Object,
    Unknown,
    Value,
    answered,
    any_of,
    at,
    either,
    equal,
    every,
    fold,
    is_text,
    less,
    negated,
    starting,
    to_text,
    truth,
)

STATUS = frozenset({"always", "success", "failure", "cancelled"})
"""Functions without which a condition means `success() && …`."""
LONGEST = 1 << 20
"""Characters of a string; GitHub stops at 10 MB of all values (S actions/runner, EvaluationOptions)."""
PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(\d+)\}")


@dataclass(frozen=True)
class Context:
    """What expressions see: contexts by their names in lower case, and the answers of the status functions.

    A context or an answer that is not there is unknown.
    """

    names: Mapping[str, Value] = field(default_factory=dict)
    status: Mapping[str, bool | None] = field(default_factory=dict)

    def with_names(self, **names: Value) -> Context:
        """The same with other contexts beside it, or in the place of its own."""
        return replace(self, names={**self.names, **names})


def evaluate(expression: Expression, context: Context) -> Value:
    """The value of an expression, as far as it is known."""
    match expression:
        case Literal(literal):
            return literal
        case Name(name):
            return context.names.get(name.lower(), UNKNOWN)
        case Index(target, key):
            value = evaluate(target, context)
            return every(value) if isinstance(key, Star) else at(value, evaluate(key, context))
        case Not(operand):
            return answered(negated(truth(evaluate(operand, context))))
        case Binary(("&&" | "||") as operator, operands):
            return _logical(operator, operands, context)
        case Binary(operator, (left, right)):
            return answered(COMPARISONS[operator](evaluate(left, context), evaluate(right, context)))
        case Call(name, arguments):
            return _call(name.lower(), [evaluate(argument, context) for argument in arguments], context)
    return UNKNOWN


def _logical(operator: str, operands: Sequence[Expression], context: Context) -> Value:
    """The operand at which `&&` or `||` stops; where that is not certain, what all candidates have in common."""
    stops = operator == "||"
    result: Value = UNKNOWN
    candidates: list[Value] = []
    for number, operand in enumerate(operands):
        result = evaluate(operand, context)
        answer = truth(result)
        if answer is stops:
            break
        if answer is None and number < len(operands) - 1:
            candidates.append(_narrowed(result, stops))
    for candidate in candidates:
        result = either(candidate, result)
    return result


def _narrowed(value: Value, stops: bool) -> Value:
    """An operand that has the truth with which its operator stops."""
    if not isinstance(value, Unknown):
        return value
    return "" if value.text and not stops else replace(value, truth=stops)


COMPARISONS: dict[str, Callable[[Value, Value], bool | None]] = {
    "==": equal,
    "!=": lambda one, other: negated(equal(one, other)),
    "<": less,
    ">": lambda one, other: less(other, one),
    "<=": lambda one, other: any_of(equal(one, other), less(one, other)),
    ">=": lambda one, other: any_of(equal(one, other), less(other, one)),
}


def _call(name: str, arguments: list[Value], context: Context) -> Value:
    if name == "always":
        return True
    if name in STATUS:
        return answered(context.status.get(name))
    function = FUNCTIONS.get(name)
    return function(arguments) if function else UNKNOWN


def _contains(arguments: list[Value]) -> Value:
    search, item = arguments
    if isinstance(search, Array):
        found: bool | None = False
        for own in search.items:
            found = any_of(found, equal(own, item))
        return answered(found)
    if isinstance(search, Object) or (isinstance(item, Object | Array) and is_text(search)):
        return False
    if isinstance(search, Unknown) and _comparable(search, item):
        return fold(str(item)) in fold(search.shape)
    if isinstance(search, Unknown):
        known = search.text and isinstance(item, str) and fold(item) in fold(search.prefix)
        return True if known else UNKNOWN
    if isinstance(item, Object | Array):
        return False
    text, part = fold(str(to_text(search))), to_text(item)
    if isinstance(part, Unknown):
        return False if fold(part.prefix) not in text else UNKNOWN
    return fold(part) in text


def _comparable(some: Unknown, part: Value) -> bool:
    """Whether a part can be looked for although a number in the string is not known."""
    return some.shape != "" and isinstance(part, str) and not any(map(str.isdigit, part))


def _starts_with(arguments: list[Value]) -> Value:
    search, start = arguments
    if isinstance(search, Object | Array) or isinstance(start, Object | Array):
        return False
    text, part = to_text(search), to_text(start)
    if isinstance(text, str) and isinstance(part, str):
        return fold(text).startswith(fold(part))
    known = fold(text.prefix if isinstance(text, Unknown) else text)
    wanted = fold(part.prefix if isinstance(part, Unknown) else part)
    if isinstance(part, str) and known.startswith(wanted) and (is_text(search) or not isinstance(search, Unknown)):
        return True
    fits = known.startswith(wanted) or (isinstance(text, Unknown) and wanted.startswith(known))
    return UNKNOWN if fits else False


def _ends_with(arguments: list[Value]) -> Value:
    search, end = arguments
    if isinstance(search, Object | Array) or isinstance(end, Object | Array):
        return False
    text, part = to_text(search), to_text(end)
    if isinstance(text, Unknown) and _comparable(text, part):
        return fold(text.shape).endswith(fold(str(part)))
    if isinstance(text, Unknown) or isinstance(part, Unknown):
        return True if part == "" and is_text(search) else UNKNOWN
    return fold(text).endswith(fold(part))


def _format(arguments: list[Value]) -> Value:
    """`format('{0} …', x)`. A string whose placeholders do not fit is an error at run time, and unknown here."""
    template = to_text(arguments[0])
    if isinstance(template, Unknown):
        return TEXT
    pieces: list[str | Unknown] = []
    end = 0
    for match in PLACEHOLDER.finditer(template):
        literal = template[end : match.start()]
        number = int(match[1]) + 1 if match[1] is not None else 0
        if "{" in literal or "}" in literal or number >= len(arguments):
            return UNKNOWN
        pieces += [literal, to_text(arguments[number]) if number else match.group()[0]]
        end = match.end()
    if "{" in template[end:] or "}" in template[end:]:
        return UNKNOWN
    return _joined([*pieces, template[end:]])


def _joined(pieces: Sequence[str | Unknown]) -> Value:
    """Strings one behind the other, as long as GitHub's own memory would hold them."""
    if sum(len(_start_of(piece)) for piece in pieces) > LONGEST:
        return TEXT
    start = ""
    for piece in pieces:
        if isinstance(piece, Unknown):
            start += piece.prefix
            return replace(starting(start), truth=True if any(truth(part) for part in pieces) else None)
        start += piece
    return start


def _start_of(piece: str | Unknown) -> str:
    return piece.prefix if isinstance(piece, Unknown) else piece


def _join(arguments: list[Value]) -> Value:
    items, separator = [*arguments, ","][:2]
    if isinstance(items, Object):
        return ""
    if not isinstance(items, Array):
        return to_text(items) if not isinstance(items, Unknown) else TEXT
    between = "," if isinstance(separator, Object | Array) else to_text(separator)
    pieces: list[str | Unknown] = []
    for item in items.items:
        pieces += [between, to_text(item)]
    return _joined(pieces[1:])


def _to_json(arguments: list[Value]) -> Value:
    found = _plain(arguments[0])
    text = "" if isinstance(found, Unknown) else json.dumps(found, indent=2, ensure_ascii=False)
    return text if text and len(text) <= LONGEST else SOME_TEXT


def _plain(value: Value) -> object:
    """A value as plain data; UNKNOWN when some part of it is not known."""
    if isinstance(value, Array):
        items = [_plain(item) for item in value.items]
        return UNKNOWN if UNKNOWN in items else items
    if isinstance(value, Object):
        pairs = {key: _plain(own) for key, own in value.properties.items()}
        return UNKNOWN if value.rest is not None or UNKNOWN in pairs.values() else pairs
    if isinstance(value, Unknown):
        return UNKNOWN
    return int(value) if isinstance(value, float) and value == int(value) else value


def _from_json(arguments: list[Value]) -> Value:
    text = to_text(arguments[0])
    if isinstance(text, Unknown):
        return UNKNOWN
    try:
        return value_of(json.loads(text))
    except (ValueError, RecursionError):
        return UNKNOWN  # at run time it is an error


def value_of(data: object) -> Value:
    """Plain data as a value, of which everything is known."""
    if isinstance(data, dict):
        return Object({str(key): value_of(own) for key, own in data.items()})
    if isinstance(data, list):
        return Array(tuple(value_of(item) for item in data))
    if isinstance(data, int | float) and not isinstance(data, bool):
        return float(data) if abs(data) < 1e300 else UNKNOWN
    return data if isinstance(data, bool | str) or data is None else UNKNOWN


def _case(arguments: list[Value]) -> Value:
    """`case(condition, value, …, otherwise)`: a condition that is no boolean is an error at run time."""
    if len(arguments) % 2 == 0:
        return UNKNOWN
    found: list[Value] = []
    for condition, value in zip(arguments[0:-1:2], arguments[1:-1:2], strict=True):
        if not isinstance(condition, bool | Unknown) or (isinstance(condition, Unknown) and condition.text):
            return UNKNOWN
        if truth(condition) is not False:
            found.append(value)
        if condition is True:
            break
    else:
        found.append(arguments[-1])
    result = found[0]
    for value in found[1:]:
        result = either(result, value)
    return result


FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "contains": _contains,
    "startswith": _starts_with,
    "endswith": _ends_with,
    "format": _format,
    "join": _join,
    "tojson": _to_json,
    "fromjson": _from_json,
    "case": _case,
    "hashfiles": lambda arguments: TEXT,
}


@dataclass(frozen=True)
class Condition:
    """An `if:` as GitHub reads it: `code` is the expression's own text and `start` where it stands in the whole.

    `expression` is None when nothing is asked but success, or when the text is `pieced`: text around `${{ }}`, which
    makes a string, and a string that is not empty is true whatever stands in it.
    """

    text: str
    code: str = ""
    start: int = 0
    expression: Expression | None = None
    pieced: bool = False

    @property
    def asks_status(self) -> bool:
        """Whether it calls a status function, without which it is asked only after success."""
        trees = [self.expression] if self.expression else []
        if self.pieced:
            trees = [parse(part.text) for part in parts(self.text) if part.code]
        return any(isinstance(node, Call) and node.name.lower() in STATUS for tree in trees for node in walk(tree))


@lru_cache(maxsize=1024)
def read_condition(text: str | None) -> Condition:
    """Raises NotAnExpression for what GitHub would turn down."""
    text = text or ""
    found = parts(text)
    if not any(part.code for part in found):
        return _one(text, text, 0)
    if len(found) > 1:
        for part in found:
            if part.code:
                parse(part.text)
        return Condition(text, pieced=True)
    inner = parse(found[0].text)
    if isinstance(inner, Literal) and isinstance(inner.value, str):
        return _one(text, inner.value, found[0].span.start)  # `${{ 'x' }}` is another way to write x
    return _one(text, found[0].text, 3)


def _one(text: str, code: str, start: int) -> Condition:
    return Condition(text, code, start, parse(code) if code.strip() else None)


def condition(text: str | None, context: Context) -> bool | None:
    """Whether something with this `if:` runs; None when that is not known, or when the text is no condition."""
    try:
        found = read_condition(text)
    except NotAnExpression:
        return None
    said = truth(template(text or "", context)) if found.pieced else True
    if found.expression is not None:
        said = truth(evaluate(found.expression, context))
    if found.asks_status:
        return said
    succeeded = context.status.get("success")
    return False if said is False or succeeded is False else None if None in (said, succeeded) else True


def always_true(text: str | None) -> bool:
    """Whether an `if:` is text around `${{ }}`, which is true whatever its expressions say."""
    try:
        return read_condition(text).pieced
    except NotAnExpression:
        return False


def template(text: str, context: Context) -> Value:
    """A text with its `${{ }}` filled in, as GitHub does it outside of conditions."""
    try:
        found = parts(text)
        values = [evaluate(parse(part.text), context) if part.code else part.text for part in found]
    except NotAnExpression:
        return UNKNOWN
    if len(values) == 1:
        return values[0]
    return _joined([to_text(value) for value in values])
