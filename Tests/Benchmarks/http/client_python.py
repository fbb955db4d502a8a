"""Serves families with Python's prometheus_client, as its documentation does.

    client_python.py FILE PORT        serve /metrics
    client_python.py FILE --encode    encode again and again, print MB/s

FILE is as for promhttp/main.go.
"""

import json
import sys
import time

import prometheus_client


def main(path, what):
    registry = prometheus_client.CollectorRegistry()
    with open(path, encoding="utf-8") as file:
        for family in json.load(file):
            gauge = prometheus_client.Gauge(
                family["name"], family["help"], family["labels"],
                registry=registry)
            for labels, value in family["samples"]:
                (gauge.labels(*labels) if labels else gauge).set(value)
    if what == "--encode":
        encode(registry)
        return
    prometheus_client.start_http_server(int(what), "127.0.0.1", registry)
    while True:
        time.sleep(3600)


def encode(registry):
    total, start = 0, time.monotonic()
    while time.monotonic() - start < 2:
        total += len(prometheus_client.generate_latest(registry))
    print(f"{total / 1e6 / (time.monotonic() - start):.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
