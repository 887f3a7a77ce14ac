"""CloudWatch: what AWS says of its services, as far as an alarm of Lapse listens to it. MiniStack says only what became of
Lambda functions that somebody waits for.

- Every run of a function counts, also one of a schedule, a workflow or a stream; of a stream with the age of its last record.
  https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
- A queue tells how many messages are visible: AWS once a minute, this whenever alarms are looked at.
  https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
- An execution counts under its state machine by how it ended.
  https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
- A call of a REST API counts under the API's name, with its faults and its latency.
  https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
"""

import time

from ministack.services import apigateway_v1, cloudwatch, lambda_svc, sqs, stepfunctions

from replacement import replaces

ENDS = {"SUCCEEDED": "Succeeded", "FAILED": "Failed", "TIMED_OUT": "TimedOut", "ABORTED": "Aborted"}

_execute_function_dispatch = lambda_svc._execute_function_dispatch
_emit_lambda_metrics = lambda_svc._emit_lambda_metrics
_emit_execution_status_event = stepfunctions._emit_execution_status_event
_handle_execute_in_scope = apigateway_v1._handle_execute_in_scope
_evaluate_all_alarms = cloudwatch._evaluate_all_alarms


@replaces(lambda_svc, "_execute_function_dispatch", "f62cd259213e")
def execute_function_dispatch(func: dict, config: dict, event: object, request_id: str, started: float) -> dict:
    records = event.get("Records") if isinstance(event, dict) else None
    if records and isinstance(records[-1], dict) and "ApproximateCreationDateTime" in records[-1].get("dynamodb", {}):
        age = started - float(records[-1]["dynamodb"]["ApproximateCreationDateTime"])
        name = {"FunctionName": config["FunctionName"]}
        cloudwatch.record_metric("AWS/Lambda", "IteratorAge", age * 1000, "Milliseconds", name)
    result = _execute_function_dispatch(func, config, event, request_id, started)
    _emit_lambda_metrics(config["FunctionName"], (time.time() - started) * 1000, bool(result.get("error")), False)
    return result


@replaces(lambda_svc, "_emit_lambda_metrics", "3b6689d77cf6")
def emit_lambda_metrics(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:
    """Only of a run that found no place, once: MiniStack tells of it where that happens, without a duration, and where it answers."""
    if throttle and duration_ms == 0:
        _emit_lambda_metrics(function_name, 0, False, True)


@replaces(stepfunctions, "_emit_execution_status_event", "9c89e45693e3")
def emit_execution_status_event(execution: dict) -> None:
    end = ENDS.get(execution["status"], "Started")
    machine = {"StateMachineArn": execution["stateMachineArn"]}
    cloudwatch.record_metric("AWS/States", f"Executions{end}", 1, "Count", machine)
    _emit_execution_status_event(execution)


@replaces(apigateway_v1, "_handle_execute_in_scope", "60ed5805557f")
async def handle_execute_in_scope(api_id: str, *call: object) -> tuple:
    started = time.time()
    response = await _handle_execute_in_scope(api_id, *call)
    api = {"ApiName": apigateway_v1._rest_apis.get(api_id, {}).get("name", api_id)}
    values = {"Count": 1, "4XXError": 400 <= response[0] < 500, "5XXError": response[0] >= 500}
    for metric, value in values.items():
        cloudwatch.record_metric("AWS/ApiGateway", metric, value, "Count", api)
    cloudwatch.record_metric("AWS/ApiGateway", "Latency", (time.time() - started) * 1000, "Milliseconds", api)
    return response


@replaces(cloudwatch, "_evaluate_all_alarms", "f83f88e57f1c")
def evaluate_all_alarms() -> None:
    for queue in sqs._queues.values():
        sqs._refresh_counts(queue)
        visible = float(queue["attributes"]["ApproximateNumberOfMessages"])
        name = {"QueueName": queue["name"]}
        cloudwatch.record_metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", visible, "Count", name)
    _evaluate_all_alarms()
