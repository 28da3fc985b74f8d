"""The service, judged by the programs of others: the validator of OpenAPI, schemathesis, and the kernel.

The kernel says which files and sockets are opened (strace), without any network but the machine's own (unshare).
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import warnings

from openapi_spec_validator import OpenAPIV31SpecValidator

ROOT = pathlib.Path(__file__).resolve().parents[2]
GONGWEN = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug" / "gongwen"
JSON = {"Content-Type": "application/json"}
ISOLATED = "GONGWEN_ISOLATED"
# Raises the loopback interface of a new network, and becomes the command that follows.
LOOPBACK = """
import fcntl, os, socket, struct, sys
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any:
    flags = struct.unpack("16sh", fcntl.ioctl(any, 0x8913, struct.pack("16sh", b"lo", 0)))[1]
    fcntl.ioctl(any, 0x8914, struct.pack("16sh", b"lo", flags | 1))
os.execvp(sys.argv[1], sys.argv[1:])
"""


@contextlib.contextmanager
def service(*options, before=()):
    """A service at a free port, and its address."""
    command = [*before, str(GONGWEN), "serve", "--listen", "127.0.0.1:0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
    try:
        address = process.stdout.readline().strip().removeprefix("http://").removesuffix("/")
        assert re.fullmatch(r"127\.0\.0\.1:\d+", address), address
        yield address
    finally:
        # strace, too, if it watches.
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def ask(address, method, path, body=None, headers=JSON):
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_openapi_is_valid():
    with service() as address:
        status, body = ask(address, "GET", "/openapi.json")
        assert status == 200
        errors = [error.message for error in OpenAPIV31SpecValidator(json.loads(body)).iter_errors()]
        assert errors == []


def test_schemathesis_finds_no_fault_and_no_answer_outside_the_document():
    program = pathlib.Path(sys.executable).with_name("schemathesis")
    with service() as address:
        done = subprocess.run(
            [
                program, "--no-color", "run", f"http://{address}/openapi.json",
                "--max-examples", "15", "--seed", "20240131", "--phases", "examples,coverage,fuzzing",
                # What a report says is told in the answer, and is no wrong request.
                "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,"
                "response_headers_conformance,response_schema_conformance",
            ],
            capture_output=True, text=True, timeout=600,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "ndjson", "PYTHONPATH": str(pathlib.Path(__file__).parent)},
        )
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        assert ask(address, "GET", "/healthz")[0] == 200


def test_after_the_start_no_file_is_opened_and_no_socket_but_the_listener(tmp_path):
    """In a network of its own, which has nothing but the machine itself: the test runs itself there."""
    if ISOLATED not in os.environ:
        alone = ["unshare", "--map-root-user", "--net"]
        refused = subprocess.run([*alone, "true"], capture_output=True, text=True)
        if refused.returncode == 0:
            test = f"{__file__}::test_after_the_start_no_file_is_opened_and_no_socket_but_the_listener"
            command = [*alone, sys.executable, "-c", LOOPBACK, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
            done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, ISOLATED: "1"}, timeout=600)
            assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
            return
        warnings.warn(f"not in a network of its own: {refused.stderr.strip()}", stacklevel=1)
    trace = tmp_path / "trace"
    calls = "trace=open,openat,openat2,creat,socket,connect,bind,sendto,unlink,rename,mkdir,execve"
    fonts = ROOT / "fonts"
    before = ["strace", "-f", "-qq", "-o", str(trace), "-e", calls]
    report = (ROOT / "examples" / "qingzhen-2023.json").read_bytes()
    with service("--fonts", str(fonts), before=before) as address:
        started = len(trace.read_text().splitlines())
        # The watch works: fonts and the listener were opened until now.
        seen = trace.read_text()
        assert "openat(" in seen and "bind(" in seen
        if ISOLATED in os.environ:
            assert pathlib.Path("/proc/net/route").read_text().count("\n") == 1, "no way leads out"
        for _ in range(3):
            assert ask(address, "POST", "/v1/check", report)[0] == 200
            assert ask(address, "POST", "/v1/export?as=zip", report)[0] == 200
            assert ask(address, "POST", "/v1/preview?pages=1", report)[0] == 200
            assert ask(address, "POST", "/v1/fix", report)[0] == 200
            pdf = ask(address, "POST", "/v1/export?as=pdf&embed-source=1", report)[1]
            for path in ["/v1/preview?pages=1", "/v1/extract", "/v1/import", "/v1/verify"]:
                assert ask(address, "POST", path, pdf, {"Content-Type": "application/pdf"})[0] == 200, path
            for path in ["/", "/web/app.js", "/openapi.json", "/metrics", "/v1/layouts"]:
                assert ask(address, "GET", path)[0] == 200, path
        # A character that only another script's font has is looked for in the fonts that were read at the start.
        strange = json.dumps({"format": 1, "layout": "general-document", "issuer": "甲", "title": "乙", "preamble": ["ཀ𠮷"]})
        ask(address, "POST", "/v1/export?as=pdf", strange.encode())
        for path in ["../../etc/passwd", "/etc/passwd", "http://127.0.0.1:1/x.png", "file:///etc/passwd"]:
            named = json.dumps({
                "format": 1, "layout": "general-document", "issuer": "甲", "title": "乙",
                "sections": [{"body": [{"image": {"path": path, "alt": "图"}}]}], "figures": path,
            })
            assert ask(address, "POST", "/v1/export?as=pdf", named.encode())[0] == 422
            assert ask(address, "GET", f"/v1/layouts/{path.replace('/', '%2F')}/blank")[0] == 404
            assert ask(address, "POST", f"/v1/check?layout={path}", report)[0] == 400
        calls = trace.read_text().splitlines()[started:]
    # What the kernel is asked about itself is no file: how many processors there are.
    about_itself = ("/proc/self/", "/proc/sys/", "/sys/devices/system/cpu/", "/sys/fs/cgroup/", "/proc/stat")
    opened = [call for call in calls if re.search(r"\b(open|openat|openat2|creat|unlink|rename|mkdir|execve)\(", call)]
    opened = [call for call in opened if not any(f'"{place}' in call for place in about_itself)]
    assert opened == []
    assert [call for call in calls if re.search(r"\b(socket|connect|bind)\(", call)] == []
