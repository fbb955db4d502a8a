"""The rows about polling that every vendor's dashboard has."""

from . import expressions as e
from .layout import Row, drill_down
from .panels import (BUDGET, GOOD, ONE_IS_GOOD, SHARE, UP_OR_FAILING, Query,
                     stat, timeseries)


def state_panels(vendor, height=5):
    """Whether the figures below are to be believed at all."""
    only = f'vendor="{vendor}"'
    return [
        stat("Last poll", "Whether the last poll of each target succeeded. "
             "After a failure the old figures stay until they are stale.",
             "short",
             [Query(e.newest("cx_exporter_target_up", "target", only,
                             by="min"), "{{target}}")],
             steps=ONE_IS_GOOD, mappings=UP_OR_FAILING,
             names=True, height=height,
             links=drill_down("cx-agent", "Why: the agent's dashboard",
                              target="${__field.labels.target}")),
        stat("Staleness", "Time since the last successful poll, as a share "
             "of the target's stale_after. From 100 % on (red) the figures "
             "below are gone.", "percentunit",
             [Query(e.staleness(only), "{{target}}")],
             steps=SHARE, names=True, height=height, decimals=0)]


def row(vendor, budget=True):
    only = f'vendor="{vendor}"'
    histogram = "cx_exporter_vendor_request_duration_seconds"
    panels = [
        timeseries(
            "Failed polls by reason", "Failed polls in each interval. The "
            "README says what each reason means and what to do.", "short",
            [Query("sum by (reason) (increase("
                   + e.select("cx_exporter_poll_failures_total", only)
                   + "[$__rate_interval]))", "{{reason}}")],
            bars=True, stacked=True, calcs=("max",), low=0, width=8),
        timeseries(
            "Vendor's answer time", "How long the vendor's API took: 95th "
            "percentile and mean.", "s",
            [Query("histogram_quantile(0.95, sum by (target, le) (rate("
                   + e.select(histogram + "_bucket", only)
                   + "[$__rate_interval])))", "{{target}} 95 %",
                   step=e.POLLS),
             Query("sum by (target) (rate("
                   + e.select(histogram + "_sum", only)
                   + "[$__rate_interval])) / sum by (target) (rate("
                   + e.select(histogram + "_count", only)
                   + "[$__rate_interval]))", "{{target}} mean",
                   step=e.POLLS)],
            low=0, width=8)]
    if budget:
        panels.append(timeseries(
            "Request budget left", "What is left of the vendor's rate limit. "
            "At 0 polls are put off. A budget bears the name of the first "
            "target that uses the credential.", "percentunit",
            [Query("min by (budget, window) ("
                   + e.select("cx_exporter_rate_limit_remaining_requests",
                              only, e.SITE)
                   + ") / max by (budget, window) ("
                   + e.select("cx_exporter_rate_limit_requests", only, e.SITE)
                   + ")", "{{budget}} in {{window}}")],
            steps=BUDGET, threshold_lines=True, low=0, high=1,
            calcs=("lastNotNull", "min"), width=8))
    else:
        panels.append(timeseries(
            "Requests a second", "Requests sent to the vendor, by HTTP "
            "status. No rate limit of this vendor is documented.", "reqps",
            [Query("sum by (target, code) (rate("
                   + e.select("cx_exporter_vendor_requests_total", only)
                   + "[$__rate_interval]))", "{{target}} {{code}}",
                   step=e.POLLS)],
            steps=GOOD, low=0, width=8))
    return Row("Polling", *panels)
