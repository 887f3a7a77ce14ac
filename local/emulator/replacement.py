"""How a piece takes the place of a MiniStack function: only when that function is the one the piece was written for."""

import hashlib
import inspect
import sys
import textwrap
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])


def source_hash(function: Callable[..., object]) -> str:
    """The first 12 hex digits of the SHA-256 of a function's source."""
    return hashlib.sha256(textwrap.dedent(inspect.getsource(function)).encode()).hexdigest()[:12]


def replaces(owner: ModuleType | type, name: str, pinned: str) -> Callable[[Function], Function]:
    """Decorator: puts the decorated function in the place of `owner.name`, whose source hash must be `pinned`.

    A piece that wraps the original keeps a reference to it before the decorated function is defined.
    """
    found = source_hash(getattr(owner, name))
    if found != pinned:
        sys.exit(
            f"The emulator does not start: {owner.__name__}.{name} is not the function this piece was written for "
            f"(its source hash is {found}, pinned is {pinned}); read what changed, then adapt or drop the piece."
        )

    def install(replacement: Function) -> Function:
        setattr(owner, name, replacement)
        return replacement

    return install
