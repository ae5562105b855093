"""Runs what tp-fix inserts into workflows under real Nodes, each with the npm that it brings, and prints a table.

python tools/try_npm.py                        under one Node for each npm that came with an allowed one
python tools/try_npm.py --node 22.22.2         under these Nodes alone, allowed or not; may be given again
python tools/try_npm.py 'npm install -g npm'   another command

A person runs it, on Linux or macOS with network, bash and any npm; neither the product nor the suite does. Node and
npm are taken from the registry that npm is configured for, into a temporary folder, laid out as setup-node does it.
Exit status: 0 when every command made npm new enough for trusted publishing, 1 when one did not, 2 when some Node or
npm could not be had.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tp_fix.facts.clients import ENGINES, MINIMA, Version
from tp_fix.facts.node_releases import RELEASES, NodeRelease
from tp_fix.models.versions.versions import ANY, ranged

INSERTED = "npm install -g npm@11"
NPM = (11, 0, 0)
"""The npm whose `engines` say which Nodes are tried."""
MACHINES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
CODE = re.compile(r"^npm (?:error|ERR!) code (\S+)", re.MULTILINE)


class NotFetched(Exception):
    """A package that npm could not fetch."""


class Outcome(NamedTuple):
    """How a command ended, with npm's code for it, and the npm that was there afterwards, if it still runs."""

    status: int
    code: str
    npm: Version | None


def main() -> int:
    options = _options()
    print(f"{'Node':9} {'its npm':8} {'exit status':21} {'npm then':9} {'publish':8} {'stage':6} command")
    failed = False
    with tempfile.TemporaryDirectory() as name:
        for release in options.node or list(representatives()):
            try:
                outcome = tried(release, options.command, Path(name))
            except NotFetched as error:
                print(error, file=sys.stderr)
                return 2
            print(_row(release, outcome, options.command), flush=True)
            failed |= outcome.status != 0 or not _reaches(outcome.npm, "npm")
    return 1 if failed else 0


def representatives() -> Iterator[NodeRelease]:
    """Of each major that npm's `engines` allow: the newest release, and the oldest with each npm, as releases go."""
    engines = next(row.node for row in ENGINES if (row.tool, row.version) == ("npm", NPM))
    allowed = [release for release in sorted(RELEASES) if (ranged(engines) or ANY).holds(release.version)]
    newest = {release.version[0]: release for release in allowed}
    seen = set()
    for release in allowed:
        bundle = (release.version[0], release.npm)
        if bundle not in seen or release in newest.values():
            yield release
        seen.add(bundle)


def tried(release: NodeRelease, command: str, folder: Path) -> Outcome:
    """What the command does to a fresh installation of a Node, which is gone afterwards. Raises NotFetched."""
    with tempfile.TemporaryDirectory(dir=folder) as name:
        prefix = Path(name)
        environment = _environment(prefix, folder)
        _lay_out(release, prefix, environment)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", command],
            cwd=prefix, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        code = CODE.search(done.stderr)
        return Outcome(done.returncode, code[1] if code else "", _npm_version(prefix, environment))


def _lay_out(release: NodeRelease, prefix: Path, environment: dict[str, str]) -> None:
    """bin/node, lib/node_modules/npm and the links to it, without Node's headers and corepack."""
    system = f"{platform.system().lower()}-{MACHINES.get(platform.machine().lower(), platform.machine())}"
    npm = prefix / "lib" / "node_modules" / "npm"
    _unpack(f"node-{system}@{_text(release.version)}", prefix, "bin/node")
    _unpack(f"npm@{_text(release.npm)}", npm, "")
    for program in ("npm", "npx"):
        (prefix / "bin" / program).symlink_to(f"../lib/node_modules/npm/bin/{program}-cli.js")
        (npm / "bin" / f"{program}-cli.js").chmod(0o755)
    if _npm_version(prefix, environment) != release.npm:
        raise NotFetched(f"Node {_text(release.version)} with npm {_text(release.npm)} does not run on this machine")


def _unpack(package: str, folder: Path, only: str) -> None:
    """What a package has under `only`, with the npm of whoever runs this. Raises NotFetched."""
    with tempfile.TemporaryDirectory() as name:
        done = subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", name, package],
            cwd=name, capture_output=True, text=True, check=False,
        )  # fmt: skip
        packed = list(Path(name).glob("*.tgz"))
        if done.returncode or not packed:
            raise NotFetched(f"npm could not fetch {package}: {done.stderr.strip()}")
        with tarfile.open(packed[0]) as archive:
            for member in archive.getmembers():
                member.name = member.name.partition("/")[2]
                if member.name.startswith(only):
                    archive.extract(member, folder, filter="tar")


def _environment(prefix: Path, cache: Path) -> dict[str, str]:
    """That of a runner: nothing of the user's npm but the registry."""
    kept = {key: value for key, value in os.environ.items() if not key.lower().startswith("npm_")}
    asked = subprocess.run(["npm", "config", "get", "registry"], capture_output=True, text=True, check=True)
    return kept | {
        "PATH": f"{prefix / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(prefix),
        "CI": "true",
        "NPM_CONFIG_REGISTRY": asked.stdout.strip(),
        "NPM_CONFIG_CACHE": str(cache / "cache"),
        "NPM_CONFIG_UPDATE_NOTIFIER": "false",
    }


def _npm_version(prefix: Path, environment: dict[str, str]) -> Version | None:
    program = prefix / "bin" / "npm"
    if not program.exists():
        return None
    done = subprocess.run(
        [program, "--version"], cwd=prefix, env=environment, capture_output=True, text=True, check=False
    )
    versions = ranged(done.stdout)
    return versions.exact if versions else None


def _reaches(npm: Version | None, tool: str) -> bool:
    return npm is not None and npm >= MINIMA[tool].version


def _row(release: NodeRelease, outcome: Outcome, command: str) -> str:
    npm = _text(outcome.npm) if outcome.npm else "none"
    publish, stage = ("yes" if _reaches(outcome.npm, tool) else "NO" for tool in ("npm", "npm stage"))
    status = f"{outcome.status} {outcome.code}"
    return f"{_text(release.version):9} {_text(release.npm):8} {status:21} {npm:9} {publish:8} {stage:6} {command}"


def _text(version: Version) -> str:
    return ".".join(map(str, version))


def _release(text: str) -> NodeRelease:
    found = next((release for release in RELEASES if _text(release.version) == text), None)
    if found is None:
        raise argparse.ArgumentTypeError(f"no release of Node in the table: {text}")
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node", action="append", type=_release, metavar="VERSION")
    parser.add_argument("command", nargs="?", default=INSERTED)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
