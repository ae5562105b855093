"""The Node that a job starts with: that of its container, or of the runner's image."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.models.client.node_named import node_named
from tp_fix.models.client.versions import ANY, Versions
from tp_fix.models.repository import Repository
from tp_fix.models.workflow import Job, text_of

NODE_IMAGE = re.compile(r"(?:docker\.io/)?(?:library/)?node(?::(?P<tag>[^@]+))?(?:@.*)?")
"""The image of the Node project; others may be anything."""
FLAVOUR = re.compile(
    r"-?(?:alpine|bookworm|bullseye|buster|trixie|slim|stretch|jessie)(?:[\d.]*)(?:-slim)?$", re.IGNORECASE
)


class Start(NamedTuple):
    """What a job has before its first step, and a phrase that says where it is from."""

    versions: Versions
    why: str


def node_of_job(job: Job, repository: Repository) -> Start:
    """The Node that a job has before its first step."""
    container = job.node.get("container")
    if container is None:
        return Start(ANY, "no step sets up Node, so the runner's own npm publishes")
    image = text_of(container.get("image") if container.pairs is not None else container).strip()
    match = NODE_IMAGE.fullmatch(image)
    versions = node_named(_version(match["tag"] or "latest"), kept=False) if match else None
    if versions is None:
        return Start(ANY, f"no step sets up Node, so the npm of the container {image or 'image'} publishes")
    return Start(versions, f"Node of the container {image}")


def _version(tag: str) -> str:
    """The version in a tag like `20-alpine3.19`, `lts-slim`, `jod`."""
    text = tag.lower()
    while (shorter := FLAVOUR.sub("", text)) != text:
        text = shorter
    if text in ("", "lts"):
        return "lts/*" if text else "latest"
    return f"lts/{text}" if text.isalpha() and text not in ("latest", "current") else text
