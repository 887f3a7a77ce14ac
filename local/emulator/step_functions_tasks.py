"""Step Functions: tasks time out, retry and take answers as AWS does it.

- TimeoutSecondsPath and HeartbeatSecondsPath take the limit from the state's input; HeartbeatSeconds counts for
  callback tasks. MiniStack ignores all three. https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
- A TaskScheduled event has the parameters of the task, and with them the token of a callback; MiniStack leaves them out.
  https://docs.aws.amazon.com/step-functions/latest/apireference/API_TaskScheduledEventDetails.html
- A `.waitForTaskToken` task whose integration fails (a Lambda function that throws) fails; MiniStack goes on waiting.
  Every attempt has its own task token. https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
- A token is answered once and in time, everything later is TaskTimedOut; one that was never issued is InvalidToken.
  https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html
- Retry waits IntervalSeconds x BackoffRate^n, at most MaxDelaySeconds, and with JitterStrategy FULL a random part of
  it; States.ALL does not cover States.Runtime and States.DataLimitExceeded, States.TaskFailed not States.Timeout.
  https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

import base64
import json
import random
import secrets
import threading
import time
from collections.abc import Callable
from datetime import datetime

from ministack.core.responses import error_response_json
from ministack.services import stepfunctions as sf

from replacement import replaces
from step_functions_flow import current_flow, required_value

CALLBACK = ".waitForTaskToken"
TOKEN_BYTES = 480  # a token of AWS is hundreds of characters long, with + and / in it
NEVER = float("inf")

_ended_tokens: set[str] = set()


@replaces(sf, "_error_matches", "519b9dc729c5")
def error_matches(error_equals: list[str], error: str) -> bool:
    if error in error_equals or (error == "States.HeartbeatTimeout" and "States.Timeout" in error_equals):
        return True
    if "States.ALL" in error_equals:
        return error not in ("States.Runtime", "States.DataLimitExceeded")
    return "States.TaskFailed" in error_equals and error not in (
        "States.Timeout", "States.HeartbeatTimeout", "States.Runtime", "States.DataLimitExceeded")


def retry_delay_seconds(retrier: dict, retries_so_far: int) -> float:
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** retries_so_far
    delay = min(delay, retrier.get("MaxDelaySeconds", NEVER))
    return random.uniform(0, delay) if retrier.get("JitterStrategy") == "FULL" else delay


@replaces(sf, "_with_retry_and_catch", "b351699db7b3")
def with_retry_and_catch(state: dict, raw_input: object, ctx: dict, attempt: Callable[[], tuple]) -> tuple:
    """Runs an attempt of a Task, Parallel or Map state under the state's Retry and Catch."""
    entered = ctx["State"]
    retries: dict[int, int] = {}
    while True:
        ctx["State"] = {**entered, "RetryCount": sum(retries.values())}
        current_flow().check()
        try:
            return attempt()
        except sf._ExecutionError as error:
            retrier, index = sf._find_matching_retrier(state.get("Retry", []), error.error, retries)
            if retrier is not None:
                sf._scaled_sleep(retry_delay_seconds(retrier, retries.get(index, 0)))
                retries[index] = retries.get(index, 0) + 1
                continue
            catcher = sf._find_matching_catcher(state.get("Catch", []), error.error)
            if catcher is None:
                raise
            caught = {"Error": error.error, "Cause": error.cause}
            language = sf._state_query_language(state, ctx)
            return sf._apply_catcher(catcher, raw_input, ctx, language, caught), catcher["Next"]


@replaces(sf, "_execute_task", "53c818d247db")
def execute_task(state: dict, raw_input: object, execution: dict, ctx: dict) -> tuple:
    return with_retry_and_catch(state, raw_input, ctx, lambda: attempt_task(state, raw_input, execution, ctx))


