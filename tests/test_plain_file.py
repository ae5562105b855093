"""Files that steps run: which are read far enough to know that they use no credential of npm's."""

from __future__ import annotations

import pytest

from tp_fix.models.running.plain_file import is_plain, is_shell

PLAIN = [
    ("a.js", "const fs = require('fs')\nconst path = require(\"node:path\")\nfs.writeFileSync('x', path.join('a'))"),
    ("a.mjs", "import fs, { readFileSync } from 'node:fs'\nimport 'process'\nconst all = Array.from([1])"),
    ("a.mjs", "const semver = await import('semver')\nconst found = /a/.exec('b')"),
    ("a.js", "const { CI, GITHUB_REF } = process.env\nif (process.env.CI && process.env['X'] && process?.env) 1"),
    (
        "a.py",
        "import json, re\nfrom pathlib import Path\nimport os.path as p\nprint(os.environ['A'], os.environ.get('B'))",
    ),
]
MORE = [
    ("a.js", "require('child_process').execSync('npm ci')"),
    ("a.js", "require('node:child_process')"),
    ("a.js", "require('shelljs').exec('npm ci')"),
    ("a.mjs", "import { $ } from 'zx'"),
    ("a.mjs", "await $`npm ci`"),
    ("a.mjs", "import { exec } from '@actions/exec'"),
    ("a.mjs", "import { deploy } from './lib.js'"),
    ("a.mjs", "import deploy from '#lib'"),
    ("a.mjs", "import '@octo-org/tools'"),
    ("a.js", "require(name)"),
    ("a.js", "import(`./${name}.js`)"),
    ("a.js", "import(name)"),
    ("a.js", "send(process.env)"),
    ("a.js", "send(process.env[name])"),
    ("a.js", "send({ ...process.env })"),
    ("a.js", "fs.readFileSync(home + '/.npmrc')"),
    ("a.ts", "await Bun.spawn(['npm', 'ci'])"),
    ("a.py", "import os\nos.system('npm ci')"),
    ("a.py", "import json, subprocess"),
    ("a.py", "from subprocess import run"),
    ("a.py", "from octo import release"),
    ("a.py", "from os import system"),
    ("a.py", "import os\nsend(dict(os.environ))"),
    ("a.rb", "puts 1"),
    ("prepare", "#!/usr/bin/env ruby\nputs 1"),
]


@pytest.mark.parametrize(("path", "text"), PLAIN)
def test_plain(path: str, text: str) -> None:
    assert is_plain(path, text)


@pytest.mark.parametrize(("path", "text"), MORE)
def test_more_than_plain(path: str, text: str) -> None:
    assert not is_plain(path, text)


@pytest.mark.parametrize(
    ("path", "text", "answer"),
    [
        ("a.sh", "npm ci", True),
        ("prepare", "#!/bin/sh\nnpm ci", True),
        ("prepare", "#!/usr/bin/env bash\nnpm ci", True),
        ("prepare", "#!/usr/bin/env -S bash -e\nnpm ci", True),
        ("prepare", "#!/usr/bin/env node\n1", False),
        ("prepare", "#!/usr/bin/env fish\n1", False),
        ("prepare", "echo #!/bin/sh", False),
    ],
)
def test_shell(path: str, text: str, *, answer: bool) -> None:
    assert is_shell(path, text) is answer
