"""The command that raises a package, for the package manager and the place that a repository has it in."""

from __future__ import annotations

from tp_fix.facts.publishers.row import Publisher
from tp_fix.models.installed.berry import is_berry
from tp_fix.models.installed.declared import CATALOG, WORKSPACE, Declared, declarations
from tp_fix.models.installed.locked import lock_files
from tp_fix.models.installed.managed import manager_of
from tp_fix.models.repository import Repository
from tp_fix.models.tool.tools import ToolRun

DEV = {"npm": "--save-dev", "pnpm": "-D", "yarn": "-D", "berry": "-D", "bun": "-d"}
EXACT = {"npm": "--save-exact", "pnpm": "-E", "yarn": "-E", "berry": "-E", "bun": "--exact"}
ADD = {"npm": "install"}
LOCAL = {"npm": "--prefix", "pnpm": "-C", "yarn": "--cwd", "berry": "--cwd", "bun": "--cwd"}
MEMBER = {"npm": ("-w", ""), "pnpm": ("--filter", "./")}
"""How a client is told of a package of the workspace."""
PROGRAM = {"berry": "yarn"}
ROOT = {"pnpm": "-w", "yarn": "-W"}
"""What makes a client change the root of a workspace."""


def command_for(run: ToolRun, repository: Repository) -> str:
    """What to run, or to change, so that a tool is new enough; a sentence's end behind "run"."""
    publisher = run.publisher
    asked = [one for name in names_of(publisher) for one in list(declarations(name, run.folder or "", repository))[:1]]
    if not asked:
        return ""
    there = {run.old} if run.old else {one.route[-1] for one in asked}
    wanted = [spec for spec in publisher.raising.packages if _name(spec) in there]
    if run.fetched:
        return ""
    first = asked[0]
    if first.written.startswith(CATALOG):
        client = client_of_folder(first.folder, repository)
        listed = " and ".join(f"{_name(spec)} to {_range(spec)}" for spec in wanted)
        return f"raise {listed} in {first.path}, then `{PROGRAM.get(client, client)} install`"
    specs = [_exactly(spec) if first.exact else spec for spec in wanted]
    return f"`{_command(first, specs, repository)}`"


def names_of(publisher: Publisher) -> tuple[str, ...]:
    """The packages whose ranges count, companions among them."""
    return (*publisher.by.packages, *(name for name, _ in publisher.oidc.companions))


def client_of_folder(folder: str, repository: Repository) -> str:
    """The client that installs a folder's dependencies: npm, pnpm, yarn (Classic), berry or bun."""
    named = manager_of(folder, repository)
    locks = next((files for files in lock_files(folder, repository) if files), [])
    workspace = (
        "pnpm" if any(path in repository.packages.paths for path in (WORKSPACE, f"{folder}/{WORKSPACE}")) else ""
    )
    found = named or (locks[0][1] if locks else workspace or "npm")
    return "berry" if found == "yarn" and is_berry(repository) else found


def _command(asked: Declared, specs: list[str], repository: Repository) -> str:
    client = client_of_folder(asked.folder, repository)
    verb, place = ADD.get(client, "add"), _place(client, asked.folder, repository)
    words = [PROGRAM.get(client, client), *([verb, *place] if client == "bun" else [*place, verb])]
    if asked.section == "devDependencies":
        words.append(DEV[client])
    elif asked.section == "optionalDependencies" and client == "npm":
        words.append("--save-optional")
    if not asked.folder and client in ROOT and repository.packages.workspaces("") is not None:
        words.append(ROOT[client])
    if asked.exact:
        words.append(EXACT[client])
    return " ".join([*words, *specs])


def _place(client: str, folder: str, repository: Repository) -> list[str]:
    """What makes the client work on a folder, seen from the repository's root."""
    if not folder:
        return []
    if _in_workspace(folder, repository) and client in MEMBER:
        option, prefix = MEMBER[client]
        return [option, prefix + folder]
    return [LOCAL[client], folder]


def _in_workspace(folder: str, repository: Repository) -> bool:
    """Whether a folder belongs to the workspace of the repository's root."""
    return any(member.folder == folder for member in repository.packages.workspaces("") or ())


def _name(spec: str) -> str:
    return spec.rpartition("@")[0]


def _range(spec: str) -> str:
    return spec.rpartition("@")[2]


def _exactly(spec: str) -> str:
    """`lerna@^9` as one version for a manifest that names exact ones: the newest of the major, pinned by the client."""
    return f"{_name(spec)}@{_range(spec).removeprefix('^').split('.')[0]}"
