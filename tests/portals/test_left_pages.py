"""What pages that were left still hold of the browser's memory, which a night has thousands of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pages.contract.ports import Lease
from tests.support.small_portal import SmallPortal, page


async def _megabytes(small: SmallPortal) -> float:
    session = await small.context.new_cdp_session(await small.main())
    await session.send("Performance.enable")
    metrics = (await session.send("Performance.getMetrics"))["metrics"]
    return float(next(one["value"] for one in metrics if one["name"] == "JSHeapUsedSize")) / 2**20


def test_are_cleared_away_between_steps(small: SmallPortal, run: Any, tmp_path: Path) -> None:
    async def steps() -> tuple[float, float]:
        most = 0.0
        for _ in range(8):
            async with small.leased(Lease(tmp_path)) as portal:
                for _ in range(4):
                    work = await portal.work(page())
                    await work.scope.locator("p").count()
            most = max(most, await _megabytes(small))
        for _ in range(2):
            async with small.leased(Lease(tmp_path)):
                pass
        return most, await _megabytes(small)

    most, left = run(steps())
    assert most > 4, "pages that nobody clears away are seen here"
    assert left < most / 2
