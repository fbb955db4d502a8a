"""The overview: every target's SLA at a glance, alerts, trends."""

from . import expressions as e
from .layout import Row, dashboard, drill_down, standard_variables
from .panels import (BUDGET, ERROR_BUDGET, MARGIN, MET_OR_MISSED,
                     ONE_IS_GOOD, SHARE, UP_OR_FAILING, ZERO_IS_GOOD, Column, Query, alert_list,
                     stat, table, timeline, timeseries)

MISSED = (f"({e.experia_attained()} < {e.experia_objective()})"
          f" or ({e.rocketchat_share()} >= 1)"
          f" or ({e.samespace_distance()} < 0)")
MET = (f"({e.experia_attained()} >= bool {e.experia_objective()})"
       f" or ({e.rocketchat_share()} < bool 1)"
       f" or ({e.samespace_distance()} >= bool 0)")


def now_row():
    return Row(
        "Now",
        stat("Agents unreachable", "Scrapes that fail now: nothing below is "
             "true of their targets.", "short",
             [Query(f"sum(1 - up{{{e.SITE}}})")],
             steps=ZERO_IS_GOOD, decimals=0,
             links=drill_down("cx-agent", "The agent's dashboard")),
        stat("Targets failing", "Targets whose last poll failed.", "short",
             [Query("sum(1 - "
                    + e.newest("cx_exporter_target_up", "target", by="min")
                    + ")")], steps=ZERO_IS_GOOD, decimals=0,
             links=drill_down("cx-agent", "The agent's dashboard")),
        stat("SLAs missed", "Experia's SLAs below their objective today, "
             "Rocket.Chat's averages of today above their threshold and "
             "Samespace's insights past their objective.",
             "short", [Query(f"count({MISSED}) or vector(0)")],
             steps=ZERO_IS_GOOD, decimals=0),
        stat("Alerts firing", "Alerts of Prometheus' rules that fire now.",
             "short", [Query("count(" + e.alerts(
                 more='alertstate="firing"') + ") or vector(0)")],
             steps=ZERO_IS_GOOD, decimals=0),
        stat("Stalest data", "The largest share of stale_after that has "
             "passed since a target's last successful poll. From 100 % on "
             "(red) its figures are gone.", "percentunit",
             [Query(f"max({e.staleness()})")], steps=SHARE, decimals=0),
        stat("Least request budget left", "What is left of the rate limit "
             "that is nearest to its end.", "percentunit",
             [Query(f"min({e.budget_left()})")], steps=BUDGET, decimals=0,
             links=drill_down("cx-agent", "The agent's dashboard")))


def sla_row():
    experia = drill_down("cx-experia", "Experia: this view",
                         target="${__data.fields.Target}",
                         view="${__data.fields.View}")
    chat = drill_down("cx-rocketchat", "Rocket.Chat: this department",
                      target="${__data.fields.Target}",
                      department="${__data.fields.Department}")
    of = e.SAMESPACE_COLUMNS
    voice = drill_down("cx-samespace", "Samespace: this insight",
                       target="${__data.fields.Target}",
                       title="${__data.fields.Insight}")
    return Row(
        "SLA",
        table("Experia: SLA today", "Attained so far today against the "
              "objective that the agent exports; the worst first.",
              "percentunit", [
                  Column("Target", label="target", links=experia),
                  Column("View", label="view", links=experia),
                  Column("SLA", label="sla"),
                  Column("Attained", decimals=1,
                         query=Query(e.experia_attained())),
                  Column("Objective", decimals=1,
                         query=Query(e.experia_objective())),
                  Column("Distance", decimals=1, steps=MARGIN, query=Query(
                      f"{e.experia_attained()} - {e.experia_objective()}"))],
              sort="Distance"),
        table("Rocket.Chat: times today", "Averages so far today (UTC) "
              "against the thresholds that the agent exports; the worst "
              "first.", "s", [
                  Column("Target", label="target", links=chat),
                  Column("Department", label="department", links=chat),
                  Column("SLA", label="sla"),
                  Column("Average", decimals=1,
                         query=Query(e.rocketchat_times())),
                  Column("Threshold", query=Query(e.rocketchat_threshold())),
                  Column("Share", unit="percentunit", decimals=0,
                         steps=SHARE, query=Query(e.rocketchat_share()))],
              sort="Share", descending=True),
        table("Samespace: insights with an objective", "The value now "
              "against the least or most that it is to be; the worst first.",
              "short", [
                  Column("Target", label="target", links=voice),
                  Column("Insight", label="title", links=voice),
                  Column("Bound", label="bound"),
                  Column("Value", query=Query(e.samespace_level(labels=of))),
                  Column("Objective", query=Query(
                      e.samespace_objective(labels=of))),
                  Column("Distance", unit="percentunit", decimals=1,
                         steps=MARGIN,
                         query=Query(e.samespace_distance(labels=of)))],
              sort="Distance", no_value="No objective"),
        table("Experia: 30 days", "Attained over whole days, and what is "
              "left of the error budget: below 0 the objective is missed. "
              "From the recording rules in dashboards/prometheus; empty "
              "until the first whole day is over.", "percentunit", [
                  Column("Target", label="target", links=experia),
                  Column("View", label="view", links=experia),
                  Column("SLA", label="sla"),
                  Column("Attained", decimals=1, query=Query(e.recorded(
                      "experia:sla_attainment:ratio30d",
                      "target, view, sla"))),
                  Column("Objective", decimals=1,
                         query=Query(e.experia_objective())),
                  Column("Budget left", decimals=0, steps=ERROR_BUDGET,
                         query=Query(e.recorded(
                             "experia:sla_error_budget:ratio30d",
                             "target, view, sla")))],
              sort="Budget left", no_value="No whole day yet"),
        timeline("SLA met", "When each SLA was met and when it was missed. A "
                 "gap: there was no figure.", "short",
                 [Query(MET, "{{target}} {{view}}{{department}}{{title}} "
                        "{{sla}}{{time_range}}")],
                 steps=ONE_IS_GOOD, mappings=MET_OR_MISSED, height=10))


