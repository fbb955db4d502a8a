"""Experia: SLA, volume, waiting, quality."""

from . import expressions as e
from . import polling
from .layout import Row, dashboard, standard_variables, variable
from .panels import (ERROR_BUDGET, MARGIN, NEUTRAL, Column, Query, stat, table, timeseries)

VIEW = 'view=~"$view"'
PERIOD = 'view=~"$view", period="$period"'
LEGEND = "{{target}} {{view}}"


def now(family, by="max"):
    return e.newest(family, "target, view", PERIOD, by)


def today(title, description, family, **options):
    return stat(title, description, "short", [Query(now(family), LEGEND)],
                names=True, decimals=0, **options)


def average(title, description, family, sla):
    """An average and the threshold of its SLA."""
    return timeseries(
        title, description + " Dashed: the threshold of its SLA.", "s",
        [Query(now(family), LEGEND),
         Query(e.newest("experia_sla_threshold_seconds", "target, view",
                        f'{VIEW}, sla="{sla}"'), f"{LEGEND} threshold")],
        objective="B", low=0, width=8)


def attained(sla, meaning):
    only = f'{VIEW}, sla="{sla}"'
    return timeseries(
        f"{sla.capitalize()} SLA", f"Share of sessions whose {meaning}, as "
        "the vendor says for the period so far. Dashed: the objective from "
        "the agent's configuration.", "percentunit",
        [Query(e.newest("experia_sla_compliance_ratio", "target, view",
                        f'{PERIOD}, sla="{sla}"', by="min"), LEGEND),
         Query(e.newest("experia_sla_objective_ratio", "target, view", only),
               f"{LEGEND} objective")],
        objective="B", high=1, soft_min=0.7, width=8,
        calcs=("lastNotNull", "min"))


def hourly(title, description, family, **options):
    return timeseries(
        title, description + " From the counter: right across midnight and "
        "corrections.", "short",
        [Query(e.rate(family, "target, view", VIEW), LEGEND, step=e.POLLS)],
        low=0, **options)


def attainment_row():
    """From Prometheus' recording rules, not from the agent alone."""
    of = "target, view, sla"
    told = (" From the recording rules in dashboards/prometheus; empty until "
            "the first whole day is over.")

    def recorded(name):
        return e.recorded(f"experia:sla_{name}", of, VIEW)
    return Row(
        "7 and 30 days",
        table("SLA over 7 and 30 days", "Attained over whole days, weighted "
              "by sessions, and what is left of the error budget: below 0 "
              "the objective is missed." + told, "percentunit", [
                  Column("Target", label="target"),
                  Column("View", label="view"),
                  Column("SLA", label="sla"),
                  Column("7 days", decimals=1,
                         query=Query(recorded("attainment:ratio7d"))),
                  Column("30 days", decimals=1,
                         query=Query(recorded("attainment:ratio30d"))),
                  Column("Objective", decimals=1,
                         query=Query(e.experia_objective(VIEW))),
                  Column("Budget left, 7 days", decimals=0,
                         steps=ERROR_BUDGET,
                         query=Query(recorded("error_budget:ratio7d"))),
                  Column("Budget left, 30 days", decimals=0,
                         steps=ERROR_BUDGET,
                         query=Query(recorded("error_budget:ratio30d")))],
              width=14, sort="Budget left, 30 days",
              no_value="No whole day yet"),
        timeseries("Error budget left, 30 days", "1 less the share of misses "
                   "over the share that the objective allows." + told,
                   "percentunit",
                   [Query(recorded("error_budget:ratio30d"),
                          "{{target}} {{view}} {{sla}}")],
                   steps=ERROR_BUDGET, threshold_lines=True, width=10,
                   height=9, high=1, calcs=("lastNotNull", "min")))


