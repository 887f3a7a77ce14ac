"""CloudWatch as an authorised service: `cloudwatch:namespace`, the namespace that PutMetricData writes to.

Policies hold a role to its own namespace by it, because PutMetricData knows no resources. MiniStack knows no such key, so that every
condition on it fails and nothing is counted. The keys of a request are put together in `iam_authorization.py`.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
"""

import json
from urllib.parse import parse_qs


def metric_context(iam_action: str, body: bytes) -> dict:
    """Of the JSON and the query protocol; CBOR is not read, and what it asks for is refused."""
    if iam_action != "cloudwatch:PutMetricData":
        return {}
    text = (body or b"").decode("utf-8", errors="replace")
    try:
        namespace = json.loads(text).get("Namespace")
    except (ValueError, AttributeError):
        namespace = parse_qs(text).get("Namespace", [None])[0]
    return {"cloudwatch:namespace": namespace} if isinstance(namespace, str) else {}
