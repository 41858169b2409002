"""Title and description of a scenario, or title and question of an experiment, in other languages than the file's own."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from clustersim.core.words import N_, language


class Texts(BaseModel):
    """What a file says of itself in one more language; what is not said there shows as the file itself says it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = Field(None, max_length=200, description=N_("Title in one line, in that language."))


Some = TypeVar("Some", bound=Texts)


class Translations(BaseModel, Generic[Some]):
    """The languages; a field for each that clustersim speaks."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: Some | None = Field(None, description=N_("In English."))
    es: Some | None = Field(None, description=N_("In Spanish."))

    def of(self, name: str) -> str | None:
        """Return a text in the language in force, None if it is not translated."""
        said: Any = getattr(self, language())
        return getattr(said, name, None)
