"""A repository as the rules see it: its files, read once and only when asked for."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from typing import TypeVar

from tp_fix.errors import Gone, Unreadable
from tp_fix.formats import Document, read
from tp_fix.models.npmrc import Setting, is_npmrc, settings
from tp_fix.models.once import once
from tp_fix.models.package import Packages
from tp_fix.models.running.leading import leading
from tp_fix.models.running.needle import CONCERNS, Needle, holds, needle
from tp_fix.models.workflow import Job, Workflow, workflow_of
from tp_fix.source import BOM, MAX_BYTES, Source

HEAD = 4096
LARGEST = 20 << 20
"""Bytes of a lock file: those of the largest monorepos have a few mebibytes."""
"""What GitHub takes for the description of an action, in any folder."""
T = TypeVar("T")
BASELINE = ".tp-fix-baseline.json"
"""tp-fix's own notes: what they name, nobody uses."""


class Repository:
    """Files below `root`, and the models made of them.

    `name` is owner/name on GitHub, None when not known; `given` says that a person or GitHub itself said so, where a
    remote proves neither the case of its letters nor that it is the name of today. `remotes` are what all remotes
    say. `prefilter` False parses every workflow: slower, and by the suite's proof without any other result.
    `passed_over` are the workflows that hold none of the first needles. `renamed` are the files that have another
    path here than on disk, each with that one.
    """

    def __init__(
        self,
        root: str,
        paths: Iterable[str],
        name: str | None = None,
        *,
        given: bool = False,
        remotes: Iterable[str] = (),
        prefilter: bool = True,
    ) -> None:
        self.root = root
        self.paths = tuple(path for path in paths if path != BASELINE)
        self.name = name
        self.given = given
        self.remotes = tuple(remotes)
        self.prefilter = prefilter
        self.sources: dict[str, Source | Unreadable] = {}
        self.documents: dict[str, Document | Unreadable] = {}
        self.passed_over: set[str] = set()
        self.folders: dict[str, str] = {}
        self.renamed: dict[str, str] = {}
        self.large: dict[str, str | Unreadable] = {}
        self.known: dict[tuple[object, ...], object] = {}

    @classmethod
    def of(cls, files: Mapping[str, bytes], name: str | None = None, *, given: bool = False) -> Repository:
        """A repository of which nothing but these files, by path, is known; the disk is never asked."""
        repository = cls("", sorted(files), name, given=given)
        for path, raw in files.items():
            try:
                repository.sources[path] = Source.decode(path, raw)
            except Unreadable as problem:
                repository.sources[path] = problem
        return repository

    def replaced(self, documents: Mapping[str, Document]) -> Repository:
        """The same repository with other contents of some files; what was read of the others is kept.

        A document that has another path than the file that it takes the place of is that file, renamed.
        """
        new = {path: document.path for path, document in documents.items() if document.path != path}
        paths = sorted(new.get(path, path) for path in self.paths) if new else self.paths
        other = Repository(
            self.root, paths, self.name, given=self.given, remotes=self.remotes, prefilter=self.prefilter
        )
        gone = {path: Gone(path, f"called {name} by then") for path, name in new.items()}
        other.sources = {**self.sources, **gone, **{each.path: each.source for each in documents.values()}}
        other.documents = {**self.documents, **gone, **{each.path: each for each in documents.values()}}
        other.passed_over = self.passed_over - documents.keys()
        other.folders = self.folders
        other.large = {path: text for path, text in self.large.items() if path not in documents}
        names = {**self.renamed, **{name: self.on_disk(path) for path, name in new.items()}}
        other.renamed = {path: name for path, name in names.items() if path not in gone}
        return other

    def once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What several models ask for, worked out once; the first part of the key says what it is."""
        return once(self.known, key, make)

    def on_disk(self, path: str) -> str:
        """What a file is called on disk."""
        return self.renamed.get(path, path)

    def by_now(self, path: str) -> str:
        """What the file is called here that has a path on disk."""
        return next((now for now, name in self.renamed.items() if name == path), path)

    def taken(self, path: str, by: str) -> str:
        """Another file than `by`, listed or on disk, that has a path, whatever the case of its letters; '' for none."""
        folder = os.path.dirname(path)
        known = {name for name in self.paths if os.path.dirname(name) == folder}
        with suppress(OSError):
            there = os.listdir(os.path.join(self.root, folder)) if self.root else []
            known |= {f"{folder}/{name}" if folder else name for name in there}
        return min((name for name in known - {by} if name.casefold() == path.casefold()), default="")

    def source(self, path: str) -> Source:
        """A file's bytes and text. Raises Unreadable."""
        if path not in self.sources:
            try:
                self.sources[path] = Source.decode(path, self.raw(path))
            except Unreadable as problem:
                self.sources[path] = problem
        found = self.sources[path]
        if isinstance(found, Unreadable):
            raise found
        return found

    def document(self, path: str) -> Document:
        """A parsed file. Raises Unreadable."""
        if path not in self.documents:
            try:
                self.documents[path] = read(self.source(path))
            except Unreadable as problem:
                self.documents[path] = problem
        found = self.documents[path]
        if isinstance(found, Unreadable):
            raise found
        return found

    def editable(self, path: str) -> bool:
        """Whether a file can be parsed to its characters. If not, that is among the problems from now on."""
        try:
            self.document(path)
        except Unreadable:
            return False
        return True

    def lock_file(self, path: str) -> str:
        """The text of a file that is far larger than those that are edited, read once. Raises Unreadable.

        It is none of the repository's problems when it cannot be read.
        """
        if path not in self.large:
            self.large[path] = self._large(path)
        found = self.large[path]
        if isinstance(found, Unreadable):
            raise found
        return found

    def _large(self, path: str) -> str | Unreadable:
        known = self.sources.get(path)
        try:
            raw = known.raw if isinstance(known, Source) else self.raw(path, LARGEST)
        except Unreadable as problem:
            return problem
        if len(raw) > LARGEST:
            return Unreadable(path, f"larger than {LARGEST >> 20} MiB; not read")
        return raw.decode("utf-8", "replace").removeprefix(BOM)

    def raw(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """A file's bytes as they are on disk, listed or not, at most one more than `limit`. Raises Unreadable."""
        full = os.path.join(self.root, path)
        top = self._real(self.root)
        try:
            real = os.path.realpath(full) if os.path.islink(full) else self._real(os.path.dirname(full))
            if os.path.commonpath((top, real)) != top:
                raise Unreadable(path, "a symbolic link that leads out of the repository; not read")
            if not stat.S_ISREG(os.stat(full).st_mode):
                raise Unreadable(path, "not a regular file; not read")
            with open(full, "rb") as file:
                return file.read(limit + 1)
        except FileNotFoundError:
            raise Gone(path, "not in the working tree") from None
        except OSError as error:
            raise Unreadable(path, f"cannot be read: {error.strerror}") from None

    def _real(self, folder: str) -> str:
        """A folder without symbolic links, asked of the disk once."""
        if folder not in self.folders:
            self.folders[folder] = os.path.realpath(folder)
        return self.folders[folder]

    @property
    def problems(self) -> list[Unreadable]:
        """What was asked for, is there, and could not be read, in the order of the paths."""
        found = {**self.sources, **self.documents, **self.packages.problems}
        problems = [problem for _, problem in sorted(found.items()) if isinstance(problem, Unreadable)]
        return [problem for problem in problems if not isinstance(problem, Gone)]

    @cached_property
    def workflow_paths(self) -> tuple[str, ...]:
        """The files that GitHub takes for workflows: YAML directly in .github/workflows."""
        folder = ".github/workflows/"
        return tuple(
            path
            for path in self.paths
            if path.startswith(folder) and "/" not in path[len(folder) :] and path.endswith((".yml", ".yaml"))
        )

    @cached_property
    def workflows(self) -> dict[str, Workflow]:
        """The workflows that can have to do with publishing, by path; the unreadable ones are among the problems."""
        return {path: workflow for path in self._relevant() if (workflow := self._workflow(path))}

    @cached_property
    def calling_jobs(self) -> dict[str, list[Job]]:
        """The jobs that call a reusable workflow, by what their `uses` says."""
        found: dict[str, list[Job]] = {}
        for workflow in self.workflows.values():
            for job in workflow.jobs:
                if job.uses is not None:
                    found.setdefault(job.uses, []).append(job)
        return found

    def _workflow(self, path: str) -> Workflow | None:
        try:
            return workflow_of(self.document(path))
        except Unreadable as problem:
            self.documents[path] = problem
            return None

    def _relevant(self) -> list[str]:
        """Those with a needle in their bytes or the name of what leads to a publish, and those that name one of these.

        Nothing is kept of the others but what makes them unreadable, so that memory does not grow with them.
        """
        found: set[str] = set()
        needles = CONCERNS if self.prefilter else (needle(""),)
        while needles:
            new = {path for path in self.workflow_paths if path not in found and self._holds(path, needles)}
            found |= new
            called = sorted(path for path in new if b"workflow_call" in self.source(path).raw)
            first = needles is CONCERNS and len(found) < len(self.workflow_paths)
            names = tuple(Needle(os.fsencode(path.rpartition("/")[2])) for path in called)
            needles = (*names, *(self.leading if first else ()))
        return [path for path in self.workflow_paths if path in found]

    @cached_property
    def leading(self) -> tuple[Needle, ...]:
        """What a workflow may say that publishes by a script, a file or an action of the repository."""
        return leading(self.paths, self._raw)

    def _holds(self, path: str, needles: tuple[Needle, ...]) -> bool:
        known = self.sources.get(path)
        if isinstance(known, Unreadable) or (path in self.passed_over and needles is CONCERNS):
            return False
        try:
            source = known or Source.decode(path, self.raw(path))
        except Unreadable as problem:
            self.sources[path] = problem
            return False
        if holds(source.raw, needles):
            self.sources[path] = source
            return True
        self.passed_over.add(path)
        return False

    @cached_property
    def packages(self) -> Packages:
        return Packages(self.paths, self.document, self.source)

    @cached_property
    def npmrcs(self) -> dict[str, list[Setting]]:
        """The settings of every readable file of the .npmrc family, by path."""
        found = {}
        for path in filter(is_npmrc, self.paths):
            try:
                found[path] = settings(self.document(path))
            except Unreadable as problem:
                self.documents[path] = problem
        return found

    def holding(self, pattern: re.Pattern[bytes], paths: Iterable[str]) -> list[str]:
        """Those of the paths whose bytes hold a pattern; unreadable ones are passed over."""
        return [path for path in paths if pattern.search(self._raw(path))]

    def naming(self, word: str) -> list[str]:
        """Files outside the .npmrc family that name a word, as they are by now; unreadable ones are passed over."""
        pattern = re.compile(rb"\b%s\b" % re.escape(word).encode())
        return self.holding(pattern, (path for path in self.paths if path not in self.npmrcs))

    def text(self, path: str) -> str:
        """A file's text whatever its encoding; none when it cannot be read, which is no problem."""
        return self._raw(path).decode("utf-8", "replace").removeprefix(BOM)

    def head(self, path: str) -> bytes:
        """The first bytes of a file of any size or encoding; none when it cannot be read, which is no problem."""
        return self._raw(path)[:HEAD]

    def _raw(self, path: str) -> bytes:
        known = self.sources.get(path)
        if isinstance(known, Source):
            return known.raw
        try:
            return self.raw(path)
        except Unreadable:
            return b""
