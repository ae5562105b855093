"""YAML as a format: reading is loaded at once, lowering when the first change is made."""

from __future__ import annotations

from tp_fix.change import Change
from tp_fix.edit import Lowered
from tp_fix.formats.yaml_parse import comments, parse
from tp_fix.node import Node
from tp_fix.source import Source

__all__ = ["comments", "lower", "parse"]


def lower(source: Source, root: Node, change: Change) -> Lowered:
    """See yaml_lower."""
    from tp_fix.formats.yaml_lower import lower as lower_yaml

    return lower_yaml(source, root, change)
