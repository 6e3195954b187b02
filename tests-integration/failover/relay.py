"""The network between a Redis server and all but the application.

``python relay.py PORT`` passes on what is sent to that port of 127.0.0.2 to the same port of
127.0.0.1. While the process is stopped (SIGSTOP), nothing arrives and nothing is refused, as when
a cable is pulled.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys


async def relay(port):
    async def connected(reader, writer):
        with contextlib.suppress(OSError):
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))

    server = await asyncio.start_server(connected, "127.0.0.2", port)
    print("ready", flush=True)  # noqa: T201 - for the test to read
    await server.serve_forever()


async def copy(reader, writer):
    """Until the one end closes, then close the other."""
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


if __name__ == "__main__":
    asyncio.run(relay(int(sys.argv[1])))
