"""The exceptions that a person can meet, each with advice.

::

    ConsilienceError            message + advice; the command line prints both and exits with ``exit_code``
    ├── InputError              the person's input cannot be used (exit code 2)
    │   ├── QuestionError       an empty, overlong or unreadable question
    │   ├── ClaimError          what is no claim that could be verified
    │   ├── LibraryError        a library or library file that is missing, malformed or unreadable
    │   ├── RunNotFoundError    no run of that id
    │   ├── SettingsError       a setting that cannot be used
    │   └── EndpointError       a language model that cannot be asked: no key, wrong key, unknown model, no server
    ├── CorruptRunError         a run's checkpoint or files cannot be read (exit code 2)
    ├── LibraryBusyError        another process holds the library's lock (exit code 2)
    ├── RunBusyError            another process works on the run (exit code 2)
    ├── StorageError            the disk is full or refuses to be written (exit code 2)
    ├── ModelFileError          shipped weights are missing or damaged (exit code 2)
    └── ReasonerError           a reasoner gave no plan or no draft, and a run is nothing without (exit code 2)

Inside a run nothing is raised for what the world withholds: that is a ``records.Gap``.
"""

from __future__ import annotations


class ConsilienceError(Exception):
    """Base of all: what went wrong, and what the person can do about it."""

    exit_code = 2

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice


class InputError(ConsilienceError):
    """The person's input cannot be used."""


class QuestionError(InputError):
    """An empty, overlong or unreadable question."""


class ClaimError(InputError):
    """What is no claim that could be verified: a question, an instruction, a topic, nothing, or too much."""


class LibraryError(InputError):
    """A library or library file that is missing, malformed or unreadable."""


class RunNotFoundError(InputError):
    """No run of that id."""


class SettingsError(InputError):
    """A setting that cannot be used."""


class EndpointError(InputError):
    """A language model that cannot be asked at all; told before anything is spent."""


class CorruptRunError(ConsilienceError):
    """A run's checkpoint or files cannot be read."""


class LibraryBusyError(ConsilienceError):
    """Another process holds the library's lock."""


class RunBusyError(ConsilienceError):
    """Another process works on the run."""


class StorageError(ConsilienceError):
    """The disk is full or refuses to be written."""


class ModelFileError(ConsilienceError):
    """Shipped weights are missing or damaged."""


class ReasonerError(ConsilienceError):
    """A reasoner gave no plan or no draft: the run stops before that step and can be resumed."""
