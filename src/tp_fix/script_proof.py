"""Point 6 of the proof, on scripts: what goes of them handles a credential or prints, and nothing else goes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tp_fix.change import ReplaceInScalar
from tp_fix.facts import printing
from tp_fix.facts.publishers import rows_of
from tp_fix.facts.runners import call_of
from tp_fix.formats.argv import names
from tp_fix.formats.shell import Command
from tp_fix.models.model import Model
from tp_fix.models.running.command import install_of, npm_upgrade_of, publish_of
from tp_fix.models.running.script import script_of_step
from tp_fix.models.token.checks import is_whoami
from tp_fix.models.token.credentials import tokens_at, visible_at
from tp_fix.models.token.guards import Guard, guard_of
from tp_fix.models.token.statements import statements_of
from tp_fix.models.when.guards import narrowed
from tp_fix.models.workflow import Step, Workflow
from tp_fix.proof import fault

MAY_GO = printing.PRINTERS | printing.ENVIRONMENT | printing.SHOWERS | printing.CHANGING | printing.SEARCHING
MAY_GO |= names("test [ [[ true false : exit tee trap rm wc jq curl node md5sum sha1sum sha256sum shasum")
"""Programs of statements that print, check a credential, or write one."""
PINNED = re.compile(r"@[^\s\"'/]+")
CONFIGURES = re.compile(r"\b(?:set|delete|rm|unset)\b.*(?:_auth|npmAuthToken)", re.DOTALL)
Key = tuple[str, str, tuple[str, ...], int]


def prove_scripts(before: Model, after: Model) -> None:
    """Raises OurFault, which names the file and what it would have lost."""
    for path, old in before.repository.workflows.items():
        new = after.repository.workflows.get(before_to_after(path, before, after))
        if new is None or new.document.source is old.document.source:
            continue
        _commands(old, new)
        _steps(old, new)


def before_to_after(path: str, before: Model, after: Model) -> str:
    """What a file is called in the other state."""
    return after.repository.by_now(before.repository.on_disk(path))


def _commands(old: Workflow, new: Workflow) -> None:
    """Every command is still there, but those for a credential, and the publishes, which are proved elsewhere."""
    lost = Counter(_lasting(old)) - Counter(_lasting(new))
    for text in lost:
        raise fault(old.path, f"the command `{text}` would be gone")


def _lasting(workflow: Workflow) -> Iterator[str]:
    for step in workflow.steps():
        yield from _lasting_in(step)


def _lasting_in(step: Step) -> Iterator[str]:
    script = script_of_step(step)
    for command in script.commands if step.run is not None else ():
        text = " ".join(script.text[slice(*command.span)].split())
        if command.words and not _may_go(command, text):
            yield PINNED.sub("@", text)


def _may_go(command: Command, text: str) -> bool:
    call = call_of(command)
    program = call.program if call is not None else ""
    if rows_of(program):
        return True
    if publish_of(command) is not None or npm_upgrade_of(command) is not None or is_whoami(command):
        return True
    return program in MAY_GO or CONFIGURES.search(text) is not None


def _steps(old: Workflow, new: Workflow) -> None:
    now = dict(_keyed(new))
    for key, step in _keyed(old):
        if key in now:
            _installs(step, now[key])
            _condition(step, now[key])


def _keyed(workflow: Workflow) -> Iterator[tuple[Key, Step]]:
    """The steps by job, by what they run for good, and by their number among equal ones."""
    seen: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    for step in workflow.steps():
        lasting = tuple(_lasting_in(step))
        if lasting or step.uses is not None:
            key = (step.job.id, PINNED.sub("@", step.uses or ""), lasting)
            yield (*key, seen[key]), step
            seen[key] += 1


def _installs(old: Step, new: Step) -> None:
    """A step that installs, and neither publishes nor handles a credential by itself, has the tokens of its own."""
    commands = script_of_step(old).commands if old.run is not None else ()
    if not any(map(install_of, commands)) or any(map(publish_of, commands)) or statements_of(old):
        return
    own = {token.name for token in tokens_at(old) if token in old.env}
    if own - {token.name for token in tokens_at(new)}:
        raise fault(old.job.workflow.path, f"step `{old.label}`, which installs, would lose a token of its own")


def _condition(old: Step, new: Step) -> None:
    """A step asks for all that it asked for, but for a credential that is gone."""
    if old.condition != new.condition and not asks_as_before(old, new, new.condition or ""):
        raise fault(old.job.workflow.path, f"step `{old.label}` would run where it did not")


def asks_as_before(old: Step, new: Step, condition: str) -> bool:
    """Whether the condition of a new step, or of its job, asks for all that an old step's did.

    What it asked of a credential that the new step does not see any more may be gone.
    """
    if narrowed(old.condition or "", condition):
        return True
    guard = guard_of(old, visible_at(old).keys() - visible_at(new).keys())
    return guard is not None and not guard.stays and narrowed(_left(guard, old.condition or ""), condition)


def _left(guard: Guard, text: str) -> str:
    """What is left of a condition without what it asks of the credential."""
    spans = [change.span for change in guard.changes if isinstance(change, ReplaceInScalar)]
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text if spans else ""
