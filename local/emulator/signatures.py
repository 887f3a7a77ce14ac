"""Every signature counts: the root's too, and that of the body.

AWS verifies every signature against the caller's secret key and the hash of the body it received.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html MiniStack takes root keys
(`test`, the configured one, any 12-digit account) without looking at the signature, and for the body the hash the
request declares.
"""

import hashlib
import re
from collections.abc import Mapping

from ministack.core import iam_evaluator, sigv4
from ministack.core.responses import get_account_id

from replacement import replaces

_resolve_caller_identity = iam_evaluator.resolve_caller_identity
_header_signature_failure = sigv4.header_signature_failure


@replaces(iam_evaluator, "_is_root_key", "6d4c5eed6ad6")
def is_exempt_from_signature(access_key_id: str) -> bool:
    """MiniStack asks this before it verifies; only a request without a key has nothing to verify (and is anonymous)."""
    return not access_key_id


@replaces(iam_evaluator, "resolve_caller_identity", "d3b70cb83677")
def resolve_caller_identity(access_key_id: str) -> dict | None:
    if not access_key_id or not iam_evaluator.is_root_access_key(access_key_id):
        return _resolve_caller_identity(access_key_id)
    account_id = get_account_id()
    return {
        "accessKey": access_key_id,
        "accountId": account_id,
        "userArn": f"arn:aws:iam::{account_id}:root",
        "userId": account_id,
        "principalOrgId": None,
        "session": None,
    }


@replaces(sigv4, "header_signature_failure", "5661f4d2d78e")
def header_signature_failure(
    signature: sigv4.HeaderSignature, secret: str, method: str, raw_path: str, query_params: Mapping,
    headers: Mapping[str, str], body: bytes, *, presigned: bool = False, explain: bool = False,
) -> tuple[str, str] | None:
    declared = headers.get("x-amz-content-sha256", "")
    # S3 verifies its bodies itself, where UNSIGNED-PAYLOAD and streaming signatures are allowed.
    is_declared = signature.service != "s3" and re.fullmatch("[0-9a-f]{64}", declared)
    if is_declared and declared != hashlib.sha256(body).hexdigest():
        return "SignatureDoesNotMatch", sigv4.SIGNATURE_MISMATCH
    return _header_signature_failure(
        signature, secret, method, raw_path, query_params, headers, body, presigned=presigned, explain=explain)
