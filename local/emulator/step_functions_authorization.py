"""Step Functions as an authorised service: an answer to a task token is evaluated on the state machine that waits for it.

AWS evaluates states:SendTaskSuccess, SendTaskFailure and SendTaskHeartbeat on the ARN of the state machine behind the token, as the
policies in its guide write them (`grantTaskResponse` of the CDK too). MiniStack evaluates them on `*`.
https://docs.aws.amazon.com/step-functions/latest/dg/concept-create-iam-advanced.html
"""

import json

from ministack.core import iam_actions
from ministack.services import stepfunctions as sf

from iam_authorization import extract_resource_arn as _extract_resource_arn
from replacement import replaces, source_hash


@replaces(iam_actions, "extract_resource_arn", source_hash(_extract_resource_arn))
def extract_resource_arn(service: str, method: str, path: str, headers: dict, body: bytes, params: dict, region: str, account_id: str) -> str:
    if service == "states" and ".SendTask" in headers.get("x-amz-target", ""):
        task = sf._task_tokens.get(json.loads(body).get("taskToken"), {})
        execution = sf._executions.get(task.get("executionArn", ""))
        return execution["stateMachineArn"] if execution else "*"
    return _extract_resource_arn(service, method, path, headers, body, params, region, account_id)
