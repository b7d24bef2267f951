"""Many clients of `palimpsest serve` at once, half of whose requests are hung up on midway.

    load.py        SECONDS=60 CLIENTS=64 MODEL=path

Every answer must be the one that its request gets alone, nothing may be left afterwards: sessions,
connections, descriptors, threads, memory; and SIGTERM ends the server with code 0. MODEL is by default
a tiny one, written by palimpsest-dev beside the program.
"""

import collections
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

from editor import PROGRAM

WORDS = "harbour light river stone letter evening garden window boat morning road house".split()
TOKEN = "0123456789abcdef0123456789abcdef"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}


def ask(port, path, body=None, timeout=300):
    """The answer to a request on a connection of its own, `Retry-After` honoured."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        try:
            method = "GET" if body is None else "POST"
            connection.request(method, path, body and json.dumps(body), HEADERS)
            answer = connection.getresponse()
            text = answer.read().decode()
            if answer.status != 503:
                return answer.status, text
            time.sleep(float(answer.headers.get("Retry-After", 1)))
        finally:
            connection.close()


def streamed(text):
    """The text of a stream of completions."""
    chunks = [json.loads(event[6:]) for event in text.split("\n\n")
              if event.startswith("data: ") and event != "data: [DONE]"]
    assert text.endswith("data: [DONE]\n\n"), text[-200:]
    return "".join(choice["text"] for chunk in chunks for choice in chunk["choices"])


def request(number):
    """One of a few requests, and how its text is read from an answer."""
    source = random.Random(number)
    before = "The old " + " ".join(source.choices(WORDS, k=12)) + " was "
    after = " and the " + " ".join(source.choices(WORDS, k=6)) + "."
    if number % 3 == 0:
        body = {"input_prefix": before, "input_suffix": after, "n_predict": 8, "quality": 1}
        return "/infill", body, lambda text: json.loads(text)["content"]
    body = {"prompt": before, "suffix": after, "max_tokens": 8, "quality": 1 + number % 2,
            "stream": number % 3 == 1}
    if body["stream"]:
        return "/v1/completions", body, streamed
    return "/v1/completions", body, lambda text: json.loads(text)["choices"][0]["text"]


def hang_up(port, path, body, source):
    """Sends a request, reads a little of the answer or nothing, and closes the connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    try:
        connection.request("POST", path, json.dumps(dict(body, stream=True)), HEADERS)
        if source.random() < 0.5:
            time.sleep(source.random() * 0.05)
        else:
            connection.getresponse().read(source.randrange(1, 400))
    finally:
        connection.close()


def figures(port):
    """The samples of `/metrics`."""
    status, text = ask(port, "/metrics")
    assert status == 200, text
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


class Clients:
    def __init__(self, port, expected):
        self.port, self.expected = port, expected
        self.counts = collections.Counter()
        self.faults = []
        self.lock = threading.Lock()

    def work(self, seed, until):
        source = random.Random(seed)
        while time.monotonic() < until:
            number = source.randrange(len(self.expected))
            path, body, read = request(number)
            try:
                if source.random() < 0.5:
                    hang_up(self.port, path, body, source)
                    self.note("hung up")
                    continue
                status, text = ask(self.port, path, body)
                if status != 200 or read(text) != self.expected[number]:
                    self.note("wrong", f"request {number}: {status} {text[:300]}")
                else:
                    self.note("right")
            except Exception as error:
                self.note("failed", f"request {number}: {error!r}")

    def note(self, kind, fault=None):
        with self.lock:
            self.counts[kind] += 1
            if fault:
                self.faults.append(fault)

    def run(self, count, seconds, seed):
        until = time.monotonic() + seconds
        threads = [threading.Thread(target=self.work, args=(seed + number, until))
                   for number in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def settle(port):
    """The figures once nothing runs any more."""
    for _ in range(200):
        now = figures(port)
        if now["palimpsest_spans_running"] == now["palimpsest_spans_waiting"] == 0:
            time.sleep(0.5)
            return figures(port)
        time.sleep(0.1)
    return figures(port)


def play(model, clients, seconds, seed):
    environment = dict(os.environ, PALIMPSEST_TOKEN=TOKEN)
    server = subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", "--model", model], env=environment, text=True,
        stderr=subprocess.PIPE)
    try:
        port = int(server.stderr.readline().split("://127.0.0.1:")[1].split(".")[0].split()[0])
        expected = []
        for number in range(24):
            path, body, read = request(number)
            status, text = ask(port, path, body)
            assert status == 200, text
            expected.append(read(text))
        # Once at full width, so that what is kept from run to run is there.
        Clients(port, expected).run(clients, max(2, seconds / 10), seed + 10_000)
        before = settle(port)
        crowd = Clients(port, expected)
        crowd.run(clients, seconds, seed)
        after = settle(port)
        server.send_signal(signal.SIGTERM)
        code = server.wait(30)
    finally:
        server.kill()
        server.stderr.close()
    print(f"load: {clients} clients, {seconds} s, seed {seed}: " + ", ".join(
        f"{crowd.counts[kind]} {kind}" for kind in ("right", "hung up", "wrong", "failed")))
    for fault in crowd.faults[:5]:
        print(f"load: {fault}")
    grown = after["process_resident_memory_bytes"] - before["process_resident_memory_bytes"]
    kept = {name: after[name] - before[name] for name in ("process_open_fds", "process_threads")}
    print(f"load: memory {after['process_resident_memory_bytes'] / 2**20:.0f} MiB, "
          f"{grown / 2**20:+.1f} MiB; " + ", ".join(
              f"{name} {change:+.0f}" for name, change in kept.items()) + f"; exit code {code}")
    # What the allocator has not given back is not a leak; what grows with every request is.
    most = max(16 * 2**20, before["process_resident_memory_bytes"] * 0.2)
    return not crowd.faults and crowd.counts["right"] > 0 and code == 0 and grown < most \
        and all(change <= 0 for change in kept.values())


def main(clients, seconds):
    seed = int(os.environ.get("PALIMPSEST_SEED") or random.getrandbits(32))
    with tempfile.TemporaryDirectory() as folder:
        model = os.environ.get("MODEL")
        if not model:
            model = folder + "/tiny"
            subprocess.run([PROGRAM + "-dev", "tiny-model", model], check=True,
                           stdout=subprocess.DEVNULL)
        return play(model, clients, seconds, seed)


if __name__ == "__main__":
    sys.exit(0 if main(int(os.environ.get("CLIENTS", 64)), float(os.environ.get("SECONDS", 60)))
             else 1)
