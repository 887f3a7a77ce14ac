"""Step Functions: starting, waiting and stopping as AWS does it.

- StartExecution with the name and input of a running execution gives that execution back; another input, or an
  execution that has ended, is ExecutionAlreadyExists.
  https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
- StopExecution ends the flow at once, whatever it waits for. MiniStack lets the thread run on and call the next task.
  https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
- A Wait state waits until an absolute RFC 3339 instant; a value that is none fails the execution. MiniStack does not
  wait then. https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
- A path that finds nothing fails the execution: in Parameters and as a Choice rule's Variable (IsPresent aside).
  MiniStack carries on with null. https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

import re
import threading
import time
from contextvars import ContextVar
from datetime import datetime

from ministack.core.responses import json_response
from ministack.services import stepfunctions as sf

from replacement import replaces

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
LONGEST_NAP_SECONDS = 15  # a machine that slept looks at the clock again this soon after waking


class Stopped(BaseException):
    """Unwinds a stopped execution; no Exception, so that neither Retry, Catch nor MiniStack's handlers see it."""


class Flow:
    """What one running execution waits for, so that stopping it can end every wait."""

    def __init__(self, execution_arn: str = "") -> None:
        self.execution_arn = execution_arn
        self.is_stopped = False
        self._waits: set[threading.Event] = set()
        self._lock = threading.Lock()

    def check(self) -> None:
        if self.is_stopped:
            raise Stopped

    def wait_until(self, instant: float, event: threading.Event | None = None) -> None:
        """Returns at `instant` (seconds since 1970) or once `event` is set; raises Stopped when the flow is stopped."""
        event = event or threading.Event()
        with self._lock:
            self._waits.add(event)
        try:
            while not self.is_stopped and not event.is_set() and time.time() < instant:
                event.wait(min(max(instant - time.time(), 0.001), LONGEST_NAP_SECONDS))
        finally:
            with self._lock:
                self._waits.discard(event)
        self.check()

    def stop(self) -> None:
        with self._lock:
            self.is_stopped = True
            for event in self._waits:
                event.set()


_flows: dict[str, Flow] = {}
_current_flow: ContextVar[Flow] = ContextVar("current_flow")


def current_flow() -> Flow:
    return _current_flow.get(None) or Flow()


def required_value(path: str, data: object, ctx: dict) -> object:
    """What a reference path finds in the state's input or, from `$$`, the context; nothing fails the execution."""
    source, own_path = (ctx, path[1:]) if path.startswith("$$") else (data, path)
    if not _finds_something(own_path, source):
        raise sf._ExecutionError("States.Runtime", f"The JSONPath '{path}' could not be found in the input")
    return sf._resolve_path(own_path, source)


def _finds_something(path: str, data: object) -> bool:
    tokens = sf._parse_jsonpath_tokens(path)
    if tokens is None or any(kind == "wildcard" for kind, _ in tokens):
        return True
    for kind, key in tokens:
        if kind == "field" and isinstance(data, dict) and key in data:
            data = data[key]
        elif kind == "index" and isinstance(data, list) and key < len(data):
            data = data[key]
        else:
            return False
    return True


_start_execution = sf._start_execution
_stop_execution = sf._stop_execution
_run_execution = sf._run_execution
_fail_execution = sf._fail_execution
_evaluate_rule = sf._evaluate_rule
_resolve_params_obj = sf._resolve_params_obj


@replaces(sf, "_start_execution", "9923282fc76c")
def start_execution(data: dict) -> tuple:
    state_machine = sf._state_machines.get(sf._resolve_state_machine_arn(data.get("stateMachineArn", "")))
    if state_machine is not None and data.get("name"):
        arn = state_machine["stateMachineArn"].replace(":stateMachine:", ":execution:") + f":{data['name']}"
        running = sf._executions.get(arn)
        if running and running["status"] == "RUNNING" and running["input"] == data.get("input", "{}"):
            return json_response({"executionArn": arn, "startDate": running["startDate"]})
    return _start_execution(data)


@replaces(sf, "_run_execution", "996dff84e0e0")
def run_execution(arn: str) -> None:
    flow = _flows[arn] = Flow(arn)
    _current_flow.set(flow)
    try:
        _run_execution(arn)
    except Stopped:
        pass
    finally:
        _flows.pop(arn, None)


@replaces(sf, "_stop_execution", "44d2d84ccd5c")
def stop_execution(data: dict) -> tuple:
    response = _stop_execution(data)
    flow = _flows.get(data.get("executionArn", ""))
    if flow is not None and sf._executions[data["executionArn"]]["status"] != "RUNNING":
        flow.stop()
    return response


@replaces(sf, "_fail_execution", "e6da895fa0b7")
def fail_execution(execution: dict, error: str, cause: str) -> None:
    """A task that fails after its execution was stopped does not turn ABORTED into FAILED."""
    if execution["status"] == "RUNNING":
        _fail_execution(execution, error, cause)


@replaces(sf, "_scaled_sleep", "5ed19df2efa9")
def scaled_sleep(seconds: float) -> None:
    current_flow().wait_until(time.time() + seconds * sf._SFN_WAIT_SCALE)


@replaces(sf, "_sleep_until", "2738e0a4030c")
def sleep_until(timestamp: object) -> None:
    if not isinstance(timestamp, str) or not RFC_3339.fullmatch(timestamp):
        raise sf._ExecutionError("States.Runtime", f"Wait: {timestamp!r} is not an RFC 3339 timestamp")
    try:
        instant = datetime.fromisoformat(timestamp.replace("Z", "+00:00")).timestamp()
    except ValueError as error:
        raise sf._ExecutionError("States.Runtime", f"Wait: {timestamp!r} is not a valid instant: {error}") from None
    current_flow().wait_until(time.time() + (instant - time.time()) * sf._SFN_WAIT_SCALE)


_execute_wait = sf._execute_wait


@replaces(sf, "_execute_wait", "a1012679c72d")
def execute_wait(state: dict, raw_input: object, ctx: dict) -> tuple:
    """Resolves SecondsPath and TimestampPath, which must find something, and leaves the rest to MiniStack."""
    state_input = sf._apply_input_path(state, raw_input, ctx)
    if "TimestampPath" in state:
        state = {**state, "Timestamp": required_value(state["TimestampPath"], state_input, ctx)}
    if "SecondsPath" in state:
        seconds = required_value(state["SecondsPath"], state_input, ctx)
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or seconds < 0:
            raise sf._ExecutionError("States.Runtime", f"Wait: {seconds!r} is not a number of seconds")
        state = {**state, "Seconds": seconds}
    return _execute_wait(state, raw_input, ctx)


@replaces(sf, "_evaluate_rule", "728e6547c8ca")
def evaluate_rule(rule: dict, data: object, ctx: dict | None = None) -> bool:
    if "Variable" in rule and "IsPresent" not in rule:
        required_value(rule["Variable"], data, ctx or {})
    return _evaluate_rule(rule, data, ctx)


@replaces(sf, "_resolve_params_obj", "d41c2e27dd1b")
def resolve_params_obj(template: object, data: object, ctx: dict | None = None) -> object:
    if isinstance(template, dict):
        for key, path in template.items():
            if key.endswith(".$") and isinstance(path, str) and path.startswith("$"):
                required_value(path, data, ctx or {})
    return _resolve_params_obj(template, data, ctx)