def attempt_task(state: dict, raw_input: object, execution: dict, ctx: dict) -> tuple:
    """One attempt: resolves arguments and limits, calls the resource, shapes the result."""
    resource = state.get("Resource", "")
    is_jsonata = sf._state_query_language(state, ctx) == "JSONata"
    ctx = {**ctx, "Task": {"Token": base64.b64encode(secrets.token_bytes(TOKEN_BYTES)).decode()}}
    if is_jsonata:
        state_input, arguments = raw_input, sf._apply_jsonata_arguments(state, raw_input, ctx)
    else:
        state_input = sf._apply_input_path(state, raw_input, ctx)
        arguments = sf._apply_parameters(state, state_input, ctx)
    limits = {field: limit_seconds(field, state, state_input, ctx) for field in ("TimeoutSeconds", "HeartbeatSeconds")}

    resource_type = "lambda" if "lambda" in resource else "states"
    sf._add_event(execution, "TaskScheduled", {
        "taskScheduledEventDetails": {
            "resourceType": resource_type, "resource": resource, "parameters": json.dumps(arguments)}})
    try:
        if CALLBACK in resource:
            result = sf._invoke_with_callback(resource, arguments, ctx["Task"]["Token"], limits)
        elif limits["TimeoutSeconds"] != NEVER and ":activity:" not in resource:
            result = sf._invoke_resource_with_timeout(resource, arguments, limits["TimeoutSeconds"])
        else:
            result = sf._invoke_resource(resource, arguments)
    except sf._ExecutionError as error:
        sf._add_event(execution, "TaskFailed", {
            "taskFailedEventDetails": {"error": error.error, "cause": error.cause, "resource": resource}})
        raise
    current_flow().check()
    sf._add_event(execution, "TaskSucceeded", {
        "taskSucceededEventDetails": {"output": json.dumps(result), "resource": resource}})

    if is_jsonata:
        output = sf._apply_jsonata_output(state, raw_input, ctx, result=result, default=result)
        sf._apply_state_assign(state, raw_input, ctx, result=result)
    else:
        selected = sf._apply_result_selector(state, result)
        output = sf._apply_output_path(state, sf._apply_result_path(state, raw_input, selected), ctx)
    return output, sf._next_or_end(state)


def limit_seconds(field: str, state: dict, state_input: object, ctx: dict) -> float:
    """TimeoutSeconds or HeartbeatSeconds of a state, given as a number, by path or as a JSONata expression."""
    if f"{field}Path" in state:
        limit = required_value(state[f"{field}Path"], state_input, ctx)
    else:
        limit = state.get(field, NEVER)
        if isinstance(limit, str):
            limit = sf._apply_jsonata_template(limit, state_input, ctx)
    if isinstance(limit, bool) or not isinstance(limit, (int, float)) or limit <= 0:
        raise sf._ExecutionError("States.Runtime", f"{field} must be a positive number, but is {limit!r}")
    return limit


@replaces(sf, "_invoke_with_callback", "bbb38423156a")
def invoke_with_callback(resource: str, arguments: dict, token: str, limits: dict) -> object:
    """Calls the integration, then waits for the token's answer as long as timeout and heartbeat allow."""
    started_at = time.time()
    answered = threading.Event()
    task = sf._task_tokens[token] = {
        "event": answered, "result": None, "error": None, "heartbeat": None, "executionArn": current_flow().execution_arn}
    try:
        try:
            sf._invoke_resource(resource.replace(CALLBACK, ""), arguments)
        except sf._ExecutionError:
            if not answered.is_set():
                raise
        while not answered.is_set():
            beat_at = max(started_at, seconds_since_1970(task["heartbeat"]))
            due_at, error = min(
                (started_at + limits["TimeoutSeconds"], "States.Timeout"),
                (beat_at + limits["HeartbeatSeconds"], "States.HeartbeatTimeout"))
            if time.time() >= due_at:
                raise sf._ExecutionError(error, "The task was not answered in time")
            current_flow().wait_until(due_at, answered)
    finally:
        sf._task_tokens.pop(token, None)
        _ended_tokens.add(token)
    if task["error"]:
        raise sf._ExecutionError(task["error"]["Error"], task["error"]["Cause"])
    return json.loads(task["result"])


def seconds_since_1970(timestamp: str | None) -> float:
    return datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp() if timestamp else 0


def refusal_of_answer(token: str) -> tuple | None:
    task = sf._task_tokens.get(token)
    if token in _ended_tokens or (task is not None and task["event"].is_set()):
        return error_response_json("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'", 400)
    if task is None:
        return error_response_json("InvalidToken", "Invalid Token: 'Invalid token'", 400)
    return None


_send_task_success = sf._send_task_success
_send_task_failure = sf._send_task_failure
_send_task_heartbeat = sf._send_task_heartbeat


@replaces(sf, "_send_task_success", "12eff48bce57")
def send_task_success(data: dict) -> tuple:
    try:
        json.loads(data.get("output", ""))
    except ValueError:
        return error_response_json("InvalidOutput", "Invalid Output: 'Output is not valid JSON'", 400)
    return refusal_of_answer(data.get("taskToken", "")) or _send_task_success(data)


@replaces(sf, "_send_task_failure", "c2a489b4ed33")
def send_task_failure(data: dict) -> tuple:
    return refusal_of_answer(data.get("taskToken", "")) or _send_task_failure(data)


@replaces(sf, "_send_task_heartbeat", "56879a4655d1")
def send_task_heartbeat(data: dict) -> tuple:
    return refusal_of_answer(data.get("taskToken", "")) or _send_task_heartbeat(data)
