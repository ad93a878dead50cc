"""Every error that commsense raises on purpose.

::

    CommsenseError
    ├── UsageError            the call itself is wrong: an option, an unknown client name
    ├── InputError            the data cannot be used: missing, empty, unreadable, no text
    │   └── MessageError      one message of many cannot be used; the run goes on without it
    ├── ModelError            a model folder is missing, damaged or of another kind
    ├── DatasetError          a dataset folder cannot be read or written
    └── MissingExtraError     an optional dependency is not installed

A message says in one line what was got, what was expected and the mend.
"""

from __future__ import annotations

from typing import Any


class CommsenseError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    got : str
        What was found, and where.
    expected : str
        What would have been usable; empty where ``got`` says it all.
    mend : str
        What the user can do about it; empty where nothing can be done.
    """

    def __init__(self, got: str, expected: str = "", mend: str = "") -> None:
        self.got = got
        self.expected = expected
        self.mend = mend
        super().__init__(_sentence(got, expected, mend))

    def __reduce__(self) -> tuple[Any, ...]:
        """Tell how another process makes the same error."""
        return _said_again, (type(self), str(self)), self.__dict__


class UsageError(CommsenseError):
    """Report a call that cannot be carried out as it was made."""


class InputError(CommsenseError):
    """Report a source that cannot be used at all."""


class MessageError(InputError):
    """Report one message that cannot be used; readers turn it into a row of ``rejected``."""


class ModelError(CommsenseError):
    """Report a model folder that cannot be loaded."""


class DatasetError(CommsenseError):
    """Report a dataset folder that cannot be read or written."""


class MissingExtraError(CommsenseError):
    """Report an optional dependency that is not installed.

    Parameters
    ----------
    feature : str
        What needs it.
    extra : str
        The extra of this package that brings it.
    """

    def __init__(self, feature: str, extra: str) -> None:
        self.extra = extra
        super().__init__(
            f"{feature} needs an optional dependency that is not installed",
            mend=f"pip install 'commsense[{extra}]'",
        )


def _said_again(kind: type[CommsenseError], sentence: str) -> CommsenseError:
    return kind.__new__(kind, sentence)


def _sentence(got: str, expected: str, mend: str) -> str:
    parts = [got]
    if expected:
        parts.append(f"expected {expected}")
    if mend:
        parts.append(f"mend: {mend}")
    return "; ".join(parts)
