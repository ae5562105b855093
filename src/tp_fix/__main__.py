"""The entry point of the console script and of `python -m tp_fix`."""

from __future__ import annotations

import gc


def main() -> None:
    """Runs the command line. Nothing that start-up makes is garbage, so the collector stays off until then (10 ms)."""
    gc.disable()
    from tp_fix.cli import main as command_line

    gc.freeze()
    gc.enable()
    command_line()


if __name__ == "__main__":
    main()
