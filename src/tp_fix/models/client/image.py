"""The Node that a job starts with: that of its container, or of the runner's image."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.facts.runner_images import image_of
from tp_fix.models.client.node_named import node_named
from tp_fix.models.client.versions import ANY, Versions, dotted, either, from_on
from tp_fix.models.hosting import labels_of
from tp_fix.models.workflow import Job, text_of
from tp_fix.node import Node

NODE_IMAGE = re.compile(r"(?:docker\.io/)?(?:library/)?node(?::(?P<tag>[^@]+))?(?:@.*)?")
"""The image of the Node project; others may be anything."""
FLAVOUR = re.compile(
    r"-?(?:alpine|bookworm|bullseye|buster|trixie|slim|stretch|jessie)(?:[\d.]*)(?:-slim)?$", re.IGNORECASE
)


class Start(NamedTuple):
    """What a job has before its first step, and a phrase that says where it is from."""

    versions: Versions
    why: str


def node_of_job(job: Job) -> Start:
    """The Node that a job has before its first step."""
    container = job.node.get("container")
    return _on_runner(job) if container is None else _in_container(container)


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


def _in_container(container: Node) -> Start:
    image = text_of(container.get("image") if container.pairs is not None else container).strip()
    match = NODE_IMAGE.fullmatch(image)
    versions = node_named(_version(match["tag"] or "latest"), kept=False) if match else None
    if versions is None:
        return Start(ANY, f"no step sets up Node, and that of the container {image or 'image'} is not known")
    return Start(versions, f"Node of the container {image}")


def _version(tag: str) -> str:
    """The version in a tag like `20-alpine3.19`, `lts-slim`, `jod`."""
    text = tag.lower()
    while (shorter := FLAVOUR.sub("", text)) != text:
        text = shorter
    if text in ("", "lts"):
        return "lts/*" if text else "latest"
    return f"lts/{text}" if text.isalpha() and text not in ("latest", "current") else text
