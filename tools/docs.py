"""Makes docs/: a page for each rule from its docstring and its golden case `example`, and the table of them.

python tools/docs.py            write the pages, take away those of rules that are gone
python tools/docs.py --check    write nothing, exit with 1 when a page is not what it would be
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from tp_fix.rule import Rule

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MADE = "<!-- Made by `make docs`; change the rule's docstring or its golden case `example` instead. -->\n"
FINDING = re.compile(r"\S.*?:\d+ (error|warning|note) ([\w-]+): ")
FIX = re.compile(r"  (safe|unsafe|display), ")
SEVERITIES = ("error", "warning", "note")
FIXES = ("safe", "unsafe", "display")
STANDS_FOR = (
    "`{placeholder}` stands here for the host of npm's public registry, which no file of this repository names.\n"
)


def pages() -> dict[str, str]:
    """Every page by its path below docs/."""
    sys.path.insert(0, str(ROOT / "tests"))
    from tp_fix.rules import all_rules

    rules = sorted(all_rules(), key=lambda rule: rule.id)
    found = {f"rules/{rule.id}.md": _page(rule.id, rule.titled_page + _facts(rule)) for rule in rules}
    rows = [_row(rule.id, rule.summary) for rule in rules]
    table = "| rule | what it asks for | found as | fixes |\n|---|---|---|---|\n" + "".join(rows)
    found["README.md"] = f"{MADE}\n# Rules\n\n{table}\n{LEGEND}"
    return found


LEGEND = """\
A *safe* fix is proved from the repository; an *unsafe* one is right under one assumption, which the report states, and
asks for `--unsafe`; one for *display* is shown and never written. A note never counts for the exit status.
`tp-fix explain RULE` shows the same pages.
"""


def _facts(rule: Rule) -> str:
    """Which tables a rule rests on; their rows are left to the command, or each refresh would change the pages."""
    if not rule.tables:
        return ""
    titles = "".join(f"- {table.title}\n" for table in rule.tables)
    shown = (
        f"Each row of these tables has its source and the day it was checked; `tp-fix explain {rule.id}` shows them:"
    )
    return f"\n\n## Facts\n\n{shown}\n\n{titles.rstrip()}"


def _page(name: str, text: str) -> str:
    """A rule's page. Raises SystemExit where the rule has no example."""
    import golden
    from tp_fix.report.diff import unified

    case = golden.Case(golden.GOLDEN / name / "example")
    if not (case.path / "findings.txt").is_file():
        sys.exit(f"the rule {name} has no golden case `example`: golden/{name}/example")
    with tempfile.TemporaryDirectory() as folder:
        result, _ = golden.outcome(golden.lay(case.before(), Path(folder) / "repository"), case.options)
    diff = golden.to_placeholder("".join(unified(*pair) for pair in result.files.values()))
    said = "\n".join([case.command, *golden.described(result)])
    page = f"{MADE}\n{text}\n\n## Example\n\nFrom `golden/{name}/example`:\n\n```text\n{said}\n```\n"
    if diff:
        page += f"\n```diff\n{diff}```\n"
    if golden.PLACEHOLDER in page:
        page += "\n" + STANDS_FOR.format(placeholder=golden.PLACEHOLDER)
    return golden.to_placeholder(page)


def _row(name: str, summary: str) -> str:
    """A rule's line in the table: which severities and fixes its golden cases show."""
    levels, fixes = set(), set()
    for path in sorted((ROOT / "golden" / name).glob("*/findings.txt")):
        own = False
        for line in path.read_text(encoding="utf-8").splitlines():
            if finding := FINDING.match(line):
                own = finding[2] == name
                levels |= {finding[1]} if own else set()
            elif own and (fix := FIX.match(line)):
                fixes.add(fix[1])
    found = ", ".join(level for level in SEVERITIES if level in levels)
    offered = ", ".join(fix for fix in FIXES if fix in fixes) or "none"
    return f"| [`{name}`](rules/{name}.md) | {summary.replace('|', chr(92) + '|')} | {found} | {offered} |\n"


def _present() -> dict[str, str]:
    """The pages that are there, by path below docs/; only those that this program makes."""
    paths = [DOCS / "README.md", *sorted((DOCS / "rules").glob("*.md"))]
    return {path.relative_to(DOCS).as_posix(): path.read_text(encoding="utf-8") for path in paths if path.is_file()}


def main(arguments: list[str]) -> int:
    """Writes or checks; the exit status."""
    wanted, present = pages(), _present()
    stale = sorted(path for path in {*wanted, *present} if wanted.get(path) != present.get(path))
    if "--check" in arguments:
        for path in stale:
            print(f"docs/{path} is not what its rule says: run make docs", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        if path in wanted:
            (DOCS / path).parent.mkdir(parents=True, exist_ok=True)
            (DOCS / path).write_text(wanted[path], encoding="utf-8", newline="\n")
        else:
            (DOCS / path).unlink()
        print(f"docs/{path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
