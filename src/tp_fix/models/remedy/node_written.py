"""How a setup-node step names its Node, and what it would say of a newer one in the same manner."""

from __future__ import annotations

import re

from tp_fix.facts.node_releases import LINES, RELEASES
from tp_fix.models.setup_node import node_version
from tp_fix.models.workflow import Step
from tp_fix.node import Data, Route

NUMBERS = re.compile(r"(?P<prefix>[v^~=]?)(?P<major>\d+)(?P<rest>(?:\.(?:\d+|[xX*])){0,2})")


def newer_version(step: Step, major: int) -> Data | None:
    """The `node-version` of a step, written as it is, for the newest of another major; None in any other manner."""
    node = step.node.at(("with", step.input_key("node-version")))
    written = (node_version(step) or "").strip()
    if node is None or not written:
        return None
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return major
    if written.lower().startswith("lts/") and written[4:].isalpha():
        return next((f"lts/{line.codename}" for line in LINES if line.major == major), None)
    match = NUMBERS.fullmatch(written)
    if match is None:
        return None
    return f"{match['prefix']}{major}{_rest(match['rest'], match['prefix'], major)}"


def _rest(old: str, prefix: str, major: int) -> str:
    """What follows the major: `.x` stays, numbers become those of the newest release unless an `x` follows them."""
    parts = old.split(".")[1:]
    if not all(part.isdigit() for part in parts):
        return "".join(f".{part}" for part in parts if not part.isdigit())
    newest = max(release.version for release in RELEASES if release.version[0] == major)
    return "".join(f".{part}" for part in newest[1 : 1 + old.count(".")])


def version_route(step: Step) -> Route:
    return (*step.route, "with", step.input_key("node-version"))