def alerts_row():
    columns = [Column("Alert", label="alertname"),
               Column("Severity", label="severity"),
               Column("State", label="alertstate"),
               Column("Target", label="target",
                      links=drill_down("cx-agent", "The agent's dashboard",
                                       target="${__data.fields.Target}")),
               Column("SLA", label="sla"),
               Column("Active for", unit="s", decimals=0,
                      query=Query(
                          f"(time() - {e.alerts('ALERTS_FOR_STATE')}) "
                          "* ignoring (alertstate) group_right() "
                          + e.alerts()))]
    return Row(
        "Alerts",
        alert_list("Alerts", "Alerts of Grafana and of its data sources that "
                   "fire, are pending or cannot be evaluated.",
                   instances='{alertname=~"CX.*"}'),
        table("Alerts of Prometheus' rules", "What fires or is pending in "
              "the chosen Prometheus, and for how long.", "short", columns,
              sort="Active for", no_value="No alert"))


def trends_row():
    return Row(
        "Trends",
        timeseries("Distance to the objective (Experia)", "Attained less the "
                   "objective: below 0 the SLA is missed.", "percentunit",
                   [Query(f"{e.experia_attained()} - {e.experia_objective()}",
                          "{{target}} {{view}} {{sla}}")],
                   steps=MARGIN, threshold_lines=True,
                   calcs=("lastNotNull", "min")),
        timeseries("Share of the threshold (Rocket.Chat)", "Averages of the "
                   "day so far over their thresholds: from 100 % on the SLA "
                   "is missed.", "percentunit",
                   [Query(e.rocketchat_share(),
                          "{{target}} {{department}} {{sla}}")],
                   steps=SHARE, threshold_lines=True, low=0,
                   calcs=("lastNotNull", "max")),
        timeseries("Contacts an hour", "Experia's sessions, Rocket.Chat's "
                   "conversations and Kore.ai's hourly users, from their "
                   "counters.", "short", [
                       Query(e.rate("experia_sessions_total",
                                    "target, view"),
                             "{{target}} {{view}}", step=e.POLLS),
                       Query(e.rate(
                           "rocketchat_omnichannel_conversations_total",
                           "target, department"),
                           "{{target}} {{department}}", step=e.POLLS),
                       Query(e.rate("kore_engagement_hourly_users_total",
                                    "target, channel"),
                             "{{target}} {{channel}}", step=e.POLLS)],
                   low=0),
        timeseries("Waiting", "Average wait (Experia) and average time to "
                   "the first answer (Rocket.Chat) of the day so far.", "s",
                   [Query(e.newest("experia_waiting_time_average_seconds",
                                   "target, view", 'period="daily"'),
                          "{{target}} {{view}}"),
                    Query(e.newest(e.ROCKETCHAT_TIMES["first_response"],
                                   "target, department"),
                          "{{target}} {{department}}")],
                   low=0),
        timeseries("CSAT (Experia)", "Customer satisfaction of the day so "
                   "far.", "percentunit",
                   [Query(e.newest("experia_csat_ratio", "target, view",
                                   'period="daily"', by="min"),
                          "{{target}} {{view}}")],
                   low=0, high=1, calcs=("lastNotNull", "min")),
        timeseries("Insights (Samespace)", "STAT insights, in the vendor's "
                   "unit.", "short",
                   [Query(e.newest("samespace_stat_value", "target, title"),
                          "{{target}} {{title}}")]))


def freshness_row():
    return Row(
        "What is stale",
        timeline("Last poll", "Whether each target's last poll succeeded.",
                 "short",
                 [Query(e.newest("cx_exporter_target_up", "target",
                                 by="min"), "{{target}}")],
                 steps=ONE_IS_GOOD, mappings=UP_OR_FAILING, width=8),
        timeseries("Staleness", "Time since the last successful poll, as a "
                   "share of the target's stale_after: from 100 % on its "
                   "figures are gone.", "percentunit",
                   [Query(e.staleness(), "{{target}}")],
                   steps=SHARE, threshold_lines=True, low=0, soft_max=1,
                   width=8),
        timeseries("Request budgets left", "What is left of each vendor's "
                   "rate limit; a budget bears the name of the first target "
                   "that uses the credential.", "percentunit",
                   [Query(e.budget_left(),
                          "{{budget}} in {{window}}")],
                   steps=BUDGET, threshold_lines=True, low=0, high=1,
                   calcs=("lastNotNull", "min"), width=8))


def build():
    return dashboard(
        "cx-overview", "cx_exporter / Overview",
        "The SLA of every target at a glance, alerts, trends and what is "
        "stale.", "overview",
        [now_row(), sla_row(), alerts_row(), trends_row(), freshness_row()],
        standard_variables())
