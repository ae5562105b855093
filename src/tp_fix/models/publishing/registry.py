"""Which registry a publish command talks to, from everything in the repository that can decide it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tp_fix.facts.registry import is_public
from tp_fix.models.package import Package
from tp_fix.models.publishing.configuring import scope_written
from tp_fix.models.repository import Repository
from tp_fix.models.running.command import Publish
from tp_fix.models.running.composite import steps_before
from tp_fix.models.running.given import settled
from tp_fix.models.setup_node import is_setup_node
from tp_fix.models.token.credentials import kind_of, visible_at
from tp_fix.models.workflow import Step


class Registry(NamedTuple):
    """Where a package goes. `public` is None when the address cannot be known; `address` is None for the default.

    `by` says what gives the address, as a phrase; '' where nothing does.
    """

    public: bool | None
    address: str | None = None
    by: str = ""


DEFAULT = Registry(True)
GITHUB_PACKAGES = Registry(False, "GitHub Packages, by its token", "NODE_AUTH_TOKEN is GITHUB_TOKEN")
"""Wherever else the configuration points: GITHUB_TOKEN is a credential of no other registry."""
Said = tuple[str, str]
"""An address, and what gives it."""


def registry_of(step: Step, publish: Publish, package: Package | None, repository: Repository) -> Registry:
    """npm's precedence: command line, publishConfig, environment, project .npmrc, setup-node (S npm/cli config).

    A registry for the package's scope beats `--registry`; where the two disagree the answer is unknown.
    """
    if publish.registry_unknown or _overruled(publish, package):
        return Registry(None, "--registry")
    if _github_token(step) and is_public(publish.registry or "$") is not True:
        return GITHUB_PACKAGES
    scope = _scope(package)
    scoped = next(_scoped(step, publish, package, scope, repository), None) if scope else None
    found = next((said for said in _plain(step, publish, package, repository) if said[0]), None)
    if scoped is None:
        return _judged(found)
    if publish.registry and is_public(scoped[0]) is not is_public(publish.registry):
        return Registry(None, f"{publish.registry} or {scoped[0]}")
    return _judged(scoped)


def _overruled(publish: Publish, package: Package | None) -> bool:
    """Whether a registry comes from a variable, which publishConfig beats, and that has another one."""
    by_variable = any(option.name == "registry" and option.raw.startswith("$") for option in publish.options)
    return by_variable and package is not None and "registry" in package.publish_config


def installs_from(step: Step) -> Registry:
    """Where a global install right before a step takes packages from: the project's own .npmrc does not count there."""
    for env in (step.job.env, step.job.workflow.env):
        for variable in env:
            if variable.name.lower() == "npm_config_registry":
                return _judged((variable.value, variable.name))
    setup = _setup_node(step.earlier)
    address = setup.input("registry-url") if setup is not None and not setup.input("scope") else None
    return _judged((address, "registry-url") if address is not None else None)


def _judged(said: Said | None) -> Registry:
    return DEFAULT if said is None else Registry(is_public(said[0]), *said)


def _scope(package: Package | None) -> str | None:
    name = package.name if package else None
    return name.split("/")[0] if name and name.startswith("@") else None


def _plain(step: Step, publish: Publish, package: Package | None, repository: Repository) -> Iterator[Said]:
    yield publish.registry or "", "--registry" if step.uses is None else "registry"
    configured = package.publish_config.get("registry") if package else None
    if package is not None and isinstance(configured, str):
        yield configured, f"publishConfig of {package.path}"
    yield settled(_variable(step, "npm_config_registry") or "", step, repository), "NPM_CONFIG_REGISTRY"
    if not publish.archive or _checked_out(step, repository):
        yield from _npmrc(package, "registry", repository)
    setup = _setup_node(steps_before(step, repository))
    if setup is not None and not setup.input("scope"):
        yield settled(setup.input("registry-url") or "", setup, repository), "registry-url"


def _scoped(
    step: Step, publish: Publish, package: Package | None, scope: str | None, repository: Repository
) -> Iterator[Said]:
    configured = package.publish_config.get(f"{scope}:registry") if package else None
    if package is not None and isinstance(configured, str):
        yield configured, f"publishConfig of {package.path}"
    if scope is not None and (written := scope_written(step, scope, repository)) is not None:
        yield written
    if not publish.archive or _checked_out(step, repository):
        yield from _npmrc(package, f"{scope}:registry", repository)
    setup = _setup_node(steps_before(step, repository))
    if (
        setup is not None
        and (address := settled(setup.input("registry-url") or "", setup, repository))
        and setup.input("scope") in (scope, scope[1:] if scope else None)
    ):
        yield address, "registry-url"


def _checked_out(step: Step, repository: Repository) -> bool:
    """Whether the repository's own .npmrc can lie there: not where steps only set Node up and download an archive."""
    blank = ("actions/setup-node", "actions/download-artifact")
    return any(
        (other.uses or "").partition("@")[0].lower() not in blank if other.uses else "git" in (other.run or "")
        for other in steps_before(step, repository)
    )


def _github_token(step: Step) -> bool:
    variable = visible_at(step).get("NODE_AUTH_TOKEN")
    return variable is not None and kind_of(variable) == "github"


def _variable(step: Step, name: str) -> str | None:
    """An environment variable that npm reads, whatever its case; the innermost counts."""
    visible = list(visible_at(step).values())
    return next((each.value for each in reversed(visible) if each.name.lower() == name), None)


def _npmrc(package: Package | None, key: str, repository: Repository) -> Iterator[Said]:
    for folder in dict.fromkeys((package.folder if package else "", "")):
        path = posixpath.join(folder, ".npmrc")
        for setting in reversed(repository.npmrcs.get(path, [])):  # the last of two lines counts
            if not setting.host and setting.key == key and setting.value:
                yield setting.value, path


def _setup_node(earlier: Iterable[Step]) -> Step | None:
    """The last setup-node of the steps before one that names a registry: it writes the user's .npmrc."""
    named = [other for other in earlier if is_setup_node(other) and other.input("registry-url")]
    return named[-1] if named else None
