"""The Node that a job starts with: that of its container, or of the runner's image."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.facts.clients import dotted
from tp_fix.facts.runner_images import image_of
from tp_fix.models.hosting import labels_of
from tp_fix.models.repository import Repository
from tp_fix.models.running.given import possible
from tp_fix.models.versions.node_named import node_named
from tp_fix.models.versions.versions import ANY, Versions, either, from_on, ranged
from tp_fix.models.versions.words import listed
from tp_fix.models.workflow import Job, Step, text_of

NODE_IMAGE = re.compile(r"(?:docker\.io/)?(?:library/)?node(?::(?P<tag>[\w.-]{1,128}))?(?P<digest>@.*)?", re.ASCII)
"""The image of the Node project; others may be anything."""
FLAVOUR = re.compile(
    r"-?(?:alpine|bookworm|bullseye|buster|trixie|slim|stretch|jessie)(?:[\d.]*)(?:-slim)?$", re.IGNORECASE
)


class Start(NamedTuple):
    """What a job has before its first step, and a phrase that says where it is from."""

    versions: Versions
    why: str


def node_of_job(step: Step, repository: Repository) -> Start:
    """The Node that the job of a step has before its first step."""
    written = image_named(step.job)
    if not written:
        return _on_runner(step.job)
    images = possible(written, step, repository)
    found = [_in_image(image) for image in images]
    known = [versions for versions in found if versions is not None]
    if len(known) < len(found):
        return Start(ANY, f"no step sets up Node, and that of the container {written} is not known")
    return Start(either(known), f"Node of the container {listed(images)}")


def image_named(job: Job) -> str:
    """The image of a job's container, as written; '' where it has none."""
    container = job.node.get("container")
    mapped = container is not None and container.pairs is not None
    return text_of(container.get("image") if container is not None and mapped else container).strip()


def _on_runner(job: Job) -> Start:
    """What the runner's image had when the table was made, or newer: images only go forward."""
    labels = labels_of(job)
    images = [image_of(label) for label in labels]
    named = ", ".join(labels) or "not known"
    if not images or None in images:
        return Start(ANY, f"no step sets up Node, and that of the runner ({named}) is not known")
    found = [image for image in images if image is not None]
    oldest = min(found, key=lambda image: image.node)
    has = f"{oldest.name} had Node {dotted(oldest.node)} with npm {dotted(oldest.npm)} on {oldest.checked}"
    return Start(either(from_on(image.node) for image in found), f"no step sets up Node, and the runner's image {has}")


def _in_image(image: str) -> Versions | None:
    """What the tag says; beside a digest, which may be an old one, that is not the newest."""
    match = NODE_IMAGE.fullmatch(image)
    if match is None:
        return None
    if match["digest"]:
        return ranged(_version(match["tag"])) if match["tag"] else None
    return node_named(_version(match["tag"] or "latest"), kept=False)


def _version(tag: str) -> str:
    """The version in a tag like `20-alpine3.19`, `lts-slim`, `jod`."""
    text = tag.lower()
    while (shorter := FLAVOUR.sub("", text)) != text:
        text = shorter
    if text in ("", "lts"):
        return "lts/*" if text else "latest"
    return f"lts/{text}" if text.isalpha() and text not in ("latest", "current") else text
