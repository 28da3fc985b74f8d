"""The load of an office on `gongwen serve`: clients that ask without pause, each report with characters of its own.

    python3 benches/serve/load.py GONGWEN [SECONDS] [--peers PYTHON]

GONGWEN is the built command; it runs on the same machine. A line for each address: answers a second, the CPU time of the
service for one, and the time within which 50 and 99 of 100 came; then the same with 200 clients, of whom some are told to come again, while /healthz is asked.
With --peers (a Python with what benches/peers/setup installs) Typst and WeasyPrint follow in the same run, each behind
uvicorn with two workers, with 20 clients.
"""

import argparse

import http.client
import json
import os
import pathlib
import random
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEAT = "清镇市"


class Client(threading.Thread):
    """Asks one address until the time is over."""

    def __init__(self, address, path, seed, end):
        super().__init__()
        self.address, self.path, self.end = address, path, end
        self.random = random.Random(seed)
        self.times, self.statuses = [], []
        # What is answered after the end is not counted as a part of the time before it.
        self.done = 0

    def run(self):
        text = (ROOT / "examples" / "qingzhen-2023.json").read_text(encoding="utf-8")
        before, *rest = text.split(SEAT)
        connection = http.client.HTTPConnection(self.address, timeout=60)
        while time.monotonic() < self.end:
            own = "".join(chr(self.random.randrange(0x4E00, 0x9000)) for _ in range(2)) + "市"
            report = before + own + own.join(rest)
            began = time.monotonic()
            connection.request("POST", self.path, report.encode(), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            self.times.append(time.monotonic() - began)
            self.statuses.append(answer.status)
            self.done += answer.status == 200 and time.monotonic() <= self.end
            if answer.status == 503:
                time.sleep(0.1)


def family(process):
    """The process and those that it started."""
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True).stdout
    return [process.pid, *map(int, children.split())]


def cpu(process):
    """The CPU seconds that they have taken: what else the machine does changes them little."""
    fields = [pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in family(process)]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def memory(process):
    """Resident memory now and at most, in MiB, of the same."""
    total = {"rss_mib": 0, "peak_mib": 0}
    for pid in family(process):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            for name, key in (("VmRSS", "rss_mib"), ("VmHWM", "peak_mib")):
                if line.startswith(name):
                    total[key] += int(line.split()[1]) // 1024
    return total


def load(process, address, path, clients, seconds, program="gongwen"):
    before = cpu(process)
    end = time.monotonic() + seconds
    threads = [Client(address, path, seed, end) for seed in range(clients)]
    health = []
    for thread in threads:
        thread.start()
    while time.monotonic() < end:
        began = time.monotonic()
        connection = http.client.HTTPConnection(address, timeout=60)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        health.append(time.monotonic() - began)
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    times = sorted(duration for thread in threads for duration in thread.times)
    statuses = [status for thread in threads for status in thread.statuses]
    at = lambda share: round(1000 * times[min(len(times) - 1, int(len(times) * share))], 1)
    counts = {status: statuses.count(status) for status in sorted(set(statuses))}
    done = sum(thread.done for thread in threads)
    print(json.dumps({
        "program": program, "path": path, "clients": clients, "per_second": round(done / seconds, 1), "statuses": counts,
        "cpu_ms": round(1000 * (cpu(process) - before) / max(1, counts.get(200, 0)), 1),
        "ms_p50": at(0.5), "ms_p99": at(0.99), "ms_max": at(1), "healthz_ms_max": round(1000 * max(health), 1),
    }), flush=True)


def answers(address):
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request("GET", "/healthz")
    return connection.getresponse().status == 200


def gongwen(program, seconds):
    began = time.monotonic()
    process = subprocess.Popen(
        [program, "serve", "--listen", "127.0.0.1:0", "--queue", "18"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = process.stdout.readline().strip().removeprefix("http://").removesuffix("/")
        assert answers(address)
        print(json.dumps({"first_answer_ms": round(1000 * (time.monotonic() - began), 1)}))
        for path in ["/v1/check", "/v1/export?as=pdf", "/v1/export?as=zip"]:
            load(process, address, path, 20, seconds)
            load(process, address, path, 200, seconds)
        print(json.dumps(memory(process)), flush=True)
    finally:
        process.terminate()
        process.wait(20)


def peer(python, name, seconds):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [python, "-m", "uvicorn", "--app-dir", ROOT / "benches" / "serve", "--workers", "2", "--port", str(port),
               "--log-level", "error", f"peers:{name}"]
    process = subprocess.Popen(command)
    try:
        for _ in range(300):
            time.sleep(0.2)
            try:
                if answers(f"127.0.0.1:{port}"):
                    break
            except OSError:
                continue
        load(process, f"127.0.0.1:{port}", "/", 20, seconds, name)
        print(json.dumps(memory(process)), flush=True)
    finally:
        process.terminate()
        process.wait(60)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("gongwen")
    arguments.add_argument("seconds", type=float, nargs="?", default=30)
    arguments.add_argument("--peers", metavar="PYTHON")
    given = arguments.parse_args()
    gongwen(given.gongwen, given.seconds)
    for name in ["typst", "weasyprint"] if given.peers else []:
        peer(given.peers, name, given.seconds)


main()
