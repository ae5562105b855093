"""Stands in for npm in tests of the script: keeps what it is told of trusted publishers in a file, and asks nobody.

As npm 11.15 to 12.2 do (run against all three): `trust list` prints one object after the other with empty lines
between, nothing where there is none; a second factor can be asked for only where the output is not read by a program.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

HOME = Path(os.environ["FAKE_NPM"])
STATE = HOME / "state.json"


def main(arguments: list[str]) -> int:
    with (HOME / "calls").open("a") as calls:
        calls.write(" ".join(arguments) + "\n")
    settings = json.loads((HOME / "settings.json").read_text())
    match arguments:
        case ["--version"]:
            print(settings["version"])
        case ["whoami"]:
            print(settings["user"])
            return int(not settings["user"])
        case ["trust", "list", name, *json_flag]:
            return listed(name, bool(json_flag), settings)
        case ["trust", "github", name, *flags]:
            return created(name, flags, settings)
        case _:
            return 99
    return 0


def listed(name: str, as_json: bool, settings: dict[str, Any]) -> int:
    """Raises nothing: an answer, or npm's words on standard error."""
    if name in settings["unknown"]:
        print(f"npm error 404 Not Found - GET {name} - Package not found", file=sys.stderr)
        return 1
    remembered = (HOME / "asked").exists() and settings["second_factor"] != "each time"
    if settings["second_factor"] and as_json and not remembered and "NPM_CONFIG_OTP" not in os.environ:
        print("npm error code EOTP", file=sys.stderr)
        return 1
    (HOME / "asked").touch()
    for publisher in state().get(name, []):
        print(f"\n{json.dumps(publisher, indent=2)}")
    return 0


def created(name: str, flags: list[str], settings: dict[str, Any]) -> int:
    permitted = {"--allow-publish": "createPackage", "--allow-stage-publish": "createStagedPackage"}
    words = iter(flags)
    given: dict[str, Any] = {"id": "1", "type": "github", "permissions": []}
    for word in words:
        if word in permitted:
            given["permissions"].append(permitted[word])
        elif word in ("--file", "--repository", "--environment"):
            given[word.removeprefix("--")] = next(words)
        elif word not in ("--yes", "--dry-run"):
            return 98
    if "--dry-run" in flags:
        print(json.dumps(given))
        return 0
    known = state()
    if len(known.get(name, [])) >= settings["at_most"]:
        print("npm error 409 Conflict", file=sys.stderr)
        return 1
    known.setdefault(name, []).append(given)
    STATE.write_text(json.dumps(known))
    return 0


def state() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(STATE.read_text()) if STATE.exists() else {}
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
