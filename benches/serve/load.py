"""The load of an office on `gongwen serve`: clients that ask without pause, each report with characters of its own.

    python3 benches/serve/load.py GONGWEN [SECONDS]

GONGWEN is the built command; it runs on the same machine. A line for each address: answers a second, and the time within
which 50 and 99 of 100 came; then the same with 200 clients, of whom some are told to come again, while /healthz is asked.
"""

import http.client
import json
import pathlib
import random
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
            if answer.status == 503:
                time.sleep(0.1)


def memory(process):
    status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
    return {line.split(":")[0]: int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith(("VmRSS", "VmHWM"))}


def load(address, path, clients, seconds):
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
    done = counts.get(200, 0)
    print(json.dumps({
        "path": path, "clients": clients, "per_second": round(done / seconds, 1), "statuses": counts,
        "ms_p50": at(0.5), "ms_p99": at(0.99), "ms_max": at(1), "healthz_ms_max": round(1000 * max(health), 1),
    }), flush=True)


def main():
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 30
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.argv[1], "serve", "--listen", "127.0.0.1:0", "--queue", "18"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = process.stdout.readline().strip().removeprefix("http://").removesuffix("/")
        connection = http.client.HTTPConnection(address)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        print(json.dumps({"first_answer_ms": round(1000 * (time.monotonic() - began), 1)}))
        for path in ["/v1/check", "/v1/export?as=pdf", "/v1/export?as=zip"]:
            load(address, path, 20, seconds)
            load(address, path, 200, seconds)
        print(json.dumps(memory(process)))
    finally:
        process.terminate()
        process.wait(20)


main()
