"""Whether a program file of the repository does all that it does by itself, so that reading it tells everything."""

from __future__ import annotations

import posixpath
import re

from tp_fix.formats.argv import names

SHELL = re.compile(r"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+)*)?(?:ba|da|k|z)?sh\b")
"""The first line of a shell script."""
JAVASCRIPT = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
IMPORTS = re.compile(
    r"""\b(?:require|import)\s*\(\s*(?:(["'`])(?P<called>[^"'`$]*)\1)?|\b(?:from|import)\s*(["'])(?P<named>[^"']*)\3"""
)
MODULES = names(
    """
    assert buffer console constants crypto dns events fs fs/promises http https os path path/posix perf_hooks process
    punycode querystring readline readline/promises stream stream/promises string_decoder timers timers/promises tty
    url util zlib
    ansi-colors chalk colorette fast-glob fs-extra glob globby js-yaml json5 jsonc-parser kleur lodash minimatch
    minimist mkdirp picocolors rimraf semver strip-json-comments tinyglobby yaml
    """
)
"""Modules of Node, and packages, that run no other program and read no configuration of npm's by themselves."""
REACHES = re.compile(
    r"child_process|\$`|\bBun\b|\bDeno\b|\beval\b|\bFunction\s*\(|\bWorker\s*\(|\.binding\s*\(|npmrc|_auth"
    r"|\bprocess\s*\[|\bprocess\.env\b(?!\s*\.\s*\w|\s*\?\.\s*\w|\s*\[\s*[\"'])(?<!\}\s=\sprocess\.env)",
)
"""In JavaScript: signs that it runs something, reads npm's configuration, or hands the whole environment on."""
PYTHON_IMPORTS = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import\b|import\s+([^#\n;]+))", re.MULTILINE)
PYTHON_MODULES = names(
    """
    __future__ argparse base64 collections configparser csv dataclasses datetime enum functools glob hashlib io
    itertools json logging math operator os os.path pathlib re shutil string sys tempfile textwrap time tomllib typing
    urllib.parse zipfile
    """
)
PYTHON_REACHES = re.compile(
    r"\bos\s*\.\s*(?:system|popen|exec|spawn|posix_spawn)|from\s+os\s+import|__import__|importlib|\beval\b|\bexec\b"
    r"|npmrc|_auth|\bos\.environ\b(?!\s*\.get\(\s*[\"']|\s*\[\s*[\"'])",
)


def is_shell(path: str, text: str) -> bool:
    """Whether a file that is run is a script for sh or a shell like it, by its name or its first line."""
    return path.endswith((".sh", ".bash")) or SHELL.match(text) is not None


def is_plain(path: str, text: str) -> bool:
    """Whether a file is JavaScript or Python that uses nothing but what is known to run nothing.

    It may read variables of the environment, each by its name.
    """
    end = posixpath.splitext(path)[1]
    if end in JAVASCRIPT:
        used = [(each["called"] or each["named"] or "").removeprefix("node:") for each in IMPORTS.finditer(text)]
        return REACHES.search(text) is None and all(name in MODULES for name in used)
    return end == ".py" and PYTHON_REACHES.search(text) is None and _python(text)


def _python(text: str) -> bool:
    used = [part.split() for one, many in PYTHON_IMPORTS.findall(text) for part in (one or many).split(",")]
    return all(words and words[0] in PYTHON_MODULES for words in used)
