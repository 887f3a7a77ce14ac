"""API Gateway: what a caller sees of a refusal by policy and of a failed function.

- A caller whose policies do not allow execute-api:Invoke gets the API's ACCESS_DENIED gateway response. MiniStack
  applies gateway responses to failed signatures, but answers a denial in the envelope of the control plane.
  https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
- A Lambda proxy integration whose function fails is `502 {"message": "Internal server error"}`; MiniStack shows the
  caller the function's error.
  https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html
"""

import json

import ministack.app
from ministack.core.arn import execute_api_arn
from ministack.core.responses import get_account_id, new_uuid, request_scope
from ministack.core.router import extract_region
from ministack.services import apigateway_v1

from replacement import replaces

_enforce_execute_api = ministack.app._enforce_execute_api
_lambda_proxy_response = apigateway_v1._lambda_proxy_response


@replaces(ministack.app, "_enforce_execute_api", "41e437c7b90d")
def enforce_execute_api(
    api_id: str, stage_name: str, method: str, path: str, headers: dict, query_params: dict,
    iam_action: str = "execute-api:Invoke",
) -> tuple | None:
    refusal = _enforce_execute_api(api_id, stage_name, method, path, headers, query_params, iam_action)
    stage = apigateway_v1.stages_for_api(api_id).get(stage_name)
    if refusal is None or stage is None or b'"__type": "AccessDeniedException"' not in refusal[2]:
        return refusal
    masked_account = "********" + get_account_id()[-4:]
    region = extract_region(headers, query_params)
    resource = execute_api_arn(region, masked_account, api_id, stage_name, method, path)
    caller_and_action = json.loads(refusal[2])["message"].split(" because ")[0].split(" with an explicit deny")[0]
    request = {
        "api_id": api_id, "stage_name": stage_name, "stage": stage, "headers": headers, "query_params": query_params,
        "path_params": {}, "resource_path": "", "request_id": new_uuid(),
    }
    error = apigateway_v1._GatewayError("ACCESS_DENIED", f"{caller_and_action} on resource: {resource}")
    with request_scope(*apigateway_v1.find_api_scope(api_id)):
        return apigateway_v1._gateway_error_response(error, request)


@replaces(apigateway_v1, "_lambda_proxy_response", "3a5b91b76870")
def lambda_proxy_response(result: dict) -> tuple[dict | None, str | None]:
    response, error = _lambda_proxy_response(result)
    return response, error and "Internal server error"
