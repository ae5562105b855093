"""What stands in the way of OIDC with semantic-release."""

from __future__ import annotations

from collections.abc import Iterator

from tp_fix.change import SetValue
from tp_fix.facts.registry import is_public, public_host
from tp_fix.models.hindrance.branches import DEFAULT, Branch, below_others, branches_of, reached
from tp_fix.models.hindrance.hindrance import Hindrance, Mend, at, flag_of, place_of
from tp_fix.models.installed.installed import version_of
from tp_fix.models.package import Package
from tp_fix.models.repository import Repository
from tp_fix.models.running.place import join
from tp_fix.models.token.credentials import visible_at
from tp_fix.models.tool.semantic_release import NPM, PNPM, configuration_of, plugins_of
from tp_fix.models.tool.tool_settings import Said, SettingsFile
from tp_fix.models.tool.tools import ToolRun
from tp_fix.node import Data, Route

PNPM_SINCE = (3, 0, 0)
"""The first @anolilab/semantic-release-pnpm that exchanges its identity (D its CHANGELOG.md, checked 2026-11-23)."""
MOVES = "semantic-release moves a dist-tag when a version comes in from another release branch"
MEND = "an identity is not known to be enough for that: leave one release branch in `branches`, or tag by hand"
REGISTRY = "NPM_CONFIG_REGISTRY"


def hindrances(run: ToolRun, repository: Repository) -> Iterator[Hindrance]:
    """Of one run (S @semantic-release/npm 13.1.0 and 13.2.0 lib/, semantic-release 25.0.9 lib/)."""
    file = configuration_of(run.folder, repository)
    plugins = plugins_of(file) or {}
    if PNPM in plugins:
        yield from _pnpm(run, file, repository)
    else:
        yield from _slash(run, plugins.get(NPM), repository)
    yield from _channels(run, file, repository)


def _pnpm(run: ToolRun, file: SettingsFile | None, repository: Repository) -> Iterator[Hindrance]:
    known = version_of(PNPM, run.folder or "", repository)
    enough = known.at_least(PNPM_SINCE)
    if enough is not True and file is not None:
        what = f"the plugin {PNPM} publishes over OIDC from 3.0.0 on, and {known.why}"
        yield Hindrance(what, enough is False, *at(file, ("plugins",), run))


def _slash(run: ToolRun, settings: Data, repository: Repository) -> Iterator[Hindrance]:
    """It exchanges its identity only where the registry is, letter by letter, the public one with its slash."""
    wanted = f"https://{public_host()}/"
    packages, sure = _released(run, settings, repository)
    for one in packages:
        address = one.publish_config.get("registry")
        if isinstance(address, str) and address != wanted and is_public(address):
            what = f"semantic-release exchanges no identity with `{address}`, only with `{wanted}`: write it so"
            mend = Mend(
                f"write the registry of {one.path} as semantic-release compares it",
                ((one.path, SetValue(("publishConfig", "registry"), wanted)),),
            )
            yield Hindrance(what, sure, one.path, ("publishConfig", "registry"), mend)
    variable = visible_at(run.step).get(REGISTRY)
    set_here = bool(packages) and all(isinstance(one.publish_config.get("registry"), str) for one in packages)
    if variable is not None and not set_here and variable.value != wanted and is_public(variable.value):
        workflow = run.step.job.workflow.path
        what = f"semantic-release exchanges no identity with {REGISTRY} `{variable.value}`, only with `{wanted}`"
        mend = Mend(
            f"write {REGISTRY} as semantic-release compares it", ((workflow, SetValue(variable.route, wanted)),)
        )
        yield Hindrance(f"{what}: write it so", True, workflow, variable.route, mend)


def _released(run: ToolRun, settings: Data, repository: Repository) -> tuple[tuple[Package, ...], bool]:
    """The manifests that are released, and whether that is sure: the build makes some, from what is here."""
    if run.folder is None:
        return repository.packages.every(), False
    root = settings.get("pkgRoot") if isinstance(settings, dict) else None
    folder = join(run.folder, root) if isinstance(root, str) else run.folder
    built = repository.packages.at(folder) if folder is not None else None
    own = built or repository.packages.above(run.folder)
    return (own,) if own is not None else (), not isinstance(root, str) or built is not None


def _channels(run: ToolRun, file: SettingsFile | None, repository: Repository) -> Iterator[Hindrance]:
    said, path, route = _branches(run, file)
    if not said.known:
        what = f"{MOVES}, and how many there are cannot be read from {path}: {MEND}"
        yield Hindrance(what, False, path, route)
        return
    default = said.value is None
    listed = branches_of(list(DEFAULT) if default else said.value)
    if listed is None:
        yield Hindrance(f"{MOVES}, and `branches` of {path} cannot be read", False, path, route)
        return
    for branch in below_others(listed):
        if name := reached(run.step, branch, repository, named=default):
            if default and not _higher_named(run, listed, branch, repository):
                continue
            yield Hindrance(f"on branch `{name}` {MOVES}, and {MEND}", False, path, route)
            return


def _higher_named(run: ToolRun, listed: list[Branch], branch: Branch, repository: Repository) -> bool:
    """Whether a branch of the default list, above another one, is there at all: the workflow names it."""
    if branch.kind == "maintenance":
        return True
    above = listed[listed.index(branch) + 1 :]
    rivals = [each for each in above if each.kind == "release" and {each.name, branch.name} != {"main", "master"}]
    return any(reached(run.step, each, repository, named=True) for each in rivals)


def _branches(run: ToolRun, file: SettingsFile | None) -> tuple[Said, str, Route]:
    """What says on which branches a run releases: the command, the action's input, the configuration."""
    flag = flag_of(run, "branches", "branch", "b")
    if flag is not None:
        return Said(flag.value is not None and "$" not in flag.value, flag.value), *place_of(run)
    step = run.step
    for name in ("branches", "branch") if step.uses is not None else ():
        if written := step.input(name):
            path, route = step.job.workflow.path, (*step.route, "with", step.input_key(name))
            return _of_input(written), path, route
    if file is None:
        return Said(True), *place_of(run)
    said = file.at("branches")
    if said.value is None and said.known and file.at("extends").value:
        said = Said(False)
    return said, *at(file, ("branches",) if said.value is not None else (), run)


def _of_input(written: str) -> Said:
    import json5

    if "${{" in written:
        return Said(False)
    if not written.lstrip().startswith(("[", "{")):
        return Said(True, written.strip())
    try:
        return Said(True, json5.loads(written))
    except (ValueError, RecursionError):
        return Said(False)
