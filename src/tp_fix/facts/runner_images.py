"""GitHub's runner images: the Node, npm and Yarn that a job finds there when it sets up none.

A row is what the image had on the day of its version. Images are built anew every week; their default Node only goes
forward, to a newer release of its line or to a newer line, and a `-latest` label only moves to a newer system.
"""

from __future__ import annotations

from typing import NamedTuple

from tp_fix.facts.clients import Version


class Image(NamedTuple):
    """An image: the labels that ask for it, what is on its path, and the Nodes that setup-node finds in its cache.

    `yarn` is None where there is none; `cached` is empty where the image has no cache of Nodes.
    """

    name: str
    labels: tuple[str, ...]
    version: str
    node: Version
    npm: Version
    yarn: Version | None
    cached: tuple[Version, ...]
    source: str
    checked: str


# refreshed: start IMAGES
IMAGES_SOURCE = "D actions/runner-images, the Readme of the image"
IMAGES_DAY = "2026-08-21"
IMAGES: tuple[Image, ...] = (
    Image(
        "macos-14",
        ("macos-14-large",),
        "20260629.0276.1",
        (22, 23, 1),
        (10, 9, 8),
        (1, 22, 22),
        ((22, 23, 1), (24, 18, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "macos-14-arm64",
        ("macos-14", "macos-14-xlarge"),
        "20260629.0180.1",
        (22, 23, 1),
        (10, 9, 8),
        (1, 22, 22),
        ((22, 23, 1), (24, 18, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "macos-15",
        ("macos-15-large", "macos-15-intel"),
        "20260727.0377.1",
        (22, 23, 1),
        (10, 9, 8),
        (1, 22, 22),
        ((22, 23, 1), (24, 18, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "macos-15-arm64",
        ("macos-15", "macos-15-xlarge"),
        "20260727.0256.1",
        (22, 23, 1),
        (10, 9, 8),
        (1, 22, 22),
        ((22, 23, 1), (24, 18, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "macos-26",
        ("macos-latest-large", "macos-26-intel", "macos-26-large"),
        "20260729.0423.1",
        (24, 18, 0),
        (11, 16, 0),
        (1, 22, 22),
        ((22, 23, 1), (24, 18, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "macos-26-arm64",
        ("macos-latest", "macos-26", "macos-26-xlarge"),
        "20260728.0273.1",
        (24, 18, 0),
        (11, 16, 0),
        (1, 22, 22),
        ((22, 23, 1), (24, 18, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "ubuntu-22.04",
        ("ubuntu-22.04",),
        "20260817.266.1",
        (22, 23, 2),
        (10, 9, 8),
        (1, 22, 22),
        ((22, 23, 2), (24, 19, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "ubuntu-22.04-arm64",
        ("ubuntu-22.04-arm",),
        "20260817.99.1",
        (22, 23, 2),
        (10, 9, 8),
        (1, 22, 22),
        (),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "ubuntu-24.04",
        ("ubuntu-latest", "ubuntu-24.04"),
        "20260816.277.1",
        (22, 23, 2),
        (10, 9, 8),
        (1, 22, 22),
        ((22, 23, 2), (24, 19, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "ubuntu-24.04-arm64",
        ("ubuntu-24.04-arm",),
        "20260817.96.1",
        (22, 23, 2),
        (10, 9, 8),
        (1, 22, 22),
        (),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "ubuntu-26.04",
        ("ubuntu-26.04",),
        "20260817.108.1",
        (24, 19, 0),
        (11, 17, 0),
        (1, 22, 22),
        (),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "ubuntu-26.04-arm64",
        ("ubuntu-26.04-arm",),
        "20260817.95.1",
        (24, 19, 0),
        (11, 17, 0),
        (1, 22, 22),
        (),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "ubuntu-slim", ("ubuntu-slim",), "20260728.2.1", (24, 18, 0), (11, 16, 0), None, (), IMAGES_SOURCE, IMAGES_DAY
    ),
    Image(
        "windows-11-arm64",
        ("windows-11-arm",),
        "20260809.134.1",
        (24, 19, 0),
        (11, 17, 0),
        (1, 22, 22),
        ((22, 23, 2), (24, 19, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "windows-11-vs2026-arm64",
        ("windows-11-vs2026-arm",),
        "20260817.130.1",
        (24, 19, 0),
        (11, 17, 0),
        (1, 22, 22),
        ((22, 23, 2), (24, 19, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "windows-2022",
        ("windows-2022",),
        "20260818.277.1",
        (22, 23, 2),
        (10, 9, 8),
        (1, 22, 22),
        ((22, 23, 2), (24, 19, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "windows-2025-vs2026",
        ("windows-latest", "windows-2025", "windows-2025-vs2026"),
        "20260818.207.1",
        (22, 23, 2),
        (10, 9, 8),
        (1, 22, 22),
        ((22, 23, 2), (24, 19, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
    Image(
        "xcode-27",
        ("xcode-27", "xcode-27-xlarge"),
        "20260810.0090.1",
        (24, 19, 0),
        (11, 17, 0),
        (1, 22, 22),
        ((22, 23, 2), (24, 19, 0)),
        IMAGES_SOURCE,
        IMAGES_DAY,
    ),
)
# refreshed: end IMAGES
BY_LABEL = {label: image for image in IMAGES for label in image.labels}


def image_of(label: str) -> Image | None:
    """The image that a label of `runs-on` asks for; None for one that is unknown here: a new one, or not GitHub's."""
    return BY_LABEL.get(label.strip().lower())
