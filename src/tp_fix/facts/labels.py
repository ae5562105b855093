"""Labels of `runs-on`: those of GitHub's own runners, and those by which other companies' runners are asked for."""

from __future__ import annotations

import re
from typing import NamedTuple

HOSTED = re.compile(
    r"ubuntu-(?:latest|slim|\d\d\.\d\d)(?:-arm)?|windows-(?:latest|\d{4}|11-arm)|macos-(?:latest|\d\d)(?:-(?:x?large|intel))?"
)
"""GitHub's own standard runners (D docs.github.com, checked 2026-11-22); other labels can be anybody's."""
SELF_HOSTED = "self-hosted"
"""The label that every self-hosted runner has, and no other (D docs.github.com, checked 2026-11-22)."""


class Company(NamedTuple):
    """Runners of another company, self-hosted ones to GitHub and so to npm. `labels` is what they start with."""

    name: str
    labels: tuple[str, ...]
    source: str
    checked: str = "2026-11-22"


COMPANIES = (
    Company("Blacksmith", ("blacksmith-", "blacksmith"), "D docs.blacksmith.sh, instance types"),
    Company("BuildJet", ("buildjet-",), "D buildjet.com, for GitHub Actions: runners"),
    Company("AWS CodeBuild", ("codebuild-",), "D docs.aws.amazon.com, CodeBuild: runner label overrides"),
    Company("Cirun", ("cirun-",), "D docs.cirun.io, custom labels"),
    Company("Depot", ("depot-",), "D depot.dev, GitHub Actions: runner types; R in public workflows"),
    Company("Namespace", ("namespace-", "nscloud-"), "D namespace.so, GitHub Actions: runner configuration"),
    Company("RunsOn", ("runs-on=", "runs-on,"), "D runs-on.com, job labels"),
    Company("Ubicloud", ("ubicloud-", "ubicloud"), "D ubicloud.com, GitHub Actions: runner types"),
    Company("WarpBuild", ("warp-",), "D docs.warpbuild.com, cloud runners"),
)


def is_hosted(label: str) -> bool | None:
    """Whether a label asks for a runner of GitHub's: None for a custom label, which a larger runner can have too."""
    label = label.strip().lower()
    if HOSTED.fullmatch(label):
        return True
    return False if label == SELF_HOSTED or company_of(label) else None


def company_of(label: str) -> str | None:
    """Whose runners a label asks for, when they are another company's."""
    label = label.strip().lower()
    return next((company.name for company in COMPANIES if label.startswith(company.labels)), None)
