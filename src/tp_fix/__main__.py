"""The entry point of the console script and of `python -m tp_fix`."""

from __future__ import annotations

import gc


def main() -> None:
    """Runs the command line with the cyclic collector off: one short run, and start-up alone would pay 10 ms for it."""
    gc.disable()
    from tp_fix.cli import main as command_line

    command_line()


if __name__ == "__main__":
    main()
