"""Errors that a person reads: what is wrong, where, and what to do next."""


class YunnaoError(Exception):
    """A problem whose message is a Chinese sentence for the person at the keyboard; the command exits 2.

    Nothing has been changed when it is raised.
    """


class DefinitionError(YunnaoError):
    """A declaration (policy, register, case, indicator) that cannot be accepted as written."""


class FileRefused(YunnaoError):
    """A delivered file that is refused as a whole."""


class HomeBusy(YunnaoError):
    """The district's home is held by another command."""


class StepRefused(YunnaoError):
    """A step on a case that its state, its deadline or the actor's role does not allow."""
