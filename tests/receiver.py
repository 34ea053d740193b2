#!/usr/bin/env python3
"""receiver.py LOG KEY: what an Edge Function sends to, on a loopback port that it prints first.

Verifies each request by itself, as Standard Webhooks has it, and appends a line to LOG: path, whether
the signature holds with KEY (base64), webhook-id, SHA-256 of the body. The path says how to behave:
/ok, /status/N, /flaky (503 twice), /slow (no answer in time), /moved (a redirect to /ok)."""

import base64
import hashlib
import hmac
import http.server
import sys
import threading
import time

LOG, KEY = sys.argv[1], base64.b64decode(sys.argv[2])
seen = {}
lock = threading.Lock()


def verdict(headers, body):
    signed = b".".join([headers.get("webhook-id", "").encode(), headers.get("webhook-timestamp", "").encode(), body])
    wanted = b"v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest())
    if abs(time.time() - int(headers.get("webhook-timestamp", "0"))) > 300:
        return "late"
    given = headers.get("webhook-signature", "").encode().split(b" ")
    return "signed" if any(hmac.compare_digest(one, wanted) for one in given) else "forged"


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        with lock:
            seen[self.path] = count = seen.get(self.path, 0) + 1
            with open(LOG, "a", encoding="utf-8") as log:
                print(self.path, verdict(self.headers, body), self.headers.get("webhook-id"),
                      hashlib.sha256(body).hexdigest(), self.headers.get("content-type"), file=log, flush=True)
        status = 202
        if self.path.startswith("/status/"):
            status = int(self.path.rsplit("/", 1)[1])
        elif self.path == "/flaky" and count < 3:
            status = 503
        elif self.path == "/slow":
            time.sleep(6)
        elif self.path == "/moved":
            status = 307
        try:
            self.send_response(status)
            if status == 307:
                self.send_header("location", "/ok")
            self.send_header("content-length", "0")
            self.end_headers()
        except BrokenPipeError:
            pass

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_address[1], flush=True)
server.serve_forever()
