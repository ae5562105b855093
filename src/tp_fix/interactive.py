"""`--interactive`: each fix is shown and asked about, as `git add -p` does with hunks."""

from __future__ import annotations

import sys

import click

from tp_fix.models.landmark import offset_of
from tp_fix.plan import Offer
from tp_fix.report.safe import shown
from tp_fix.report.text import colored_diff, headline
from tp_fix.rule import Applicability, Finding

HELP = """\
y - apply this fix
n - do not apply this fix
a - apply this fix and all later ones of this rule
d - do not apply this fix nor any later one of this rule
q - quit: nothing further is applied; what was said yes to is
? - this help"""


class Asker:
    """Asks on standard error, so that a report on standard output stays whole, and reads standard input.

    The end of the input counts as `q`. What was declined once is not asked again in a later round.
    """

    def __init__(self, color: bool | None) -> None:
        self.color = color
        self.accepted: set[str] = set()
        self.closed: set[str] = set()
        self.declined: list[Finding] = []
        self.ended = False

    def accepts(self, offer: Offer) -> bool:
        """Whether the fix is to be carried out."""
        rule = offer.finding.rule
        if self.ended or rule in self.closed or offer.finding in self.declined:
            return False
        if rule in self.accepted:
            return True
        self._show(offer)
        answer = self._answer()
        self.accepted |= {rule} if answer == "a" else set()
        self.closed |= {rule} if answer == "d" else set()
        self.ended = answer == "q"
        if answer in ("y", "a"):
            return True
        self.declined.append(offer.finding)
        return False

    def _answer(self) -> str:
        while True:
            self._say("Apply this fix [y,n,a,d,q,?]? ", end=False)
            line = sys.stdin.readline() if sys.stdin is not None else ""
            answer = line.strip().lower()[:1] if line else "q"
            if not line:
                self._say("")
            if answer in ("y", "n", "a", "d", "q"):
                return answer
            self._say(HELP)

    def _show(self, offer: Offer) -> None:
        finding, fix = offer.finding, offer.finding.fix
        if fix is None:
            return
        line, column = offer.document.source.position(offset_of(offer.document, finding.route))
        self._say(f"\n{shown(finding.path)}:{line}:{column} {headline(finding)}")
        for pair in offer.files:
            self._say("\n".join(colored_diff(*pair)))
        unsafe = fix.applicability is Applicability.UNSAFE
        self._say(f"{shown(fix.title)}{f' (unsafe: {shown(fix.reason)})' if unsafe else ''}")

    def _say(self, text: str, *, end: bool = True) -> None:
        click.echo(text, err=True, nl=end, color=self.color)
