"""The command line: thin, and the one boundary where errors become a line and an exit status."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Any

import click

from tp_fix import __version__
from tp_fix.errors import TpFixError, UsageError

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
INTERRUPTED = 130


@click.command(
    context_settings=CONTEXT,
    epilog="Other commands: `tp-fix check` prints the preflight list, `tp-fix trust` what npm has to be told, "
    "`tp-fix publications` what publishes here, `tp-fix rules` lists the rules, "
    "`tp-fix explain RULE` shows a rule's page. "
    "Exit status: 0 nothing to do, 1 something to do or left to do, 2 usage or unreadable input, 3 a bug of tp-fix.",
)
@click.argument("path", required=False, type=click.Path())
@click.option("--dry-run", is_flag=True, help="Show findings and the patch, write nothing. This is the default.")
@click.option("--apply", is_flag=True, help="Write the fixes.")
@click.option("--commit", is_flag=True, help="Commit what is written, a commit for each rule; reads HEAD.")
@click.option(
    "--branch", is_flag=True, help="Commit on a new branch, tp-fix/trusted-publishing, not on the current one."
)
@click.option("--branch-name", metavar="NAME", help="The same, on a branch of this name.")
@click.option("--force", is_flag=True, help="Replace that branch where it is there and holds something else.")
@click.option("--no-verify", is_flag=True, help="Leave the hooks of commits and of pushes out.")
@click.option("--push", is_flag=False, flag_value="", metavar="[REMOTE]", help="Push that branch.")
@click.option("--pull-request", is_flag=True, help="Push it, and open a pull request, or update the open one.")
@click.option("--interactive", is_flag=True, help="Ask fix by fix, then write those that were chosen.")
@click.option("--unsafe", is_flag=True, help="Take fixes too that rest on an assumption, which the report states.")
@click.option(
    "--stage",
    type=click.Choice(["add", "drop"]),
    help="One half: add OIDC and leave the token, or drop the token where all is ready. Without it both.",
)
@click.option("--workflow", "workflows", multiple=True, metavar="FILE", help="Only this workflow; may be repeated.")
@click.option("--package", "packages", multiple=True, metavar="NAME", help="Only what publishes it; may be repeated.")
@click.option("--select", multiple=True, metavar="RULE", help="Run only this rule; may be repeated.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave this rule out; may be repeated.")
@click.option(
    "--prefer", multiple=True, metavar="NAME", help="Ask for something that is done only on request; may be repeated."
)
@click.option(
    "--against",
    multiple=True,
    metavar="[NAME=]FILE",
    help="Compare with what npm has: what `npm trust list NAME --json` printed, - for standard input; may be repeated.",
)
@click.option("--repository", metavar="OWNER/NAME", help="The repository on GitHub, where the remote does not tell.")
@click.option(
    "--write-baseline", is_flag=True, help="Record today's findings, so that from now on only new ones count."
)
@click.option("--show-settings", is_flag=True, help="Print what is in force and where it came from.")
@click.option("--format", type=click.Choice(["text", "json", "diff"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.version_option(__version__, prog_name="tp-fix")
def fix(
    dry_run: bool,
    repository: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    prefer: tuple[str, ...],
    against: tuple[str, ...],
    commit: bool,
    branch: bool,
    branch_name: str | None,
    force: bool,
    no_verify: bool,
    push: str | None,
    pull_request: bool,
    **options: Any,
) -> int:
    """Move npm releases in GitHub Actions from a token to trusted publishing.

    Looks through the repository that PATH, or else the current folder, belongs to. PATH, --workflow and --package
    narrow what is edited and reported, not what is read. Settings come from the command line, else the environment,
    else tp-fix.toml or .github/tp-fix.toml.
    """
    for other in ("apply", "interactive"):
        if dry_run and options[other]:
            raise UsageError(f"--dry-run and --{other} contradict each other", "choose one")
    from tp_fix.fix import run_fix
    from tp_fix.options import Options, agree, commits_of
    from tp_fix.settings import Asked

    options["apply"] = options["apply"] or options["interactive"]
    commits = commits_of(commit, branch, branch_name, force, no_verify, push, pull_request)
    asked = Options(asked=Asked(repository, select, ignore, prefer, against), commits=commits, **options)
    agree(asked)
    return run_fix(asked)


@click.command(context_settings=CONTEXT)
def rules() -> int:
    """List the rules, a line each."""
    from tp_fix.rules import all_rules

    known = all_rules()
    width = max(len(rule.id) for rule in known)
    for rule in known:
        click.echo(f"{rule.id:{width}} {rule.summary}")
    return 0


@click.command(context_settings=CONTEXT)
@click.argument("name", metavar="RULE")
def explain(name: str) -> int:
    """Show a rule's page, and the facts that it rests on, each with its source and the day it was checked."""
    from tp_fix.report.facts import described
    from tp_fix.rules import all_rules, rule_named

    rule = rule_named(name, all_rules())
    click.echo("\n".join([rule.titled_page, *described(rule.tables)]))
    return 0


