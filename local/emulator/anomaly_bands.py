"""CloudWatch anomaly detection: the band that an alarm with a ThresholdMetricId compares its metric with. MiniStack has none.

- `ANOMALY_DETECTION_BAND(m, n)` is n deviations wide on either side of what is expected of the metric `m` of the alarm.
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
- An alarm rings above it, below it or on either side.
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
- It is trained on up to two weeks of the metric, which is also how far back PutMetricData takes a value. Before that the model is
  TRAINED_INSUFFICIENT_DATA, and the alarm has nothing to compare with.
  https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html

Simpler than AWS, whose model is trained on trends, hours of the day and days of the week, and whose formula is not published: here
the band is the mean, plus and minus n standard deviations, of the periods that have data in the two weeks before the judged ones.
A period without data teaches nothing; it is not zero. Fewer periods than FEWEST_PERIODS make no band; AWS does not say how few are
too few. A band over metric math is not evaluated, and no AnomalyDetector can be made that leaves times out.
"""

import re
from collections.abc import Callable
from statistics import fmean, pstdev

TWO_WEEKS = 14 * 24 * 3600
"""In seconds."""
FEWEST_PERIODS = 24

BAND = re.compile(r"ANOMALY_DETECTION_BAND\((?P<metric>\w+), ?(?P<deviations>\d+(?:\.\d+)?)\)")

Side = tuple[str, Callable[[float, float, float], bool]]
SIDES: dict[str, Side] = {
    "GreaterThanUpperThreshold": ("above", lambda value, _, upper: value > upper),
    "LessThanLowerThreshold": ("below", lambda value, lower, _: value < lower),
    "LessThanLowerOrGreaterThanUpperThreshold": ("outside", lambda value, lower, upper: not lower <= value <= upper),
}


def watched(alarm: dict) -> tuple[dict, float] | None:
    """The MetricStat that is compared with a band, and the deviations of the band; None if the alarm watches something else."""
    queries = {query["Id"]: query for query in alarm["Metrics"]}
    match = BAND.fullmatch(queries.get(alarm["ThresholdMetricId"], {}).get("Expression", ""))
    stat = queries.get(match["metric"], {}).get("MetricStat") if match else None
    return (stat, float(match["deviations"])) if stat else None


def band(history: list[float], deviations: float) -> tuple[float, float] | None:
    """The lower and the upper threshold, or None if too little is known."""
    if len(history) < FEWEST_PERIODS:
        return None
    expected, width = fmean(history), deviations * pstdev(history)
    return expected - width, expected + width
