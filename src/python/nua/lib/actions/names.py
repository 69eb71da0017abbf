"""Spellings of names: snake_case, kebab-case, CamelCase."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def snake_format(name: str) -> str:
    """``some-name`` to ``some_name``."""
    return name.replace("-", "_")


def kebab_format(name: str) -> str:
    """``some_name`` to ``some-name``."""
    return name.replace("_", "-")


def camel_format(name: str) -> str:
    """``some-name`` or ``some_name`` to ``SomeName``."""
    return "".join(word[:1].upper() + word[1:] for word in snake_format(name).split("_"))


def to_snake_cases(data: Mapping[str, Any]) -> dict[str, Any]:
    """Spell the keys of a mapping in snake case; what they hold is left alone."""
    return {snake_format(key): value for key, value in data.items()}


def to_kebab_cases(data: Mapping[str, Any]) -> dict[str, Any]:
    """Spell the keys of a mapping in kebab case; what they hold is left alone."""
    return {kebab_format(key): value for key, value in data.items()}
