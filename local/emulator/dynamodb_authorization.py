"""DynamoDB as an authorised service: `dynamodb:LeadingKeys`, the values of the partition key a request names.

Policies can hold a role to some partitions of a table by it. MiniStack knows no such key, so that every condition
`ForAllValues:` on it holds. A transaction has the keys of all its items; with an index the key is that of the index.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
"""

import json
import re
from collections.abc import Iterator

from ministack.core import iam_actions
from ministack.services import dynamodb

from replacement import replaces

EQUALS = re.compile(r"(?P<name>[#\w.-]+)\s*=\s*(?P<value>:\w+)")

_dynamodb_service_context = iam_actions.dynamodb_service_context


def partition_key(table_name: str, index_name: str | None = None) -> str | None:
    """The name of the attribute a table or index is partitioned by."""
    table = dynamodb._tables.get(table_name.rsplit("/", 1)[-1]) or {}
    indexes = (table.get("GlobalSecondaryIndexes") or []) + (table.get("LocalSecondaryIndexes") or [])
    schema = table.get("KeySchema", []) if index_name is None else next(
        (index["KeySchema"] for index in indexes if index["IndexName"] == index_name), [])
    return next((key["AttributeName"] for key in schema if key["KeyType"] == "HASH"), None)


def leading_keys(request: dict) -> Iterator[dict]:
    """The typed values a request gives for partition keys."""
    table = request.get("TableName")
    if isinstance(table, str):
        name = partition_key(table, request.get("IndexName"))
        named = request.get("Key") or request.get("Item") or {}
        if name in named:
            yield named[name]
        names = request.get("ExpressionAttributeNames") or {}
        for equation in EQUALS.finditer(request.get("KeyConditionExpression") or ""):
            if names.get(equation["name"], equation["name"]) == name:
                yield (request.get("ExpressionAttributeValues") or {}).get(equation["value"], {})
    for transact in request.get("TransactItems") or []:
        for part in transact.values():
            yield from leading_keys(part)
    for table, batch in (request.get("RequestItems") or {}).items():
        if isinstance(batch, dict):
            for key in batch.get("Keys", []):
                yield from leading_keys({"TableName": table, "Key": key})
        else:
            for write in batch:
                for part in write.values():
                    yield from leading_keys({"TableName": table, **part})


@replaces(iam_actions, "dynamodb_service_context", "0f0021bdc8a3")
def dynamodb_service_context(body: bytes) -> dict:
    context = _dynamodb_service_context(body)
    try:
        values = [str(value) for key in leading_keys(json.loads(body or b"{}")) for value in key.values()]
    except (ValueError, AttributeError, TypeError):  # malformed: DynamoDB itself refuses it
        return context
    return {**context, "dynamodb:LeadingKeys": values} if values else context
