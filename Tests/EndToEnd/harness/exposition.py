"""A scrape, read by the parsers of Prometheus' own client library."""

import collections
import math

from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

Sample = collections.namedtuple("Sample", "name labels value timestamp")
TEXT = "text/plain;version=0.0.4"
OPENMETRICS = "application/openmetrics-text;version=1.0.0"


class Exposition:
    """The families of one answer, by name without `_total`."""

    def __init__(self, text, openmetrics=False):
        parse = (openmetrics_parser if openmetrics
                 else text_parser).text_string_to_metric_families
        self.text = text
        self.families = {}
        for family in parse(text):
            if family.name in self.families:
                raise AssertionError(f"family {family.name} comes twice")
            self.families[family.name] = family

    def family(self, name):
        """The family of this name, or of a sample of this name."""
        for suffix in ("", "_total", "_info", "_bucket", "_sum", "_count",
                       "_created"):
            if name.endswith(suffix):
                short = name[:len(name) - len(suffix)]
                if short in self.families:
                    return self.families[short]
        return None

    def type(self, name):
        family = self.family(name)
        return family.type if family else None

    def samples(self, name, **labels):
        """The samples of this name whose labels contain the given ones."""
        family = self.family(name)
        return [Sample(s.name, s.labels, s.value, s.timestamp)
                for s in (family.samples if family else [])
                if s.name == name and labels.items() <= s.labels.items()]

    def value(self, name, **labels):
        """The value of the one sample there is."""
        found = self.samples(name, **labels)
        assert len(found) == 1, (
            f"{len(found)} samples of {name}{labels} instead of one")
        return found[0].value

    def series(self, name):
        """{labels: value} of one sample name."""
        return {frozenset(s.labels.items()): s.value
                for s in self.samples(name)}


def labels(**values):
    """The key of `series` for these labels."""
    return frozenset(values.items())


def same(actual, expected):
    """Whether two {labels: value} agree; None stands for any value."""
    return actual.keys() == expected.keys() and all(
        value is None or math.isclose(actual[key], value, rel_tol=1e-9,
                                      abs_tol=1e-12)
        for key, value in expected.items())


def difference(actual, expected):
    """Both sides as text, for a message."""
    def shown(series):
        return "\n".join(sorted(
            f"    {dict(sorted(key))}: {value}"
            for key, value in series.items())) or "    nothing"
    return f"\n  got\n{shown(actual)}\n  expected\n{shown(expected)}"
