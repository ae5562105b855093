"""Whether a new step has a name, and in which manner, by the steps that a job has."""

from __future__ import annotations

import pytest

from tp_fix.change import InsertItem
from tp_fix.formats import read
from tp_fix.models.added_step import inserted, step_like, title_like
from tp_fix.models.workflow import Job, workflow_of
from tp_fix.node import Data
from tp_fix.source import Source

RUN: dict[str, Data] = {"run": "npm install -g npm@11"}
USES: dict[str, Data] = {"uses": "actions/setup-node@v6", "with": {"node-version": 24}}
U, R = "uses: a/b@v1", "run: c"
NU, NR = "name: Use\n        uses: a/b@v1", "name: Run\n        run: c"


def job_of(steps: list[str], others: list[str]) -> Job:
    text = "on: push\njobs:\n"
    for name, given in (("one", steps), ("two", others)):
        text += f"  {name}:\n    runs-on: x\n    steps:\n" + "".join(f"      - {step}\n" for step in given)
    return workflow_of(read(Source.decode(".github/workflows/w.yml", text.encode()))).jobs[0]


# Each row: what it shows, the steps, the place and the body of the new one, whether it has a name.
NAMED: list[tuple[str, list[str], int, dict[str, Data], bool]] = [
    ("all have names", [NU, NR], 1, RUN, True),
    ("none has", [U, R], 1, RUN, False),
    ("most have", [NU, NR, U], 3, RUN, True),
    ("few have", [U, U, R, R, NR], 5, RUN, False),
    ("commands do, actions do not: a command", [U, U, U, NR, NR], 3, RUN, True),
    ("commands do, actions do not: an action", [U, U, U, NR, NR], 3, USES, False),
    ("actions do, commands do not: a command", [NU, NU, NU, R, R], 3, RUN, False),
    ("one command is not enough to tell", [U, U, NR], 2, RUN, False),
    ("divided: those right beside, both", [U, NU, NR, R], 2, RUN, True),
    ("divided: those right beside, none", [NU, U, R, NR], 2, RUN, False),
    ("divided beside: those alike", [U, NR], 1, RUN, True),
    ("divided beside: those alike, actions", [U, NR], 1, USES, False),
    ("divided in all: the step before", [NR, R, NR, R], 2, RUN, False),
    ("divided in all: the step before has one", [R, NR, R, NR], 2, RUN, True),
    ("an empty name is none", ["name:\n        run: c", "name: ''\n        run: c"], 2, RUN, False),
]


@pytest.mark.parametrize(("steps", "at", "body", "named"), [row[1:] for row in NAMED], ids=[row[0] for row in NAMED])
def test_it_has_a_name_where_the_steps_around_have_some(
    steps: list[str], at: int, body: dict[str, Data], named: bool
) -> None:
    expected = {"name": "Upgrade npm", **body} if named else body
    made = step_like(job_of(steps, [R]), at, "Upgrade npm", body)
    assert (made, list(made)) == (expected, list(expected))


# Each row: what it shows, the names of the steps, the title that comes of "Upgrade npm for trusted publishing".
TITLES: list[tuple[str, list[str], str]] = [
    ("sentences", ["Check out", "Install dependencies"], "Upgrade npm for trusted publishing"),
    ("no names", [], "Upgrade npm for trusted publishing"),
    ("small letters", ["checkout", "install dependencies", "npm publish"], "upgrade npm for trusted publishing"),
    ("small letters, but for names", ["setup Node", "publish to NPM"], "upgrade npm for trusted publishing"),
    ("small letters here and there", ["checkout", "Install", "publish"], "Upgrade npm for trusted publishing"),
    ("capitals", ["Install Dependencies", "Publish Package"], "Upgrade npm for Trusted Publishing"),
    ("capitals with small words", ["Publish to the Registry", "Run Tests"], "Upgrade npm for Trusted Publishing"),
    ("capitals here and there", ["Install Dependencies", "Run all tests"], "Upgrade npm for trusted publishing"),
    ("single words", ["Checkout", "Install", "Publish"], "Upgrade npm for trusted publishing"),
    ("names of programs", ["Setup Node", "Setup Node.js", "Publish to NPM"], "Upgrade npm for trusted publishing"),
    ("emojis", ["📦 Install dependencies", "🚀 Publish it"], "Upgrade npm for trusted publishing"),
    ("emojis and small letters", ["📦 install", "🚀 publish"], "upgrade npm for trusted publishing"),
    ("expressions", ["node ${{ matrix.NODE }}", "test ${{ X }}"], "upgrade npm for trusted publishing"),
    ("nothing but expressions", ["${{ matrix.name }}"], "Upgrade npm for trusted publishing"),
    ("numbers", ["1. Install it", "2. Publish it"], "Upgrade npm for trusted publishing"),
]


@pytest.mark.parametrize(("names", "title"), [row[1:] for row in TITLES], ids=[row[0] for row in TITLES])
def test_its_title_is_in_the_manner_of_the_names(names: list[str], title: str) -> None:
    assert title_like(names, "Upgrade npm for trusted publishing") == title


def test_proper_names_keep_their_capitals_among_small_letters_that_have_some() -> None:
    assert title_like(["setup Node", "publish"], "Use Node 24") == "use Node 24"
    assert title_like(["setup node", "publish"], "Use Node 24") == "use node 24"


def test_the_workflow_tells_where_the_names_of_the_job_say_little() -> None:
    little, more = "name: Publish\n        run: c", "name: Install All Dependencies\n        run: c"
    made = step_like(job_of([little], [more]), 1, "Upgrade npm for trusted publishing", RUN)
    assert made["name"] == "Upgrade npm for Trusted Publishing"


def test_the_change_is_one_item_of_the_job() -> None:
    comments = (("actions/setup-node@0", "v6.0.0"),)
    made = inserted(job_of([NR], [R]), 1, "Upgrade npm", RUN, comments)
    assert made == InsertItem(("jobs", "one", "steps"), 1, {"name": "Upgrade npm", **RUN}, comments)
