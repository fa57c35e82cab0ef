"""Waiting for the disk without a thread for each request."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class Deliveries:
    """Brings results from the thread of the store's writer to the requests that wait for them.

    Those of one flush come together and wake the event loop once.
    """

    def __init__(self) -> None:
        self._arrived: deque[tuple[asyncio.Future[int], int | BaseException]] = deque()
        self._is_called = False

    def expect(self) -> tuple[asyncio.Future[int], Callable[[int | BaseException], None]]:
        """What to wait for, and what any thread calls with the result."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[int] = loop.create_future()

        def done(result: int | BaseException) -> None:
            self._arrived.append((future, result))
            if not self._is_called:
                self._is_called = True
                loop.call_soon_threadsafe(self._deliver)

        return future, done

    def _deliver(self) -> None:
        # First this: what comes while the others are delivered calls again.
        self._is_called = False
        while self._arrived:
            future, result = self._arrived.popleft()
            if future.cancelled():
                continue
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)
