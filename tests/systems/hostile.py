"""Servers that answer in raw bytes, for endpoints that keep to nothing."""

import contextlib
import json
import socket
import threading

TASK = "speculation-detection"
REQUESTS = [{"task": TASK, "id": f"{n:016x}:0", "text": f"Report {n}."} for n in range(4)]
NAMES = [request["id"] for request in REQUESTS]


class Raw:
    """Listens on a port of its own; ``handle(socket, body)`` answers each request."""

    def __init__(self, handle):
        self.handle, self.bodies = handle, []
        self.heads = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._one, args=(self.socket.accept()[0],), daemon=True).start()

    def _one(self, connection):
        with connection, contextlib.suppress(OSError):
            head, body = b"", b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            head, _, body = head.partition(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            while len(body) < length:
                body += connection.recv(65536)
            self.heads.append(head)
            self.bodies.append(json.loads(body))
            self.handle(connection, self.bodies[-1])

    def close(self):
        self.socket.close()


def whole(body, head=b"", status=b"200 OK"):
    """The bytes of a whole answer."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    length = b"content-length: %d\r\n" % len(body) if b"content-length" not in head else b""
    return b"HTTP/1.1 %s\r\n%s%s\r\n%s" % (status, length, head, body)
