"""What tp-fix does only on request, by name: `--prefer NAME`, or `prefer` in tp-fix.toml."""

from __future__ import annotations

PREFERENCES = {
    "isolated-publish": "the publish moves into a small job of its own, the only one with `id-token: write`",
    "restricted-trigger": "events that should not publish leave `on:`, or are narrowed there, instead of a guard",
    "fork-guard": "a publish gets a condition that keeps it from running in forks",
    "newer-node": "a job whose npm is too old gets Node 24, which brings a newer one, and no step that upgrades it",
    "renamed-workflow": "a workflow file gets the name that npm has for it, and what names it here follows",
    "added-environment": "a job that publishes gets the environment that npm has for it",
}
"""Each name, and what is done then."""
