"""A counter of what a Python process says to Playwright's driver, by having this in its path.

Loaded by Python itself at the start of each process; what was counted is added, at its end, to the
file that ``WIRE_COUNTS`` names: commands, bytes sent, bytes received.
"""

from __future__ import annotations

import atexit
import json
import os
from pathlib import Path
from typing import Any


def _count(file: Path) -> None:
    from playwright._impl.transport import Transport

    counts = [0, 0, 0]
    serialize, deserialize = Transport.serialize_message, Transport.deserialize_message

    def serialized(self: Any, message: Any) -> Any:
        data = serialize(self, message)
        counts[0] += 1
        counts[1] += len(data)
        return data

    def deserialized(self: Any, data: Any) -> Any:
        counts[2] += len(data)
        return deserialize(self, data)

    def tell() -> None:
        with file.open("a", encoding="utf-8") as told:
            told.write(f"{json.dumps(counts)}\n")

    Transport.serialize_message = serialized  # type: ignore[method-assign]
    Transport.deserialize_message = deserialized  # type: ignore[method-assign]
    atexit.register(tell)


if "WIRE_COUNTS" in os.environ:
    _count(Path(os.environ["WIRE_COUNTS"]))