def build():
    margin = (f"{e.experia_attained(PERIOD)} - "
              f"{e.experia_objective(VIEW)}")
    rows = [
        Row("Now",
            stat("Distance to the objective", "SLA attained less its "
                 "objective: below 0 (red) the SLA is missed.",
                 "percentunit", [Query(margin, "{{target}} {{view}} {{sla}}")],
                 steps=MARGIN, names=True, width=16, height=5, decimals=1),
            *polling.state_panels("experia")),
        Row("SLA attained and objective",
            attained("response", "answers came within the response "
                                 "threshold"),
            attained("waiting", "wait was within the waiting threshold"),
            attained("service", "service took no longer than its threshold"),
            table("SLA by view", "What was attained in the period so far, "
                  "what is to be attained, and which time counts as met.",
                  "percentunit", [
                      Column("Target", label="target"),
                      Column("View", label="view"),
                      Column("SLA", label="sla"),
                      Column("Attained", query=Query(
                          e.experia_attained(PERIOD)), decimals=1),
                      Column("Objective", query=Query(
                          e.experia_objective(VIEW)), decimals=1),
                      Column("Distance", query=Query(margin), decimals=1,
                             steps=MARGIN),
                      Column("Threshold", query=Query(e.newest(
                          "experia_sla_threshold_seconds",
                          "target, view, sla", VIEW)), unit="s")],
                  width=24, height=8, sort="Distance")),
        attainment_row(),
        Row("Volume",
            today("Sessions", "Sessions in the period so far.",
                  "experia_period_sessions"),
            today("Closed", "Sessions closed in the period so far.",
                  "experia_period_closed_sessions"),
            stat("Not closed", "Sessions of the period that are not closed: "
                 "being served or waiting.", "short",
                 [Query(f"{now('experia_period_sessions')} - "
                        f"{now('experia_period_closed_sessions')}", LEGEND)],
                 names=True, decimals=0),
            today("Clients", "Distinct clients in the period so far.",
                  "experia_period_clients"),
            today("Messages", "Messages in the period so far.",
                  "experia_period_messages"),
            stat("Transferred", "Share of the period's sessions that were "
                 "handed on.", "percentunit",
                 [Query(f"{now('experia_period_transferred_sessions')} / "
                        f"({now('experia_period_sessions')} > 0)", LEGEND)],
                 names=True, decimals=1),
            hourly("Sessions an hour", "New sessions.",
                   "experia_sessions_total"),
            timeseries(
                "Sessions an hour, against a week ago", "The last hour and "
                "the same hour a week ago (dashed).", "short",
                [Query("max by (target, view) (increase("
                       + e.select("experia_sessions_total", VIEW)
                       + "[1h]))", LEGEND, step=e.POLLS),
                 Query("max by (target, view) (increase("
                       + e.select("experia_sessions_total", VIEW)
                       + "[1h] offset 1w))", f"{LEGEND} a week ago",
                       step=e.POLLS)],
                past="B", low=0),
            hourly("Closed sessions an hour", "Sessions closed.",
                   "experia_closed_sessions_total", width=8),
            hourly("Transferred sessions an hour", "Sessions handed on.",
                   "experia_transferred_sessions_total", width=8),
            hourly("Messages an hour", "Messages.",
                   "experia_messages_total", width=8)),
        Row("Waiting and service",
            average("Waiting time", "Average wait in the period so far.",
                    "experia_waiting_time_average_seconds", "waiting"),
            average("Response time", "Average time to an answer in the "
                    "period so far.", "experia_response_time_average_seconds",
                    "response"),
            average("Service time", "Average time of service in the period "
                    "so far.", "experia_service_time_average_seconds",
                    "service"),
            timeseries(
                "Shortest and longest service", "Of the period so far.", "s",
                [Query(now("experia_service_time_max_seconds"),
                       f"{LEGEND} longest"),
                 Query(now("experia_service_time_min_seconds", "min"),
                       f"{LEGEND} shortest")], low=0),
            timeseries(
                "Agents online", "Agents who were online on average: their "
                "time online a second, from the counter.", "short",
                [Query(e.rate("experia_agent_online_seconds_total",
                              "target, view", VIEW, per=""), LEGEND,
                       step=e.POLLS)],
                low=0)),
        Row("Quality",
            timeseries("CSAT", "Customer satisfaction in the period so far.",
                       "percentunit",
                       [Query(now("experia_csat_ratio", "min"), LEGEND)],
                       low=0, high=1, width=8,
                       calcs=("lastNotNull", "min")),
            timeseries("First contact resolution", "Share of sessions "
                       "resolved at the first contact, in the period so far.",
                       "percentunit",
                       [Query(now("experia_fcr_ratio", "min"), LEGEND)],
                       low=0, high=1, width=8,
                       calcs=("lastNotNull", "min")),
            timeseries("Net promoter score", "From -100 to 100, in the "
                       "period so far.", "short",
                       [Query(now("experia_nps_score", "min"), LEGEND)],
                       low=-100, high=100, width=8,
                       calcs=("lastNotNull", "min"))),
        Row("Tags, templates and the day's shape",
            hourly("Tags an hour", "Tags set.", "experia_tags_total",
                   width=6),
            hourly("Templates an hour", "Templates used.",
                   "experia_template_uses_total", width=6),
            hourly("Predefined messages an hour", "Predefined messages "
                   "sent.", "experia_predefined_messages_total", width=6),
            timeseries("Tagged share", "Share of closed sessions that bear a "
                       "tag.", "percentunit",
                       [Query(now("experia_tags_ratio"), LEGEND)],
                       low=0, soft_max=0.2, width=6),
            table("Busiest and quietest time", "Local times of day, as the "
                  "vendor says for the period, and when the period began.",
                  "clocks", [
                      Column("Target", label="target"),
                      Column("View", label="view"),
                      Column("Busiest", query=Query(
                          now("experia_peak_time_of_day_seconds"))),
                      Column("Quietest", query=Query(
                          now("experia_weak_time_of_day_seconds"))),
                      Column("Period began", unit="dateTimeAsIso",
                             query=Query(now(
                                 "experia_period_start_timestamp_seconds")
                                 + " * 1000")),
                      Column("Time online", unit="s", decimals=0,
                             query=Query(now(
                                 "experia_period_agent_online_seconds")))],
                  width=24, height=7, steps=NEUTRAL)),
        polling.row("experia"),
    ]
    variables = standard_variables("experia") + [
        variable("view", "View", "The view's name in the agent's "
                 "configuration: a part of the sessions. Views may overlap.",
                 f"experia_period_sessions{{{e.TARGET}}}"),
        variable("period", "Period", "Which totals the figures so far are "
                 "of; counters are from the daily one.",
                 f"experia_period_sessions{{{e.TARGET}}}", value="daily")]
    return dashboard(
        "cx-experia", "cx_exporter / Experia",
        "SLA attained against objective, volume, waiting and quality of "
        "Experia's sessions.", "experia", rows, variables)
