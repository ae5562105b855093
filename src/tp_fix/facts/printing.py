"""Programs that put text into a log, and filters that let it through: what a token may leak by."""

from __future__ import annotations

from tp_fix.formats.argv import names

CHECKED = "2026-11-22"

PRINTERS = names("echo printf print")
ENVIRONMENT = names("env printenv set export declare typeset")
"""Without words of their own they print variables. S: the bash manual, GNU coreutils."""
SHOWERS = names("cat head tail more less bat nl tac grep egrep fgrep sort uniq")
"""They print the files that they are given."""
PASSING = names("cat tee sort uniq nl tac more less")
"""As filters they change no line."""
CHANGING = names("cut head tail rev base64 base32 sed tr xxd od hexdump fold awk gawk")
"""As filters they print a part of it, or all of it in another form: GitHub masks neither."""
REVERSIBLE = names("rev base64 base32 xxd od hexdump fold")
"""Those whose output always holds all of it."""
SEARCHING = names("grep egrep fgrep rg")
HARMLESS = names("true : echo printf sleep continue break date")
"""They end well, and no program or step learns anything from them. S: the bash manual, GNU coreutils."""
SILENT = frozenset({"-q", "--quiet", "--silent", "-c", "--count", "-l", "-v", "--invert-match"})
"""Options of a search that print no matching line, or other lines."""
LOGS = frozenset({"/dev/stdout", "/dev/stderr", "/dev/tty", "&1", "&2"})
"""Files that are the log. The step's summary is shown beside it: its name is a variable's."""
MASK = ("::add-mask::", "::set-output", "::save-state", "::stop-commands::")
"""Workflow commands whose own value the runner does not show. S: actions/runner, ActionCommandManager."""
PROTECTED = "npm config list, ls -l and get show (protected) for every credential: X npm 11.19.1"
"""Why `npm config …` is in none of these tables. pnpm's and Yarn's commands were not tried: they are not looked at."""
