"""IAM refuses what AWS refuses, and answers long lists in pages.

- Attaching a policy that does not exist is NoSuchEntity; an eleventh managed policy on a user or role is
  LimitExceeded; so is a managed policy of more than 6,144 characters, white space aside.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
- A document with a Version, Sid, Action, Resource or condition operator IAM does not know is MalformedPolicyDocument.
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
- A policy with more versions than its default one cannot be deleted (DeleteConflict).
  https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
- Lists hold at most MaxItems (100 by default) and say with IsTruncated and Marker that there is more.
  https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
MiniStack accepts all of it and knows only the structure of a document; its lists are always whole.
"""

import json
import re
from collections.abc import Callable
from xml.etree import ElementTree

from ministack.core import iam_evaluator
from ministack.services import iam

from replacement import replaces

ATTACHED_POLICIES_LIMIT = 10
POLICY_CHARACTERS_LIMIT = 6_144
PAGE_SIZE = 100
NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/"

Handler = Callable[[dict], tuple]

_validate_policy_document = iam_evaluator.validate_policy_document


def elements(statement: dict, *names: str) -> list[str]:
    found = [statement[name] for name in names if name in statement]
    return [value for item in found for value in (item if isinstance(item, list) else [item])]


def is_resource(value: object) -> bool:
    return value == "*" or (isinstance(value, str) and value.startswith("arn:") and value.count(":") >= 5)


def is_action(value: object) -> bool:
    return value == "*" or (isinstance(value, str) and re.fullmatch(r"[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+", value) is not None)


def is_condition_operator(operator: str) -> bool:
    name = re.sub(r"^(forallvalues|foranyvalue):|ifexists$", "", operator.lower())
    return name == "null" or name in iam_evaluator._CONDITION_OPS


@replaces(iam_evaluator, "validate_policy_document", "1b9ec79ea08b")
def validate_policy_document(document: str | dict) -> str | None:
    """What is wrong with a policy document, or None."""
    problem = _validate_policy_document(document)
    if problem:
        return problem
    policy = json.loads(document) if isinstance(document, str) else document
    if policy.get("Version", "2008-10-17") not in ("2012-10-17", "2008-10-17"):
        return "The policy must contain a valid version string"
    statements = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    sids = [statement["Sid"] for statement in statements if "Sid" in statement]
    if len(set(sids)) < len(sids):
        return "Statement IDs (SID) in a single policy must be unique."
    if not all(re.fullmatch(r"[A-Za-z0-9]*", sid) for sid in sids):
        return "Statement IDs (SID) must be alpha-numeric: [0-9A-Za-z]*"
    for statement in statements:
        if not all(is_action(action) for action in elements(statement, "Action", "NotAction")):
            return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
        if not all(is_resource(resource) for resource in elements(statement, "Resource", "NotResource")):
            return 'Resource must be in ARN format or "*".'
        for operator in statement.get("Condition", {}):
            if not is_condition_operator(operator):
                return f"Invalid Condition type : {operator}."
    return None


def handles(action: str, pinned: str) -> Callable[[Handler], Handler]:
    """Decorator: replaces the function MiniStack dispatches an IAM action to."""
    name = "_" + re.sub(r"(?<!^)(?=[A-Z])", "_", action).lower()

    def install(handler: Handler) -> Handler:
        replaces(iam, name, pinned)(handler)
        iam._IAM_HANDLERS[action] = handler
        return handler

    return install


def refusal_of_attachment(entity: dict | None, policy_arn: str) -> tuple | None:
    if not iam._policy_exists(policy_arn):
        return iam._error(404, "NoSuchEntity", f"Policy {policy_arn} does not exist or is not attachable.")
    attached = (entity or {}).get("AttachedPolicies", [])
    if policy_arn not in attached and len(attached) >= ATTACHED_POLICIES_LIMIT:
        kind = "User" if "UserName" in (entity or {}) else "Role"
        return iam._error(409, "LimitExceeded", f"Cannot exceed quota for PoliciesPer{kind}: {ATTACHED_POLICIES_LIMIT}")
    return None


_attach_user_policy, _attach_role_policy = iam._attach_user_policy, iam._attach_role_policy
_create_policy, _delete_policy = iam._create_policy, iam._delete_policy


@handles("AttachUserPolicy", "d003b8311788")
def attach_user_policy(params: dict) -> tuple:
    user = iam._users.get(iam._p(params, "UserName"))
    return refusal_of_attachment(user, iam._p(params, "PolicyArn")) or _attach_user_policy(params)


@handles("AttachRolePolicy", "44f7952356e0")
def attach_role_policy(params: dict) -> tuple:
    role = iam._roles.get(iam._p(params, "RoleName"))
    return refusal_of_attachment(role, iam._p(params, "PolicyArn")) or _attach_role_policy(params)


@handles("CreatePolicy", "23fe9fe11f7b")
def create_policy(params: dict) -> tuple:
    if len(re.sub(r"\s", "", iam._p(params, "PolicyDocument"))) > POLICY_CHARACTERS_LIMIT:
        return iam._error(409, "LimitExceeded", f"Cannot exceed quota for PolicySize: {POLICY_CHARACTERS_LIMIT}")
    return _create_policy(params)


@handles("DeletePolicy", "2d03891e332d")
def delete_policy(params: dict) -> tuple:
    policy = iam._policies.get(iam._p(params, "PolicyArn"))
    if policy is not None and len(policy["Versions"]) > 1:
        return iam._error(409, "DeleteConflict", "This policy has more than one version: delete the others first.")
    return _delete_policy(params)


def paged(handler: Handler) -> Handler:
    """Cuts the one list of a response to the page asked for."""

    def respond(params: dict) -> tuple:
        status, headers, body = handler(params)
        if status != 200:
            return status, headers, body
        response = ElementTree.fromstring(body)
        result = response[0]
        members = next(child for child in result if not child.tag.endswith("IsTruncated"))
        start = int(iam._p(params, "Marker") or 0)
        end = start + int(iam._p(params, "MaxItems") or PAGE_SIZE)
        is_truncated = end < len(members)
        members[:] = members[start:end]
        result.find(f"{{{NAMESPACE}}}IsTruncated").text = str(is_truncated).lower()
        if is_truncated:
            ElementTree.SubElement(result, f"{{{NAMESPACE}}}Marker").text = str(end)
        ElementTree.register_namespace("", NAMESPACE)
        return status, headers, ElementTree.tostring(response, encoding="utf-8", xml_declaration=True)

    return respond


for list_action, list_pin in {
    "ListPolicies": "282d45b2ce24",
    "ListAttachedUserPolicies": "a67728b34f12",
    "ListAttachedRolePolicies": "b540c56725e8",
    "ListUsers": "489dde534684",
    "ListRoles": "5b55e8129162",
}.items():
    handles(list_action, list_pin)(paged(iam._IAM_HANDLERS[list_action]))
