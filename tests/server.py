"""JupyterLab as a process of its own, asked without a browser."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import websocket

TOKEN = "a-token-of-the-tests"
WAIT = 60  # seconds that a start or an answer may take


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server: `ask` its interface, or `execute` code in a new kernel."""

    def __init__(self, port):
        self.port = port

    def ask(self, path, /, **body):
        """Get the JSON at a path, or post a body; errors of HTTP are raised."""
        data = json.dumps(body).encode() if body else None
        address = f"http://127.0.0.1:{self.port}/api/{path}?token={TOKEN}"
        with urllib.request.urlopen(address, data, timeout=WAIT) as answer:
            return json.load(answer)

    def execute(self, notebook, code):
        """Return what code prints in a new kernel of a notebook."""
        made = {"path": notebook, "name": notebook, "type": "notebook"}
        kernel = self.ask("sessions", **made, kernel={"name": "python3"})["kernel"]
        at = f"127.0.0.1:{self.port}/api/kernels/{kernel['id']}/channels?token={TOKEN}"
        socket = websocket.create_connection(f"ws://{at}", timeout=WAIT)
        header = {"msg_id": "1", "msg_type": "execute_request", "session": "1"}
        header |= {"username": "", "version": "5.3", "date": "2000-01-01T00:00:00Z"}
        content = {"code": code, "silent": False, "store_history": False}
        content |= {"user_expressions": {}, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}}
        message |= {"content": content, "channel": "shell", "buffers": []}
        socket.send(json.dumps(message))
        printed, ended = "", set()
        while not {"idle", "execute_reply"} <= ended:
            got = json.loads(socket.recv())
            if got["parent_header"].get("msg_id") != "1":
                continue
            if got["msg_type"] == "stream":
                printed += got["content"]["text"]
            if got["msg_type"] == "error":
                pytest.fail("\n".join(got["content"]["traceback"]))
            ended |= {got["msg_type"], got["content"].get("execution_state")}
        socket.close()
        return printed


@contextmanager
def lab(*arguments, python=sys.executable, before="", cwd=None, env=None):
    """Run `partnership lab` without a browser; yield it as a `Server`.

    ``before`` is code that runs ahead of it; its output is in ``cwd``/log.txt.
    """
    port, log = free_port(), Path(cwd) / "log.txt"
    more = ["--no-browser", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    more += [f"--IdentityProvider.token={TOKEN}", "--allow-root"]
    words = ["lab", *map(str, arguments), *more]
    code = f"{before}\nfrom partnership.cli import main; main({words!r})"
    with log.open("w") as output:
        process = subprocess.Popen(
            [str(python), "-c", code], cwd=cwd, env=env, stdout=output, stderr=output
        )
    try:
        server, end = Server(port), time.monotonic() + WAIT
        while True:
            with suppress(OSError):
                server.ask("status")
                break
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.1)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)


def without_path():
    """Return the environment without settings of Python."""
    unwanted = ("PYTHON", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if not k.startswith(unwanted)}
