"""CloudTrail: events say who called and whether the call failed; LookupEvents finds them by that name, in pages.

- `Username` is the user's name, for a role the session's name; `userIdentity` has type, principalId, arn and, for a
  role, its issuer. MiniStack has the access key's id everywhere.
  https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
- A refused or failed call is an event with errorCode and errorMessage. MiniStack does not record what it refuses.
  https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
- LookupEvents knows management events only, and pages with NextToken. MiniStack records reads and writes of objects
  and items too, and ends after 50. Those go to the files of trails (cloudtrail_files.py).
  https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
"""

import json
import re
from contextvars import ContextVar
from itertools import islice

import ministack.app
from ministack.core import iam_evaluator
from ministack.core.iam_actions import extract_iam_action
from ministack.core.router import detect_service, extract_region
from ministack.services import cloudtrail, iam

import cloudtrail_files
from replacement import replaces

DATA_EVENTS = re.compile(
    r"(s3:(Get|Put|Delete|Head|Copy)Object.*|s3:(Create|Complete|Abort)MultipartUpload|s3:UploadPart.*"
    r"|dynamodb:((Batch)?(Get|Put|Update|Delete|Write)Item|(Batch|Transact)(Get|Write)Items?|Query|Scan)"
    r"|lambda:Invoke.*|sns:Publish.*|sqs:(Send|Receive|Delete|ChangeMessage).*|ses:Send.*|monitoring:PutMetricData)")
PAGE_SIZE = 50

_events: ContextVar[list[dict]] = ContextVar("events_of_this_request")
_data_events: ContextVar[list[dict]] = ContextVar("data_events_of_this_request")
_operation: ContextVar[str | None] = ContextVar("operation_of_this_request", default=None)

_record_event = cloudtrail.record_event
_maybe_record_cloudtrail = ministack.app._maybe_record_cloudtrail
_dispatch_service_request = ministack.app._dispatch_service_request


def user_identity(access_key_id: str) -> tuple[str, dict]:
    """The name CloudTrail files a caller under, and the event's userIdentity."""
    caller = iam_evaluator.resolve_credential(access_key_id)
    if isinstance(caller, iam_evaluator.CredentialResolutionError):
        return "", {"type": "Unknown", "accessKeyId": access_key_id}
    identity = {
        "type": {"User": "IAMUser"}.get(caller.principal_type, caller.principal_type),
        "principalId": caller.principal_id,
        "arn": caller.principal_arn,
        "accountId": caller.account_id,
        "accessKeyId": access_key_id,
    }
    if caller.principal_type == "User":
        return caller.principal_name, {**identity, "userName": caller.principal_name}
    if caller.principal_type != "AssumedRole":
        return "root", identity
    _, role_name, session_name = caller.principal_arn.split("/", 2)
    role = iam._roles.get(role_name) or {}
    issuer = {
        "type": "Role",
        "principalId": role.get("RoleId"),
        "arn": role.get("Arn"),
        "accountId": caller.account_id,
        "userName": role_name,
    }
    return session_name, {**identity, "sessionContext": {"sessionIssuer": issuer}}


@replaces(cloudtrail, "record_event", "44dc163077a6")
def record_event(**call: object) -> None:
    """Lets MiniStack write the event, then names the caller in it; the outcome follows when the request has one."""
    queue = cloudtrail._get_event_queue()
    call["event_name"] = _operation.get() or call["event_name"]
    is_data_event = bool(DATA_EVENTS.fullmatch(f"{call['service']}:{call['event_name']}"))
    _record_event(**call)
    event = queue.pop() if is_data_event else queue[-1]
    username, identity = user_identity(str(call["access_key_id"]))
    event["Username"] = username
    event["CloudTrailEvent"] = json.dumps({**json.loads(event["CloudTrailEvent"]), "userIdentity": identity})
    (_data_events if is_data_event else _events).get([]).append(event)


@replaces(ministack.app, "_maybe_record_cloudtrail", "9bad8a7596f9")
def maybe_record_cloudtrail(
    service: str, method: str, path: str, headers: dict, body: bytes, query_params: dict, request_id: str, region: str,
) -> None:
    """Names the operation as IAM does; MiniStack finds it neither in the body of the Query protocol nor in a REST path."""
    params = ministack.app._routing_params(method, path, headers, body, query_params)
    action = extract_iam_action(service, method, path, headers, body, params)
    _operation.set(action.split(":", 1)[1] if action else None)
    _maybe_record_cloudtrail(service, method, path, headers, body, params, request_id, region)


@replaces(ministack.app, "_dispatch_service_request", "17e5ef6dcfa0")
async def dispatch_service_request(
    method: str, path: str, headers: dict, body: bytes, query_params: dict, request_id: str,
) -> tuple:
    events: list[dict] = []
    data_events: list[dict] = []
    _events.set(events)
    _data_events.set(data_events)
    request = (method, path, headers, body, query_params, request_id)
    status, response_headers, response_body = await _dispatch_service_request(*request)
    if status >= 400:
        if not events and not data_events:  # refused before MiniStack came to record it
            params = ministack.app._routing_params(method, path, headers, body, query_params)
            service = detect_service(method, path, headers, params)
            ministack.app._maybe_record_cloudtrail(service, *request, extract_region(headers))
        code, message = error_of(response_body)
        for event in [*events, *data_events]:
            detail = json.loads(event["CloudTrailEvent"])
            event["CloudTrailEvent"] = json.dumps({**detail, "errorCode": code, "errorMessage": message})
    cloudtrail_files.deliver(events, data_events, path)
    return status, response_headers, response_body


def error_of(body: object) -> tuple[str, str]:
    """Code and message of an error response, in XML or JSON."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else str(body)
    code = re.search(r'<Code>([^<]*)</Code>|"__type": ?"(?:[^"#]*#)?([^"]*)"', text)
    message = re.search(r'<Message>([^<]*)</Message>|"[Mm]essage": ?"((?:[^"\\]|\\.)*)"', text)
    return first_group(code), first_group(message)


def first_group(match: re.Match | None) -> str:
    return next(filter(None, match.groups()), "") if match else ""


@replaces(cloudtrail, "_lookup_events", "95a231827046")
def lookup_events(request: dict) -> tuple:
    """The page of all matching events that NextToken (the number of events before it) names."""
    page_size = min(int(request.get("MaxResults") or PAGE_SIZE), PAGE_SIZE)
    start = int(request.get("NextToken") or 0)
    found = (event for event in reversed(cloudtrail._get_event_queue()) if matches(event, request))
    events = list(islice(found, start, start + page_size + 1))
    page = {"Events": events[:page_size]}
    if len(events) > page_size:
        page["NextToken"] = str(start + page_size)
    return cloudtrail._ok(page)


cloudtrail._DISPATCH["LookupEvents"] = lookup_events  # the table was made with the function that is replaced


def matches(event: dict, request: dict) -> bool:
    if not float(request.get("StartTime") or 0) <= event["EventTime"] <= float(request.get("EndTime") or "inf"):
        return False
    attributes = request.get("LookupAttributes", [])
    return all(matches_attribute(event, wanted["AttributeKey"], wanted["AttributeValue"]) for wanted in attributes)


def matches_attribute(event: dict, key: str, value: str) -> bool:
    if key in ("ResourceName", "ResourceType"):
        return any(resource.get(key) == value for resource in event.get("Resources", []))
    return event.get(key) == value
