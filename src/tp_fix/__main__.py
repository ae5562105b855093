"""`python -m tp_fix`."""

from tp_fix.cli import main

if __name__ == "__main__":
    main()
