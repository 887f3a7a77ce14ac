"""WAF: a web ACL can be put before a stage and told where to log.

- AWS::WAFv2::WebACLAssociation is kept as AssociateWebACL would; MiniStack refuses the type.
  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-webaclassociation.html
- AWS::WAFv2::LoggingConfiguration is kept, and GetLoggingConfiguration answers with it; MiniStack knows neither. WAF
  takes only destinations whose name begins with aws-waf-logs-.
  https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html

Nothing is stopped, counted or logged: here every caller has the address of this machine.
"""

import json

from ministack.core.responses import AccountScopedDict, json_response
from ministack.services import waf
from ministack.services.cloudformation import provisioners

from replacement import replaces

LOG_PREFIX = ":aws-waf-logs-"

_logging = AccountScopedDict()  # ARN of the web ACL -> logging configuration
_handle_request = waf.handle_request


def known_acl(arn: str) -> str:
    _, refusal = waf._resolve_local_web_acl(arn)
    if refusal:
        raise ValueError(f"AWS::WAFv2: {refusal[2].decode()}")
    return arn


def create_association(_logical_id: str, properties: dict, _stack_name: str) -> tuple[str, dict]:
    resource, acl = properties["ResourceArn"], known_acl(properties["WebACLArn"])
    waf._associate_web_acl({"ResourceArn": resource, "WebACLArn": acl})
    return f"{resource}|{acl}", {}


def delete_association(_physical_id: str, properties: dict) -> None:
    waf._disassociate_web_acl({"ResourceArn": properties["ResourceArn"]})


def create_logging(_logical_id: str, properties: dict, _stack_name: str) -> tuple[str, dict]:
    acl = known_acl(properties["ResourceArn"])
    for destination in properties["LogDestinationConfigs"]:
        if LOG_PREFIX not in destination:
            raise ValueError(f"AWS::WAFv2::LoggingConfiguration: the ARN {destination} isn't valid: aws-waf-logs- is missing")
    _logging[acl] = properties
    return acl, {"ManagedByFirewallManager": False}


def delete_logging(_physical_id: str, properties: dict) -> None:
    _logging.pop(properties["ResourceArn"], None)


for resource_type, create, delete in (
    ("WebACLAssociation", create_association, delete_association),
    ("LoggingConfiguration", create_logging, delete_logging),
):
    provisioners._RESOURCE_HANDLERS[f"AWS::WAFv2::{resource_type}"] = {
        "create": create,
        "update": lambda physical_id, _old, properties, stack_name, create=create: create(physical_id, properties, stack_name),
        "delete": delete,
    }


@replaces(waf, "handle_request", "1c2516f53378")
async def handle_request(method: str, path: str, headers: dict, body: bytes, query_params: dict) -> tuple:
    if headers.get("x-amz-target", "").endswith(".GetLoggingConfiguration"):
        acl = json.loads(body or b"{}").get("ResourceArn")
        if acl not in _logging:
            return waf._waf_err("WAFNonexistentItemException", f"No logging configuration for {acl}")
        return json_response({"LoggingConfiguration": _logging[acl]})
    return await _handle_request(method, path, headers, body, query_params)
