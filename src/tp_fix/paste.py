"""What a person pastes or hands over as files, told apart by content and laid out as a repository."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from json import JSONDecodeError, JSONDecoder
from textwrap import dedent
from typing import Literal, NamedTuple

from tp_fix.errors import Unreadable
from tp_fix.formats import Document, json, yaml
from tp_fix.models.npmrc import is_npmrc
from tp_fix.models.workflow import workflow_of
from tp_fix.node import Node
from tp_fix.source import Source

Kind = Literal["workflow", "manifest", "npmrc"]
WORKFLOWS = ".github/workflows"
MANIFEST_KEYS = frozenset(
    (
        *("name", "version", "private", "repository", "scripts", "publishConfig", "files", "main", "exports"),
        *("workspaces", "dependencies", "devDependencies", "packageManager", "engines"),
    )
)
FILE_NAME = re.compile(r"[\w./@-]*?[\w-]+\.ya?ml\b|(?:[\w./@-]*/)?package\.json\b")
LONGEST_NAME = 200
"""Characters in which a file name is looked for, so that odd input costs nothing."""
FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})([^`]*)$")
LANGUAGES = ("yaml", "yml", "json", "jsonc", "json5")
SEPARATOR = re.compile(r"(?m)^---(?:[ \t].*)?\r?$\n?")
SLASHES = re.compile(r"(?m)^//.*$\n?")
"""Lines that people put above JSON to say what it is; YAML has none such."""
NEITHER = "neither a workflow (YAML with `on` and `jobs`) nor a package.json (a JSON object)"


class Input(NamedTuple):
    """A file as it was handed over: what the user calls it, its path on disk ('' for standard input), its bytes."""

    label: str
    path: str
    raw: bytes


class Part(NamedTuple):
    """One file in an input. `name` is the file's own name or path, '' where nobody said.

    `sure` is False for a block of which nobody said that it is YAML or JSON.
    """

    label: str
    name: str
    raw: bytes
    sure: bool = True


class Pasted(NamedTuple):
    """The repository that the inputs make: its files by path.

    `unnamed` are the workflows whose file name nobody said, `problems` say what could not be used.
    """

    files: dict[str, bytes]
    unnamed: frozenset[str]
    problems: tuple[Unreadable, ...]


def pasted(inputs: Iterable[Input]) -> Pasted:
    """Tells workflows, manifests and .npmrc files apart, and gives each its place."""
    usable: list[tuple[Kind, Part, str]] = []
    problems: list[Unreadable] = []
    for given in inputs:
        for verdict, part in _parts(given):
            if isinstance(verdict, Unreadable):
                problems.append(verdict)
            else:
                usable.append((verdict, part, given.path))
    return _laid_out(usable, problems)


def _judged(part: Part) -> tuple[Kind | Unreadable, Part]:
    try:
        return _kind(part), part
    except Unreadable as problem:
        return problem, part


def _kind(part: Part) -> Kind:
    """What a text is. Raises Unreadable, which says what is missing."""
    source = Source.decode(part.label, part.raw)
    if is_npmrc(part.name):
        return "npmrc"
    text = source.text.strip()
    if not text:
        raise Unreadable(part.label, "empty")
    if not text.startswith("{"):
        return _yaml(source)
    try:
        return _manifest(source)
    except Unreadable as problem:
        if re.search(r"[{,]\s*(?:on|jobs)\s*:", text):  # YAML can be written with braces too
            return _yaml(source)
        raise problem from None


def _manifest(source: Source) -> Kind:
    data = json.values(source)
    keys = data.keys() if isinstance(data, dict) else set()
    if {"on", "jobs"} <= keys:
        return "workflow"
    if "lockfileVersion" in keys:
        raise Unreadable(source.path, "a package-lock.json; hand over package.json")
    if not keys & MANIFEST_KEYS:
        raise Unreadable(source.path, "JSON, but no package.json: it has no name, version, repository or scripts")
    return "manifest"


def _yaml(source: Source) -> Kind:
    try:
        root = yaml.parse(source)
    except Unreadable as problem:
        spoken = re.search(r"(?m)^[\"']?(?:on|jobs)[\"']?[ \t]*:", source.text)
        raise problem if spoken else Unreadable(source.path, NEITHER) from None
    try:
        workflow_of(Document(source, root))
    except Unreadable as problem:
        raise Unreadable(source.path, _piece(root) or problem.reason) from None
    return "workflow"


def _piece(root: Node) -> str:
    """What a YAML text is that is no workflow; '' when nothing but the usual can be said."""
    if root.pairs is None:
        return NEITHER
    if root.at(("runs", "using")) is not None:
        return "an action, not a workflow: hand over the workflow that uses it"
    missing = " and no ".join(f"`{key}`" for key in ("on", "jobs") if key not in root.keys)
    said = ", ".join(f"`{key}`" for key in root.keys[:3]) + (" …" if len(root.keys) > 3 else "")
    if set(root.keys) <= MANIFEST_KEYS - {"name"}:
        return f"not a package.json: there is {said} without the braces around it; paste the whole file"
    return f"not a workflow: there is {said}, but no {missing}; paste the whole file" if missing else ""


def _parts(given: Input) -> list[tuple[Kind | Unreadable, Part]]:
    """The files in one input with what they are: itself, or what stands in a paste of several.

    Blocks that nobody marked as YAML or JSON, and that are neither workflow nor manifest, are no business of ours.
    """
    whole = _judged(Part(given.label, posixpath.basename(given.path.replace(os.sep, "/")), given.raw))
    if not isinstance(whole[0], Unreadable):
        return [whole]
    try:
        text = Source.decode(given.label, given.raw).text
    except Unreadable:
        return [whole]
    found = list(_fenced(text, given.label)) or list(_several(text, given.label))
    judged = [
        (verdict, part) for verdict, part in map(_judged, found) if part.sure or not isinstance(verdict, Unreadable)
    ]
    if found and not judged:
        why = f"none of its {len(found)} fenced blocks is a workflow or a package.json"
        return [(Unreadable(given.label, why), whole[1])]
    return judged or [whole]


def _fenced(text: str, label: str) -> Iterator[Part]:
    """Blocks between fences, as in chats and articles; one that is never closed is none."""
    above, number = "", 0
    opened: re.Match[str] | None = None
    body: list[str] = []
    for line in re.findall(r"[^\n]*\n|[^\n]+", text):
        fence = FENCE.match(line)
        if opened is None:
            opened, body = fence, []
            above = line if fence is None and line.strip() else above
        elif fence and fence[1] == opened[1] and not fence[2].strip():
            number += 1
            yield _block(f"{label}, block {number}", opened[2].strip(), "".join(body), above)
            above, opened = "", None
        else:
            body.append(line)


def _block(label: str, info: str, body: str, above: str) -> Part:
    title = above.strip(" \t\r\n#*_`:")
    name = _named(info) or _named_above(body) or (title if _is_name(title) else "")
    text = dedent(body) if body.startswith((" ", "\t")) else body
    return Part(label, name, text.encode(), info.lower().startswith(LANGUAGES))


def _several(text: str, label: str) -> list[Part]:
    """YAML and JSON one behind the other, or YAML documents behind `---`; nothing when there is but one text."""
    pieces: list[str] = []
    at, decoder = 0, JSONDecoder()
    for start in re.finditer(r"(?m)^\{", text):
        if start.start() < at:
            continue
        try:
            _, end = decoder.raw_decode(text, start.start())
        except (JSONDecodeError, RecursionError):
            continue
        pieces += [*SEPARATOR.split(text[at : start.start()]), text[start.start() : end] + "\n"]
        at = end
    pieces += SEPARATOR.split(text[at:])
    spoken = [piece for piece in pieces if re.search(r"(?m)^(?![ \t\r]*(?:#|//|$))", piece)]
    if len(spoken) < 2:
        return []
    return [
        Part(f"{label}, part {number}", _named_above(piece), SLASHES.sub("", piece).lstrip("\r\n").encode())
        for number, piece in enumerate(spoken, 1)
    ]


def _named(text: str) -> str:
    match = FILE_NAME.search(text[:LONGEST_NAME])
    return match.group() if match else ""


def _named_above(text: str) -> str:
    """A file name that a comment on the first line is about."""
    first = text.lstrip().partition("\n")[0]
    said = first.lstrip("#/ \t").strip()
    return said if first.startswith(("#", "//")) and _is_name(said) else ""


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and FILE_NAME.fullmatch(text) is not None


def _laid_out(usable: list[tuple[Kind, Part, str]], problems: list[Unreadable]) -> Pasted:
    """Every part under a path of its own, as GitHub and npm look for it."""
    folders = [os.path.dirname(os.path.realpath(path)) for kind, _, path in usable if kind == "manifest" and path]
    top = os.path.commonpath(folders) if folders else ""
    files: dict[str, bytes] = {}
    unnamed = set()
    for kind, part, path in usable:
        if kind == "workflow":
            name = posixpath.basename(part.name)
            named = re.fullmatch(r".+\.ya?ml", name) is not None
            wanted = f"{WORKFLOWS}/{name if named else f'{name}.yml' if name and path else 'workflow.yml'}"
            place = _free(wanted, files)
            if not named or place != wanted:
                unnamed.add(place)
        elif kind == "manifest":
            place = _free(_manifest_path(part, path, top), files)
        else:
            place = _free(posixpath.basename(part.name), files)
        files[place] = part.raw
    return Pasted(files, frozenset(unnamed), tuple(problems))


def _manifest_path(part: Part, path: str, top: str) -> str:
    if path:
        below = os.path.relpath(os.path.dirname(os.path.realpath(path)), top).replace(os.sep, "/")
        return posixpath.normpath(posixpath.join(below, "package.json"))
    named = posixpath.normpath(part.name) if part.name.endswith("package.json") else "package.json"
    return "package.json" if named.startswith(("/", "..")) else named


def _free(path: str, taken: dict[str, bytes]) -> str:
    """The path, or the next one beside it that is free."""
    folder, name = posixpath.split(path)
    stem, dot, ending = name.rpartition(".")
    number = 1
    while path in taken:
        number += 1
        path = posixpath.join(folder, f"{stem}-{number}{dot}{ending}" if ending != "json" else f"{number}/{name}")
    return path
