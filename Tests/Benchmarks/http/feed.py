"""What the agent polls: the vendors' servers of the end-to-end tests."""

import re

import vendors
from harness import waiting
from vendors.experia import ExperiaServer

CARD = "CARDQUEUEREPORT"
CHANNELS = ("whatsapp", "webchat", "instagram", "email", "voice")
TEAMS = ("Billing", "Retention", "Technical support", "Onboarding")


def table(rows):
    """An Experia server whose queue report has so many rows."""
    server = ExperiaServer()
    server.cards[CARD] = [
        {"queue": f"queue-{row:06}", "channel": CHANNELS[row % 5],
         "team": TEAMS[row % 4],
         # Whole numbers, shares and seconds, as in a vendor's table.
         "waiting": (row % 97, row % 89 / 88, row * 7 % 1013 + 0.25)[row % 3]}
        for row in range(rows)]
    return server


def table_target(server, rows):
    """A target of which each row becomes a series; polled once an hour."""
    return server.target("support", interval="1h", max_response_size="64MiB",
                         cards=[{
                             "card": CARD, "mapping": {
                                 "metric": "experia_queue_waiting_seconds",
                                 "help": "Waiting by queue.",
                                 "labels": {"queue": "queue",
                                            "channel": "channel",
                                            "team": "team"},
                                 "value": "waiting", "max_series": rows}}])


def four():
    """A server of each vendor."""
    return [kind() for kind in vendors.ALL]


def four_targets(servers, interval="1s"):
    """A target of each vendor, polled often: memory is to be seen at work."""
    return [server.target(f"{server.vendor}-1", interval=interval)
            for server in servers]


def await_targets(agent, count):
    """Wait until so many targets were polled and are up."""
    up = re.compile(rb"^cx_exporter_target_up\{.*\} 1$", re.MULTILINE)
    agent.await_answer()
    waiting.until(lambda: len(up.findall(agent.get())) == count, 60,
                  f"{count} targets that are up")
