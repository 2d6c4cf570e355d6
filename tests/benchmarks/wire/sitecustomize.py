"""A counter of what a Python process says to Playwright's driver, by having this in its path.

Loaded by Python itself at the start of each process; what was counted is added, at its end, to the
file that ``WIRE_COUNTS`` names: commands, bytes sent, bytes received.
"""

from __future__ import annotations

import atexit
import importlib.abc
import importlib.util
import json
import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

_TRANSPORT = "playwright._impl.transport"
_counts = [0, 0, 0]


def _count(module: ModuleType) -> None:
    transport = module.Transport
    serialize, deserialize = transport.serialize_message, transport.deserialize_message

    def serialized(self: Any, message: Any) -> Any:
        data = serialize(self, message)
        _counts[0] += 1
        _counts[1] += len(data)
        return data

    def deserialized(self: Any, data: Any) -> Any:
        _counts[2] += len(data)
        return deserialize(self, data)

    transport.serialize_message, transport.deserialize_message = serialized, deserialized
    atexit.register(_tell)


def _tell() -> None:
    with Path(os.environ["WIRE_COUNTS"]).open("a", encoding="utf-8") as file:
        file.write(f"{json.dumps(_counts)}\n")


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if name != _TRANSPORT:
            return None
        sys.meta_path.remove(self)
        found = importlib.util.find_spec(name)
        if found is None or found.loader is None:
            return found
        execute = found.loader.exec_module

        def executed(module: ModuleType) -> None:
            execute(module)
            _count(module)

        found.loader.exec_module = executed  # type: ignore[method-assign]
        return found


if "WIRE_COUNTS" in os.environ:
    sys.meta_path.insert(0, _Finder())
