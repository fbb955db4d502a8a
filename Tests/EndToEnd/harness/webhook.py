"""What Alertmanager's webhooks are sent."""

import http.server
import json
import threading


class Webhook:
    """A server on loopback that keeps every notification."""

    def __init__(self):
        self._lock = threading.Lock()
        self._notifications = []
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):

            def do_POST(self):
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                with hook._lock:
                    hook._notifications.append((self.path.strip("/"), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """The tests read the notifications instead."""

        self._server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever,
                         daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def alerts(self, receiver=None, status=None, **labels):
        """The alerts in every notification so far that are like this."""
        with self._lock:
            notifications = list(self._notifications)
        return [alert for name, body in notifications
                for alert in body["alerts"]
                if receiver in (None, name)
                and status in (None, alert["status"])
                and labels.items() <= alert["labels"].items()]
