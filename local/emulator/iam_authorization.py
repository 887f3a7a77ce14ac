"""IAM as an authorised service: the resource and the condition keys its own actions are evaluated with.

- The resource ARN of an IAM action carries the path (`user/people/alice`, `policy/lapse/grant/x`), that of
  CreatePolicy, CreateUser and CreateRole the path asked for. MiniStack leaves the path out, and has no resource for
  CreatePolicy.
- `iam:PolicyARN` is the policy that is attached or detached; `iam:PermissionsBoundary` the boundary that is set or,
  for other actions on a user or role, the one it has. MiniStack has neither.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
"""

from ministack.core import iam_actions
from ministack.core.responses import get_account_id
from ministack.services import iam

from cloudwatch_authorization import metric_context
from replacement import replaces

SETS_POLICY = ("Attach", "Detach")
SETS_BOUNDARY = ("CreateUser", "CreateRole", "PutUserPermissionsBoundary", "PutRolePermissionsBoundary")

_extract_resource_arn = iam_actions.extract_resource_arn
_request_tag_context = iam_actions.request_tag_context


def named_entity(params: dict) -> dict | None:
    """The existing role or user a request names."""
    role_name, user_name = iam._p(params, "RoleName"), iam._p(params, "UserName")
    return iam._roles.get(role_name) if role_name else iam._users.get(user_name) if user_name else None


@replaces(iam_actions, "extract_resource_arn", "82f51700695c")
def extract_resource_arn(
    service: str, method: str, path: str, headers: dict, body: bytes, params: dict, region: str, account_id: str,
) -> str:
    if service == "iam":
        entity = named_entity(params)
        if entity is not None:
            return entity["Arn"]
        for kind, name in (("role", "RoleName"), ("user", "UserName"), ("policy", "PolicyName")):
            if iam._p(params, "Action") == f"Create{kind.capitalize()}":
                return f"arn:aws:iam::{account_id}:{kind}{iam._p(params, 'Path') or '/'}{iam._p(params, name)}"
        group = iam._groups.get(iam._p(params, "GroupName"))
        if group is not None:
            return group["Arn"]
    return _extract_resource_arn(service, method, path, headers, body, params, region, account_id)


@replaces(iam_actions, "request_tag_context", "d46adb816e02")
def request_tag_context(service: str, iam_action: str, body: bytes, params: dict) -> dict:
    context = _request_tag_context(service, iam_action, body, params)
    if service != "iam":
        return {**context, **metric_context(iam_action, body)}
    action = iam_action.removeprefix("iam:")
    if action.startswith(SETS_POLICY):
        context["iam:PolicyARN"] = iam._p(params, "PolicyArn")
    if action in SETS_BOUNDARY:
        boundary = iam._p(params, "PermissionsBoundary")
    else:
        boundary = (named_entity(params) or {}).get("PermissionsBoundary")
    if boundary:
        context["iam:PermissionsBoundary"] = boundary
    return context
