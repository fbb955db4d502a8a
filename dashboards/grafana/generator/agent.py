"""The agent itself: polls, budgets, data quality, listener, process."""

from . import expressions as e
from .layout import Row, dashboard, standard_variables
from .panels import (BUDGET, NEUTRAL, ONE_IS_GOOD, SHARE, UP_OR_FAILING,
                     ZERO_IS_GOOD, Column, Query, stat, table, timeline,
                     timeseries, value_map)

TARGET = "{{target}}"


def site(family, more=""):
    return e.select(family, more, e.SITE)


def rate(family, labels, base=e.TARGET):
    return (f"sum by ({labels}) (rate({e.select(family, base=base)}"
            "[$__rate_interval]))")


def counted(title, description, family, labels, legend, **options):
    """What a counter rose by in each interval."""
    return timeseries(
        title, description, "short",
        [Query(f"sum by ({labels}) (increase({e.select(family)}"
               "[$__rate_interval]))", legend)],
        bars=True, stacked=True, calcs=("max",), low=0, **options)


def now_row():
    reload = value_map(_0=("failed", "red"), _1=("in force", "green"))
    # Without a folder there is no such family and nothing can fail.
    storage = ("max by (instance) (increase("
               + site("cx_exporter_storage_errors_total")
               + "[$__range])) or max by (instance) (0 * "
               + site("cx_exporter_build_info") + ")")
    return Row(
        "Now",
        stat("Agent", "Whether Prometheus reaches the agent.", "short",
             [Query(f"min by (instance) (up{{{e.SITE}}})", "{{instance}}")],
             steps=ONE_IS_GOOD, mappings=UP_OR_FAILING, names=True),
        stat("Targets failing", "Targets whose last poll failed.", "short",
             [Query("sum(1 - "
                    + e.newest("cx_exporter_target_up", "target", by="min")
                    + ")")], steps=ZERO_IS_GOOD, decimals=0),
        stat("Configuration", "Whether the last attempt to load the "
             "configuration succeeded; after a failure the old one stays in "
             "force and the log says what is wrong.", "short",
             [Query("min by (instance) (" + site(
                 "cx_exporter_config_last_reload_successful") + ")",
                 "{{instance}}")],
             steps=ONE_IS_GOOD, mappings=reload, names=True),
        stat("Storage errors", "How often the counters' folder refused "
             "something (disk full, permissions) in the chosen time range; "
             "counters go on in memory. 0 without --storage.path.", "short",
             [Query(storage, "{{instance}}")],
             steps=ZERO_IS_GOOD, names=True, decimals=0),
        stat("Version", "The version and commit of each agent.", "short",
             [Query("max by (version, revision) ("
                    + site("cx_exporter_build_info") + ")",
                    "{{version}} ({{revision}})")], only_names=True),
        stat("Running for", "Time since the agent was started.", "s",
             [Query("time() - max by (instance) ("
                    + site("process_start_time_seconds") + ")",
                    "{{instance}}")],
             steps=NEUTRAL, names=True, decimals=0))


def targets_row():
    of = "vendor, target"
    backoff = ("clamp_min("
               + e.newest("cx_exporter_backoff_until_timestamp_seconds", of)
               + f" - time(), 0) or 0 * {e.newest('cx_exporter_target_up', of)}")
    # A family is absent from a target until its first poll has ended.
    age = "time() - " + e.newest(
        "cx_exporter_target_last_success_timestamp_seconds", of)
    return Row(
        "Targets",
        table("Targets", "Each target with its last poll. Staleness: "
              "the age over the target's stale_after; at 100 % its figures "
              "are gone. Failed polls are those of the chosen time range.", "short", [
                  Column("Vendor", label="vendor"),
                  Column("Target", label="target"),
                  Column("State", query=Query(
                      e.newest("cx_exporter_target_up", of, by="min")),
                      steps=ONE_IS_GOOD, mappings=UP_OR_FAILING),
                  Column("Age of the data", unit="s", decimals=0,
                         query=Query(age)),
                  Column("Staleness", unit="percentunit", decimals=0,
                         steps=SHARE, query=Query(f"({age}) / " + e.newest(
                             "cx_exporter_target_stale_after_seconds", of))),
                  Column("Poll takes", unit="s", query=Query(e.newest(
                      "cx_exporter_target_poll_duration_seconds", of))),
                  Column("Series", query=Query(e.newest(
                      "cx_exporter_target_samples", of)), decimals=0),
                  Column("Failed polls", decimals=0,
                         steps=[("green", None), ("yellow", 1), ("red", 10)],
                         query=Query(
                             f"sum by ({of}) (increase("
                             + e.select("cx_exporter_poll_failures_total")
                             + "[$__range]))")),
                  Column("Backs off for", unit="s", decimals=0,
                         query=Query(backoff))],
              width=24, height=8, sort="State"),
        timeline("Last poll", "Whether each target's last poll succeeded.",
                 "short", [Query(e.newest("cx_exporter_target_up", "target",
                                          by="min"), TARGET)],
                 steps=ONE_IS_GOOD, mappings=UP_OR_FAILING, width=12),
        timeseries("Age of the data", "Time since the last successful poll. "
                   "Dashed: the target's stale_after, when its figures go.",
                   "s",
                   [Query(e.data_age(), TARGET),
                    Query(e.newest("cx_exporter_target_stale_after_seconds",
                                   "target"), f"{TARGET} stale_after")],
                   objective="B", low=0))