@click.command(context_settings=CONTEXT)
@click.argument("paths", metavar="[PATH | FILE...]", nargs=-1, type=click.Path())
@click.option("--repository", metavar="OWNER/NAME", help="The repository on GitHub, where the remote does not tell.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def check(paths: tuple[str, ...], repository: str | None, format_: str, color: str) -> int:
    """Print the preflight list of each publication: what holds, what does not, what cannot be known from here.

    Looks through the repository that PATH, or else the current folder, belongs to. Workflows and package.json files
    from anywhere are judged by themselves, without a repository, in any order; `-` reads them from standard input,
    one or several, also between the fences of Markdown. Exit status: 0 nothing is crossed, 1 something is, or nothing
    publishes, 2 usage or unreadable input.
    """
    from tp_fix.check import Options, run_check
    from tp_fix.settings import owner_and_name

    return run_check(Options(paths, owner_and_name(repository, "--repository"), format_, color))


@click.command(context_settings=CONTEXT)
@click.argument("path", required=False, type=click.Path())
@click.option("--repository", metavar="OWNER/NAME", help="The repository on GitHub, where the remote does not tell.")
@click.option("--package", "packages", multiple=True, metavar="NAME", help="Only this package; may be repeated.")
@click.option("--format", type=click.Choice(["text", "json", "sh"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def trust(repository: str | None, **options: Any) -> int:
    """Print what npm has to be told of each package, so that it takes releases without a token.

    For every package that the repository of PATH, or else of the current folder, publishes: the fields of npm's form,
    its page, and the command that fills them in. `--format sh` prints a script that goes through all of them; nothing
    is asked of npm before it runs. Exit status: 0 all is known, 1 nothing publishes or something has to be found out
    first, 2 usage or unreadable input.
    """
    from tp_fix.settings import owner_and_name
    from tp_fix.trust import Options, run_trust

    return run_trust(Options(repository=owner_and_name(repository, "--repository"), **options))


@click.command(context_settings=CONTEXT)
@click.argument("path", required=False, type=click.Path())
@click.option("--repository", metavar="OWNER/NAME", help="The repository on GitHub, where the remote does not tell.")
@click.option("--workflow", "workflows", multiple=True, metavar="FILE", help="Only this workflow; may be repeated.")
@click.option("--package", "packages", multiple=True, metavar="NAME", help="Only what publishes it; may be repeated.")
@click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def publications(repository: str | None, **options: Any) -> int:
    """List what publishes to npm here: tool and version, packages, registry, credential, and what is not ready.

    Looks through the repository that PATH, or else the current folder, belongs to, and writes nothing. What goes to
    other registries is listed apart, and so are steps that may publish in a way that is not read. Exit status: 0 the
    list is whole, ready or not, 2 usage or unreadable input.
    """
    from tp_fix.publications import Options, run_publications
    from tp_fix.settings import owner_and_name

    return run_publications(Options(repository=owner_and_name(repository, "--repository"), **options))


COMMANDS: dict[str, click.Command] = {
    command.name or "": command for command in (check, trust, publications, rules, explain)
}
"""A first word that is one of these is the command; `./rules` is a path."""


def main() -> None:
    """The entry point: runs one command and exits with its status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console that cannot show a character gets its escape, not our failure
            stream.reconfigure(errors="backslashreplace")
    arguments = sys.argv[1:]
    named = COMMANDS.get(arguments[0]) if arguments else None
    command = named or fix
    name = f"tp-fix {named.name}" if named else "tp-fix"
    sys.exit(_guarded(command, arguments[1:] if named else arguments, name))


def _guarded(command: click.Command, arguments: list[str], name: str) -> int:
    try:
        status = command.main(arguments, prog_name=name, standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except TpFixError as error:
        return _say(error)
    except (click.Abort, KeyboardInterrupt):
        click.echo("tp-fix: interrupted; nothing was left half written", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:  # noqa: BLE001  # the boundary: whatever nobody foresaw is our bug, and must exit with 3, not 1
        return _bug()
    return int(status or 0)


def _say(error: TpFixError) -> int:
    from tp_fix.report.safe import shown

    click.echo(shown(f"tp-fix: {error.message}"), err=True)
    if error.hint:
        click.echo(shown(f"  {error.hint}"), err=True)
    return error.exit_code


def _bug() -> int:
    import traceback

    click.echo(traceback.format_exc(), err=True)
    click.echo(f"tp-fix: this is a bug of tp-fix {__version__}; please report it with the lines above", err=True)
    return 3
