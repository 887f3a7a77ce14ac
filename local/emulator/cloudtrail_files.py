"""CloudTrail: a trail that is logging leaves its calls in its bucket, data events too where its selectors name some.

MiniStack keeps trails and delivers nothing. A file here has the calls of one request and is there at once; AWS's have
those of some minutes, and come within about five of them.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
"""

import gzip
import json
import time
import uuid

from ministack.core.responses import get_account_id
from ministack.services import cloudtrail, s3


def deliver(events: list[dict], data_events: list[dict], path: str) -> None:
    """Writes the calls of a request into the bucket of every trail that is logging."""
    if not events and not data_events:
        return
    account_id = get_account_id()
    records = [json.loads(event["CloudTrailEvent"]) for event in events]
    data_records = [with_resources(json.loads(event["CloudTrailEvent"]), path) for event in data_events]
    for _region, _name, trail in cloudtrail._account_trail_items(account_id):
        found = [*records, *(data_records if trail["HasCustomEventSelectors"] else [])]
        if trail["IsLogging"] and found and s3._ensure_bucket(trail["S3BucketName"]):
            content = gzip.compress(json.dumps({"Records": found}).encode())
            s3._put_object(trail["S3BucketName"], key_of(trail, account_id, found[0]["awsRegion"]), content, {})


def key_of(trail: dict, account_id: str, region: str) -> str:
    now = time.gmtime()
    prefix = f"{trail['S3KeyPrefix']}/" if trail["S3KeyPrefix"] else ""
    folder = f"{prefix}AWSLogs/{account_id}/CloudTrail/{region}/{time.strftime('%Y/%m/%d', now)}"
    return f"{folder}/{account_id}_CloudTrail_{region}_{time.strftime('%Y%m%dT%H%MZ', now)}_{uuid.uuid4().hex[:16]}.json.gz"


def with_resources(record: dict, path: str) -> dict:
    """What a data event of S3 names: the object and its bucket."""
    bucket, _, key = path.lstrip("/").partition("/")
    if record["eventSource"] != "s3.amazonaws.com" or not key:
        return record
    resources = [
        {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{key}"},
        {"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}", "accountId": get_account_id()},
    ]
    return {**record, "managementEvent": False, "eventCategory": "Data", "resources": resources}
