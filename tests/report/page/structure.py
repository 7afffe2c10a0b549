"""A page as its tags in order, to compare structures and to look for what must not be there."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"meta", "br", "wbr", "link", "img", "input", "hr"}


class Tag(NamedTuple):
    """An opening tag with its attributes and the text directly within."""

    name: str
    attributes: dict[str, str]
    depth: int


class Structure(HTMLParser):
    """Tags, texts and mistakes of a document."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Tag] = []
        self.texts: list[str] = []
        self.mistakes: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.mistakes += [f"{name} is never closed" for name in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(Tag(tag, {name: value or "" for name, value in attrs}, len(self._open)))
        if len({name for name, _ in attrs}) < len(attrs):
            self.mistakes.append(f"{tag} has an attribute twice")
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1] != tag:
            self.mistakes.append(f"</{tag}> within {self._open[-1:]} at {self.getpos()}")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())

    def named(self, *names: str) -> list[Tag]:
        """Return the tags called so, in order."""
        return [tag for tag in self.tags if tag.name in names]

    def with_attribute(self, name: str) -> list[Tag]:
        """Return the tags that have an attribute."""
        return [tag for tag in self.tags if name in tag.attributes]