def polls_row():
    histogram = "cx_exporter_vendor_request_duration_seconds"
    return Row(
        "Polls",
        counted("Failed polls", "Failed polls in each interval by target and "
                "reason. auth: the key; rate_limited, budget: too many "
                "requests; timeout, connection, tls: the network; decode, "
                "http_status, vendor_error: the vendor's answer.",
                "cx_exporter_poll_failures_total", "target, reason",
                "{{target}} {{reason}}"),
        timeseries("Polls a second", "Polls of each target, whatever came of "
                   "them.", "ops",
                   [Query(rate("cx_exporter_polls_total", "target"), TARGET,
                          step=e.POLLS)], low=0),
        timeseries("Poll duration", "How long the last poll of each target "
                   "took, all its requests together.", "s",
                   [Query(e.newest("cx_exporter_target_poll_duration_seconds",
                                   "target"), TARGET)], low=0, width=8),
        timeseries("Vendor requests a second", "By target and HTTP status, "
                   "or by what failed where there was no answer.", "reqps",
                   [Query(rate("cx_exporter_vendor_requests_total",
                               "target, code"), "{{target}} {{code}}",
                          step=e.POLLS)], low=0, stacked=True, width=8),
        timeseries("Vendor's answer time, 95th percentile", "How long "
                   "requests to each vendor took.", "s",
                   [Query("histogram_quantile(0.95, "
                          + rate(histogram + "_bucket", "target, le") + ")",
                          TARGET, step=e.POLLS)], low=0, width=8))


def budgets_row():
    of = "vendor, budget, window"

    def budget(name, by="max"):
        family = f"cx_exporter_rate_limit_{name}"
        return f"{by} by ({of}) ({site(family)})"
    planned = f"{budget('planned_requests')} / {budget('requests')}"
    return Row(
        "Request budgets",
        table("Budgets", "Each vendor's rate limit by credential: a budget "
              "bears the name of the first target that uses it. Planned "
              "above 100 %: the polls ask for more than the vendor allows, "
              "and the agent polls less often.", "short", [
                  Column("Vendor", label="vendor"),
                  Column("Budget", label="budget"),
                  Column("Window", label="window"),
                  Column("Limit", query=Query(budget("requests"))),
                  Column("Planned", unit="percentunit", decimals=0,
                         steps=[("green", None), ("yellow", 0.8),
                                ("red", 1.001)], query=Query(planned)),
                  Column("Left", unit="percentunit", decimals=0,
                         steps=BUDGET, query=Query(e.budget_left())),
                  Column("Resets in", unit="s", decimals=0,
                         query=Query(budget("reset_timestamp_seconds")
                                     + " - time()"))],
              width=12, height=8, sort="Left"),
        timeseries("Budget left", "At 0 polls are put off.", "percentunit",
                   [Query(e.budget_left(), "{{budget}} in {{window}}")],
                   steps=BUDGET, threshold_lines=True, low=0, high=1,
                   calcs=("lastNotNull", "min")))


def quality_row():
    return Row(
        "Data quality",
        timeseries("Series by target", "Samples that each target gives: a "
                   "fall means that the vendor leaves something out.",
                   "short",
                   [Query(e.newest("cx_exporter_target_samples", "target"),
                          TARGET)], low=0, width=6,
                   calcs=("lastNotNull", "min")),
        counted("Corrections", "Totals that a vendor corrected downwards; "
                "counters do not fall with them.",
                "cx_exporter_corrections_total", "target", TARGET, width=6),
        counted("Rows skipped", "Rows whose value was no number: the "
                "vendor's answer has another shape than documented.",
                "cx_exporter_rows_skipped_total", "target", TARGET, width=6),
        counted("Series folded", "Rows beyond max_series, summed up as "
                "other.", "cx_exporter_series_folded_total", "target",
                TARGET, width=6))


def process_row():
    def of(family):
        return f"max by (instance) ({site(family)})"
    legend = "{{instance}}"
    return Row(
        "Listener and process",
        timeseries("HTTP requests a second", "Answered requests by handler "
                   "and status.", "reqps",
                   [Query(rate("cx_exporter_http_requests_total",
                               "handler, code", e.SITE),
                          "{{handler}} {{code}}")], low=0, stacked=True),
        timeseries("Connections", "Connections open now; past "
                   "--web.max-connections more get 503.", "short",
                   [Query(of("cx_exporter_http_connections"), legend)],
                   low=0),
        timeseries("CPU", "Share of one core.", "percentunit",
                   [Query(rate("process_cpu_seconds_total", "instance",
                               e.SITE), legend)], low=0, width=8),
        timeseries("Memory", "Resident and virtual memory.", "bytes",
                   [Query(of("process_resident_memory_bytes"),
                          f"{legend} resident"),
                    Query(of("process_virtual_memory_bytes"),
                          f"{legend} virtual")], low=0, width=8),
        timeseries("File descriptors", "Open ones, and the limit (dashed).",
                   "short",
                   [Query(of("process_open_fds"), legend),
                    Query(of("process_max_fds"), f"{legend} limit")],
                   objective="B", low=0, width=8))


def build():
    return dashboard(
        "cx-agent", "cx_exporter / Agent",
        "The agent itself: targets, polls, request budgets, data quality, "
        "listener and process.", "agent",
        [now_row(), targets_row(), polls_row(), budgets_row(), quality_row(),
         process_row()],
        standard_variables())
