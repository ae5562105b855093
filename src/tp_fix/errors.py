"""What can go wrong, as one base class: a message for a person and, where there is one, what to do about it."""

from __future__ import annotations


class TpFixError(Exception):
    """Anything tp-fix stops for. `message` says what and where, `hint` what to do; `exit_code` is the process's."""

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(TpFixError):
    """The command line asks for something that is not there."""


class Unreadable(TpFixError):
    """One input file cannot be used; the rest still can. `line` is 1-based, 0 when the whole file is meant."""

    def __init__(self, path: str, reason: str, line: int = 0) -> None:
        super().__init__(f"{path}:{line}: {reason}" if line else f"{path}: {reason}")
        self.path = path
        self.line = line
        self.reason = reason


class Gone(Unreadable):
    """git knows the file, and the working tree does not have it: deleted, or left out of a sparse checkout."""


class CannotEdit(TpFixError):
    """Raised only while a change is lowered: this spelling is not one that tp-fix edits. `reason` is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OurFault(TpFixError):
    """tp-fix caught itself making a wrong patch. Nothing is written."""

    exit_code = 3


class NotWritten(TpFixError):
    """The file system refused; what had been replaced was put back."""
