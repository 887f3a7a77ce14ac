"""Requests over the loopback interface count as sent over TLS.

AWS: `aws:SecureTransport` is true for every call made over HTTPS, and a bucket with `enforceSSL` (the CDK bootstrap
bucket is one) denies everything else. Locally there is no TLS and nobody to listen in, so MiniStack's plain HTTP
would be denied.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
"""

import ministack.app
from ministack.core import iam_evaluator

from replacement import replaces


@replaces(iam_evaluator, "pin_request_origin", "de819c1bd9ac")
def pin_request_origin(source_ip: str, secure_transport: bool) -> None:
    """Remembers the caller's address for the evaluation of policies, and the transport as a secure one."""
    iam_evaluator._request_origin.set((source_ip, True))


ministack.app.pin_request_origin = pin_request_origin
