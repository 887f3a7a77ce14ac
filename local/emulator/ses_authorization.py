"""SES v2 as an authorised service: SendEmail is evaluated on the identity it sends from, with `ses:FromAddress` and `ses:Recipients`.

AWS evaluates ses:SendEmail on the ARN of the verified identity behind the From address, and on the configuration set.
MiniStack evaluates it on `*` and without those keys. The identity taken here is the one of the address itself; on AWS it may be that of
its domain, so a policy should name `identity/*` and bind the address by `ses:FromAddress`.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
"""

import json
from contextvars import ContextVar

from ministack.core import iam_actions, iam_evaluator

from replacement import replaces

SEND_PATH = "/v2/email/outbound-emails"

_ses_v2_resource_arn = iam_actions._ses_v2_resource_arn
_enforce = iam_evaluator.enforce
_mail_context: ContextVar[dict] = ContextVar("mail_context", default={})


@replaces(iam_actions, "_ses_v2_resource_arn", "96f8ace790be")
def ses_v2_resource_arn(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
    if method != "POST" or path != SEND_PATH:
        return _ses_v2_resource_arn(method, path, body, region, account_id)
    mail = json.loads(body)
    sender = mail.get("FromEmailAddress", "")
    recipients = [address for addresses in mail.get("Destination", {}).values() for address in addresses]
    _mail_context.set({"ses:FromAddress": sender, "ses:Recipients": recipients})
    return f"arn:aws:ses:{region}:{account_id}:identity/{sender}"


@replaces(iam_evaluator, "enforce", "cf64b1ee5b09")
def enforce(access_key_id: str, iam_action: str, service: str, region: str, resource_arn: str = "*", service_context: dict | None = None):
    mail = _mail_context.get() if iam_action == "ses:SendEmail" else {}
    return _enforce(access_key_id, iam_action, service, region, resource_arn, {**mail, **(service_context or {})})
