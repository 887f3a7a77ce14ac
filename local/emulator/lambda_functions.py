"""Lambda: a failing function says why, keeps its warm process, and a burst of invocations queues.

- A thrown error reaches the caller as {errorType: error.name, errorMessage, trace} and the execution environment
  lives on. MiniStack reports `Runtime.HandlerError` and kills the process, so that the next invocation starts cold.
  https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
- A process that ends within an invocation is `Runtime.ExitError`.
  https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
- Concurrent invocations each have an execution environment, up to the account's limit of 1,000. This machine has room
  for a few processes per function; further invocations wait for one instead of being throttled.
  https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html
- Invocations follow each other at once; MiniStack waits 50 ms after each for a log that may come.
- The workflow sees an invocation there was no room for as Lambda.TooManyRequestsException; MiniStack as an unknown error.
  https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
- A function's session belongs to its role: `aws:userid` is the role's id (AROA...) and the session's name. MiniStack
  has the role's name there.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
"""

import collections
import queue
import sys
import threading

from ministack.core import lambda_runtime
from ministack.services import iam, lambda_svc, sts

from replacement import replaces

WORKERS_PER_FUNCTION = 4
# A function that invokes itself holds a worker its own invocation waits for: after this it gets one beyond the limit.
LONGEST_QUEUE_SECONDS = 60
LONGEST_LOG_SECONDS = 0.25  # of a process that died before it ended its log
EXITED = ("Worker process died", "Worker returned no response")

FAILURES_IN_WORKER = {
    """_realStdoutWrite(JSON.stringify({
            status: "error", error: String(err.message || err), trace: err.stack || ""
          }) + "\\n");""": "err",
    """_realStdoutWrite(JSON.stringify({
        status: "error", error: e.message, trace: e.stack
      }) + "\\n");""": "e",
}
# The status is "ok" for MiniStack, which would kill the process otherwise; what failed travels beside it.
FAILURE = (
    "_realStdoutWrite(JSON.stringify({ status: 'ok', failure: %(error)s instanceof Error"
    " ? { errorType: %(error)s.name, errorMessage: %(error)s.message, trace: String(%(error)s.stack).split('\\n') }"
    " : { errorType: typeof %(error)s, errorMessage: String(%(error)s), trace: [] } }) + '\\n');"
)

# Written to the log before the answer, so that nobody has to wait and see whether more log follows.
END_OF_LOG = "\0end of log"
SUCCESS = """_realStdoutWrite(JSON.stringify({ status: "ok", result: res }) + "\\n");"""
WRITE_END_OF_LOG = f"_stderrWrite('\\u0000{END_OF_LOG[1:]}\\n');"


def change_worker(old: str, new: str) -> None:
    """Replaces a piece of MiniStack's Node.js worker, which must be there once."""
    if lambda_runtime._NODEJS_WORKER_SCRIPT.count(old) != 1:
        sys.exit(f"The emulator does not start: MiniStack's Node.js worker is not the one this piece changes: {old}")
    lambda_runtime._NODEJS_WORKER_SCRIPT = lambda_runtime._NODEJS_WORKER_SCRIPT.replace(old, new)


change_worker(SUCCESS, WRITE_END_OF_LOG + SUCCESS)
for reported, error in FAILURES_IN_WORKER.items():
    change_worker(reported, WRITE_END_OF_LOG + FAILURE % {"error": error})

_places: dict[str, threading.Semaphore] = collections.defaultdict(lambda: threading.Semaphore(WORKERS_PER_FUNCTION))


@replaces(lambda_svc, "_execute_function_warm", "62b9218bef5b")
def execute_function_warm(func: dict, event: object, request_id: str) -> dict:
    """Runs one invocation in a warm process of the function, waiting for a free one."""
    config = func.get("config") or func
    code_zip = func.get("code_zip")
    if not code_zip:
        return failed("Runtime.ExitError", "The function has no code")
    name, qualifier = config["FunctionName"], config.get("Version", "$LATEST")
    lambda_svc._ensure_reaper_thread()
    place = _places[lambda_runtime._worker_key(name, config, qualifier)]
    has_place = place.acquire(timeout=LONGEST_QUEUE_SECONDS)
    worker, _ = lambda_runtime.acquire_worker(name, config, code_zip, qualifier=qualifier)
    try:
        result = worker.invoke(
            event,
            request_id,
            trace_id=lambda_svc._xray_trace_id_for_invocation(config),
            invoked_function_arn=config.get("FunctionArn", ""),
            depth=lambda_svc._invoke_depth.get(),
            durable=lambda_svc._durable_env_overlay(),
        )
    except RuntimeError as error:  # the process could not be started: the bundle does not load
        return failed("Runtime.ImportModuleError", str(error))
    finally:
        lambda_runtime.release_worker(worker)
        if has_place:
            place.release()

    log = result.get("log", "")
    if "failure" in result:
        failure = result["failure"]
        return {"body": failure, "error": True, "log": "\n".join(filter(None, [log, *failure["trace"]]))}
    if result.get("status") == "ok":
        return {"body": result.get("result"), "log": log}
    message = result.get("error", "Unknown error")
    if lambda_svc._RIE_TIMEOUT_TEXT_RE.fullmatch(message):
        return failed("Sandbox.Timedout", message, log)
    return failed("Runtime.ExitError" if message in EXITED else "Runtime.Unknown", message, log)


def failed(error_type: str, message: str, log: str = "") -> dict:
    return {"body": {"errorType": error_type, "errorMessage": message}, "error": True, "log": log}


_throttle_response = lambda_svc._throttle_response


@replaces(lambda_svc, "_throttle_response", "647221d5b077")
def throttle_response(reason_code: str, msg: str, retry_after: int = 1) -> dict:
    response = _throttle_response(reason_code, msg, retry_after)
    named = {"errorType": "Lambda.TooManyRequestsException", "errorMessage": msg}
    return {**response, "body": {**response["body"], **named}}


_drain_stderr_bounded = lambda_runtime.Worker._drain_stderr_bounded


@replaces(lambda_runtime.Worker, "_drain_stderr_bounded", "6e91475bafda")
def drain_stderr_bounded(worker: lambda_runtime.Worker) -> str:
    """The log of the invocation that just ended."""
    if not worker.config.get("Runtime", "").startswith("nodejs"):
        return _drain_stderr_bounded(worker)
    lines: list[str] = []
    try:
        while (line := worker._stderr_queue.get(timeout=LONGEST_LOG_SECONDS)) != END_OF_LOG:
            lines.append(line)
    except queue.Empty:
        pass
    return "\n".join(lines)


_execution_credentials = lambda_runtime.execution_credentials


@replaces(lambda_runtime, "execution_credentials", "cffaadc4f396")
def execution_credentials(config: dict) -> dict[str, str]:
    credentials = _execution_credentials(config)
    session = sts._sessions[credentials["AWS_ACCESS_KEY_ID"]]
    role = iam._roles.get(config.get("Role", "").rsplit("/", 1)[-1])
    if role is not None:
        session["UserId"] = f"{role['RoleId']}:{session['Arn'].rsplit('/', 1)[-1]}"
    return credentials
