"""Agents under `--web.config.file`: users, certificates, connections."""

import base64
import ctypes
import http.client
import pathlib
import ssl
import subprocess
import tempfile

from . import waiting
from .agent import Agent, listening_ports


def bcrypt(password, cost=4):
    """A hash by the system's crypt(3)."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.restype = ctypes.c_char_p
    salt = f"$2y${cost:02}$abcdefghijklmnopqrstuu".encode()
    return crypt(password.encode(), salt).decode()


def basic(user, password):
    """The field that RFC 7617 asks for."""
    raw = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {raw}"}


def certificate(folder, name, kind="ec"):
    """A self-signed certificate and its key: `NAME.pem` and `NAME.key`."""
    key = {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
           "rsa": ["rsa:2048"]}[kind]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *key, "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem"],
        check=True, capture_output=True)
    pathlib.Path(folder, f"{name}.key").chmod(0o600)


def tls(name, more=""):
    """A `tls_server_config` for that certificate."""
    return (f"tls_server_config:\n  cert_file: {name}.pem\n"
            f"  key_file: {name}.key\n{more}")


class GuardedAgent(Agent):
    """An agent whose `web.yaml` can be rewritten."""

    def __init__(self, targets, text, *flags):
        folder = tempfile.mkdtemp(prefix="cx-e2e-")
        self.web = pathlib.Path(folder, "web.yaml")
        self.rewrite(text)
        super().__init__(targets, f"--web.config.file={self.web}", *flags,
                         folder=folder)
        self.own_folder = True

    def rewrite(self, text):
        """Another file in its place, in one step."""
        new = self.web.with_suffix(".new")
        new.write_text(text, "utf-8")
        new.chmod(0o600)
        new.replace(self.web)

    def serve(self):
        """Start and wait for the socket; what it asks of clients may vary."""
        self.start(wait=False)

        def listens():
            if self.process.poll() is not None:
                raise RuntimeError(self.log)
            return listening_ports(self.process.pid)
        self.port = waiting.until(listens, 20, "a listener")[0]
        self.check_flags()
        return self

    def connect(self, is_tls=False):
        """A connection that stays open from request to request."""
        if not is_tls:
            return http.client.HTTPConnection("127.0.0.1", self.port,
                                              timeout=20)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20,
                                           context=context)


def ask(connection, path="/metrics", headers=None):
    """Status, fields and body of a GET; the connection stays open."""
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()
