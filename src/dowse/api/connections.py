"""One connection of a client: uvicorn's protocol, with limits on how long and large a head may be.

A client that sends its request line byte by byte would otherwise hold a connection for ever, and
one whose headers never end would fill the memory.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_TIMEOUT_S = 10.0
MAX_HEAD_BYTES = 65_536
MAX_CONNECTIONS = 512
"""Open at once; further ones are told to come again."""

HEAD_END = b"\r\n\r\n"

TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
TOO_LARGE = TOO_SLOW.replace(b"408 Request Timeout", b"431 Request Header Fields Too Large")


class Connection(HttpToolsProtocol):
    """Closes itself unless the head of a request is complete in time and within its size."""

    _head_bytes = 0
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_is_there()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._timer is None:
            self._expect_head()

    def on_headers_complete(self) -> None:
        self._head_is_there()
        self._head_bytes = 0
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        if self._timer is not None:
            end = data.find(HEAD_END)
            # Counted before it is read: a head that arrives whole is measured like any other.
            self._head_bytes += len(data) if end < 0 else end
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refuse(TOO_LARGE)
                return
        super().data_received(data)

    def _expect_head(self) -> None:
        self._timer = self.loop.call_later(HEAD_TIMEOUT_S, self._refuse, TOO_SLOW)

    def _head_is_there(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, answer: bytes) -> None:
        self._head_is_there()
        if not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
