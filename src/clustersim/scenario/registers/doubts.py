"""What of a register can be read in two ways, and must be confirmed before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One answer to a doubt.

    Attributes
    ----------
    option : str
        Field of `Asked`, such as "currency".
    value : str
        Such as "MXN"; empty where the user must give it.
    meaning : str
        What is done then, in the user's words.
    """

    option: str
    value: str
    meaning: str


@dataclass(frozen=True)
class Doubt:
    """Something that can be read in two ways, and must be confirmed before anything is made.

    Attributes
    ----------
    code : str
        "currency", "panel", "establishments", "status", "coordinates", "share", "decimal", "trust", "total" and so on.
    column : str
        The known column that it is about, empty for the whole file.
    found : str
        One sentence: what was found and why it is doubtful.
    answers : tuple of Answer
        What a user may say; whatever of it is said ends the doubt.

    Examples
    --------
    >>> from clustersim.scenario.registers.doubts import Answer, Doubt
    >>> doubt = Doubt("panel", "", "Years 2022 and 2023.", (Answer("year", "2023", "The latest year is read."),))
    >>> doubt.answers[0].option
    'year'
    """

    code: str
    column: str
    found: str
    answers: tuple[Answer, ...]
