"""CloudWatch alarms: MiniStack looks at all datapoints of a name together, whatever their dimensions and period.

- A metric is its namespace, name and dimensions.
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#Dimension
- Each of the last EvaluationPeriods is judged by itself; DatapointsToAlarm of them make an alarm, and an alarm ends by time alone.
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarm-evaluation
- A period without data is breaching, notBreaching, left out (missing), or leaves the state as it is (ignore).
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-and-missing-data
- Of metric math, sums are evaluated: `m0 + m1` and `FILL(m0, 0) + FILL(m1, 0)`; and a metric against a band of anomaly detection
  (anomaly_bands.py). Whatever else stays INSUFFICIENT_DATA.

Periods are counted back from now, not from the full minute. Alarms are looked at when metrics come in and when somebody reads alarms.
"""

import re
import time
from collections import defaultdict
from collections.abc import Callable

from ministack.services import cloudwatch

import anomaly_bands
from replacement import replaces

SUM = re.compile(r"(?:FILL\(\w+, ?\d+\)|\w+)(?: ?\+ ?(?:FILL\(\w+, ?\d+\)|\w+))*")
TERM = re.compile(r"FILL\((?P<filled>\w+), ?(?P<fill>\d+)\)|(?P<plain>\w+)")
COMPARES = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
}


def values(metric: dict, statistic: str, period: int, periods: int, now: float) -> list[float | None]:
    """The statistic of each period, the latest first; None where there is no data."""
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(metric.get("Dimensions") or []))
    points = cloudwatch._metrics.get((metric["Namespace"], metric["MetricName"], dimensions)) or []
    within = defaultdict(list)
    for point in points:
        within[int((now - point["Timestamp"]) // period)].append(point)
    found = [within.get(back) for back in range(periods)]
    return [each and cloudwatch._stat_value(cloudwatch._calc_stats(each), statistic, each) for each in found]


def sums(alarm: dict, periods: int, now: float) -> tuple[int, list[float | None]] | None:
    """The period and the values of a sum of metrics, or None if the alarm watches something else."""
    queries = {query["Id"]: query for query in alarm["Metrics"]}
    watched = [query for query in queries.values() if query.get("ReturnData", True) not in (False, "false")]
    expression = watched[0].get("Expression", "") if len(watched) == 1 else ""
    if not SUM.fullmatch(expression):
        return None
    period, terms = 0, []
    for match in TERM.finditer(expression):
        stat = queries[match["filled"] or match["plain"]]["MetricStat"]
        period = int(stat["Period"])
        found = values(stat["Metric"], stat["Stat"], period, periods, now)
        terms.append([float(match["fill"]) if value is None and match["filled"] else value for value in found])
    return period, [None if None in each else sum(each) for each in zip(*terms)]


def state_of(alarm: dict, found: list[float | None], breaches: Callable[[float], bool]) -> str:
    treat = alarm.get("TreatMissingData", "missing")
    judged = [breaches(value) for value in found if value is not None]
    if not judged and treat == "ignore":
        return alarm["StateValue"]
    if not judged and treat == "missing":
        return "INSUFFICIENT_DATA"
    if treat == "breaching":
        judged += [True] * found.count(None)
    return "ALARM" if sum(judged) >= int(alarm.get("DatapointsToAlarm") or len(found)) else "OK"


def judged_by_band(alarm: dict, periods: int, now: float) -> tuple[str, str] | None:
    """The state and the reason for it, or None if the alarm watches something else."""
    watched = anomaly_bands.watched(alarm)
    if watched is None:
        return None
    stat, deviations = watched
    period = int(stat["Period"])
    found = values(stat["Metric"], stat["Stat"], period, periods + anomaly_bands.TWO_WEEKS // period, now)
    history = [value for value in found[periods:] if value is not None]
    band = anomaly_bands.band(history, deviations)
    if band is None:
        return "INSUFFICIENT_DATA", f"Insufficient Data: {len(history)} periods are too few for a band"
    side, breaches = anomaly_bands.SIDES[alarm["ComparisonOperator"]]
    state = state_of(alarm, found[:periods], lambda value: breaches(value, *band))
    crossed = side if state == "ALARM" else f"not {side}"
    return state, f"Thresholds Crossed: {found[:periods]} {crossed} the band {band[0]:.2f} to {band[1]:.2f}"


def judged_by_threshold(alarm: dict, periods: int, now: float) -> tuple[str, str] | None:
    """The state and the reason for it, or None if the alarm watches something else."""
    operator, threshold = alarm.get("ComparisonOperator"), alarm["Threshold"]
    if alarm.get("Metrics"):
        summed = sums(alarm, periods, now)
        if summed is None:
            return None
        _, found = summed
    elif alarm.get("MetricName") and operator in COMPARES:
        statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic", "Average")
        found = values(alarm, statistic, int(alarm.get("Period", 60)), periods, now)
    else:
        return None
    state = state_of(alarm, found, lambda value: COMPARES[operator](value, threshold))
    return state, f"Threshold Crossed: {found} {operator} {threshold}"


@replaces(cloudwatch, "_evaluate_alarm", "a0b0acd3d432")
def evaluate_alarm(alarm: dict) -> None:
    now, periods = time.time(), int(alarm.get("EvaluationPeriods", 1))
    judge = judged_by_band if alarm.get("ThresholdMetricId") else judged_by_threshold
    judged = judge(alarm, periods, now)
    if judged is None or judged[0] == alarm["StateValue"]:
        return
    old, (new, reason) = alarm["StateValue"], judged
    alarm.update(StateValue=new, StateReason=reason, StateUpdatedTimestamp=int(now))
    cloudwatch._record_history(alarm["AlarmName"], old, new, reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, new, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


_describe_alarms = cloudwatch._describe_alarms


@replaces(cloudwatch, "_describe_alarms", "ab8f092ff9ae")
def describe_alarms(params, cbor_data, is_cbor, is_json=False):
    cloudwatch._evaluate_all_alarms()
    return _describe_alarms(params, cbor_data, is_cbor, is_json)
