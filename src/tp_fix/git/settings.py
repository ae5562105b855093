"""The settings that are in force in the user's checkout, as a file for a repository elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator

from tp_fix.git.checkout import Checkout
from tp_fix.git.process import git

ELSEWHERE = (
    "include.",
    "includeif.",
    "extensions.worktreeconfig",
    "extensions.refstorage",
    "extensions.relativeworktrees",
    "core.worktree",
)
"""What is about the user's own folder. Included files are followed there, where their conditions are true."""
HERE = (
    ("core.repositoryFormatVersion", "1"),
    ("core.bare", "false"),
    ("core.sparseCheckout", "false"),  # everything is read from HEAD, so everything is there
    ("index.sparse", "false"),
    ("core.fsmonitor", "false"),
    ("core.untrackedCache", "false"),
    ("core.splitIndex", "false"),
    ("core.logAllRefUpdates", "true"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("i18n.commitEncoding", "UTF-8"),
)
"""What is otherwise here, whatever the user's settings say."""


def as_file(checkout: Checkout) -> str:
    """The text of a settings file. Raises GitRefused."""
    listed = git(checkout.root, "config", "--list", "--null").out.split("\0")
    pairs = (setting.partition("\n")[::2] if "\n" in setting else (setting, None) for setting in listed if setting)
    theirs = [(key, value) for key, value in pairs if not key.startswith(ELSEWHERE)]
    return "".join(_line(key, value) for key, value in (*theirs, *HERE, *_hooks(checkout)))


def _hooks(checkout: Checkout) -> Iterator[tuple[str, str]]:
    """Where the user's hooks are.

    git looks up a relative `core.hooksPath` in the working tree, and passes the hooks over in silence when it is not
    found: it may be ignored and exist in the checkout alone.
    """
    said = git(checkout.root, "config", "--type=path", "--get", "core.hooksPath", check=False).out.removesuffix("\n")
    places = [os.path.join(root, said) for root in (checkout.root, os.path.dirname(checkout.common))]
    found = next((place for place in places if os.path.isdir(place)), None)
    if said and not os.path.isabs(said) and found is not None:
        yield "core.hooksPath", found


def _line(key: str, value: str | None) -> str:
    """`value` is None where the key stands alone, which is true."""
    section, _, rest = key.partition(".")
    sub, _, name = rest.rpartition(".")
    head = f'[{section} "{_escaped(sub)}"]' if sub else f"[{section}]"
    if value is None:
        return f"{head}\n\t{name}\n"
    text = _escaped(value).replace("\n", "\\n")
    return f'{head}\n\t{name} = "{text}"\n'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
