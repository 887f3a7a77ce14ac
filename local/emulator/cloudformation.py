"""CloudFormation: resource types MiniStack refuses and properties it drops.

- AWS::CloudWatch::CompositeAlarm is created through MiniStack's own PutCompositeAlarm.
  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-compositealarm.html
- AWS::CloudWatch::Alarm with metric math (`Metrics`), or a band (`ThresholdMetricId`), is created; alarms.py says what of it is evaluated.
  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
- AWS::S3::Bucket gets its Object Lock and default retention: without it a locked archive is only a promise.
  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
- AWS::DynamoDB::Table and GlobalTable get encryption, time to live, point-in-time recovery and deletion protection.
  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html
- AWS::StepFunctions::StateMachine keeps its logging configuration in the shape its API answers with.
  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
- What something that could not be deleted depends on is not deleted either: dependents go first. MiniStack deletes on.
  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
- AWS::Lambda::Function keeps reserved concurrency, the log group and the queue for failures it is given.
  https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
"""

from collections.abc import Callable

from ministack.core.responses import get_region
from ministack.services import cloudwatch, dynamodb, lambda_svc, s3, stepfunctions
from ministack.services import cloudformation
from ministack.services.cloudformation import engine, provisioners, stacks

from replacement import replaces

UNEVALUATED_NAMESPACE = "metric-math"
PER_REPLICA = ("DeletionProtectionEnabled", "PointInTimeRecoverySpecification", "Tags")

_cw_metric_alarm_record = provisioners._cw_metric_alarm_record


@replaces(provisioners, "_cw_metric_alarm_record", "4565fcede1eb")
def metric_alarm_record(name: str, properties: dict) -> dict:
    metrics = properties.get("Metrics")
    if not metrics:
        return _cw_metric_alarm_record(name, properties)
    plain = {"Threshold": 0, **{key: value for key, value in properties.items() if key != "Metrics"}}
    record = _cw_metric_alarm_record(name, {**plain, "MetricName": name, "Namespace": UNEVALUATED_NAMESPACE})
    return {**record, "Metrics": metrics, "ThresholdMetricId": properties.get("ThresholdMetricId")}


def put_composite_alarm(logical_id: str, properties: dict, stack_name: str) -> tuple[str, dict]:
    name = properties.get("AlarmName") or provisioners._physical_name(stack_name, logical_id, max_len=255)
    alarm = {**properties, "AlarmName": name}
    status, _, body = cloudwatch._put_composite_alarm({}, alarm, is_cbor=False, is_json=True)
    if status != 200:
        raise ValueError(f"AWS::CloudWatch::CompositeAlarm {name} could not be created: {body.decode()}")
    return name, {"Arn": cloudwatch._composite_alarms[name]["AlarmArn"]}


def update_composite_alarm(physical_id: str, _old: dict, properties: dict, stack_name: str) -> tuple[str, dict]:
    return put_composite_alarm(physical_id, {**properties, "AlarmName": physical_id}, stack_name)


def delete_composite_alarm(physical_id: str, _properties: dict) -> None:
    cloudwatch._composite_alarms.pop(physical_id, None)


provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::CompositeAlarm"] = {
    "create": put_composite_alarm,
    "update": update_composite_alarm,
    "delete": delete_composite_alarm,
}


_delete_resource = stacks._delete_resource


@replaces(stacks, "_delete_resource", "9e9ba54fb428")
def delete_resource(
    resource_type: str, physical_id: str, properties: dict, stack_name: str | None = None, logical_id: str | None = None,
) -> None:
    """Here the stack says of what is kept that it failed; CloudFormation says nothing of it."""
    stack = cloudformation._stacks.get(stack_name) or {}
    if stack.get("StackStatus") == "DELETE_IN_PROGRESS":
        definitions = stack["_template"]["Resources"]
        for other, resource in stack["_resources"].items():
            if other == logical_id or resource.get("ResourceStatus") != "DELETE_FAILED":
                continue
            if engine._extract_deps(definitions.get(other, {}), {logical_id}):
                raise RuntimeError(f"{other} depends on it and could not be deleted")
    _delete_resource(resource_type, physical_id, properties, stack_name, logical_id)


Create = Callable[[str, dict, str], tuple[str, dict]]


def creates(resource_type: str, name: str, pinned: str) -> Callable[[Create], Create]:
    """Decorator: replaces the function that creates resources of a type."""

    def install(create: Create) -> Create:
        provisioners._RESOURCE_HANDLERS[resource_type]["create"] = replaces(provisioners, name, pinned)(create)
        return create

    return install


_s3_create = provisioners._s3_create
_ddb_create, _ddb_global_table_create = provisioners._ddb_create, provisioners._ddb_global_table_create
_sfn_state_machine_create = provisioners._sfn_state_machine_create
_lambda_create = provisioners._lambda_create


@creates("AWS::S3::Bucket", "_s3_create", "477b78a3cb15")
def create_bucket(logical_id: str, properties: dict, stack_name: str) -> tuple[str, dict]:
    name, attributes = _s3_create(logical_id, properties, stack_name)
    if provisioners._cfn_bool(properties.get("ObjectLockEnabled", False)):
        retention = properties.get("ObjectLockConfiguration", {}).get("Rule", {}).get("DefaultRetention")
        if retention:
            retention = {unit: value if unit == "Mode" else int(value) for unit, value in retention.items()}
        s3._bucket_versioning[name] = "Enabled"
        s3._bucket_object_lock[name] = {"enabled": True, "default_retention": retention}
    return name, attributes


@creates("AWS::DynamoDB::Table", "_ddb_create", "277586e016c6")
def create_table(logical_id: str, properties: dict, stack_name: str) -> tuple[str, dict]:
    name, attributes = _ddb_create(logical_id, properties, stack_name)
    encryption = properties.get("SSESpecification")
    if encryption:
        enabled = {**encryption, "Enabled": encryption.get("SSEEnabled", False)}
        dynamodb._tables[name]["SSEDescription"] = dynamodb._sse_description_from_spec(enabled)
    if "TimeToLiveSpecification" in properties:
        dynamodb._update_ttl({"TableName": name, "TimeToLiveSpecification": properties["TimeToLiveSpecification"]})
    if "PointInTimeRecoverySpecification" in properties:
        recovery = properties["PointInTimeRecoverySpecification"]
        dynamodb._update_continuous_backups({"TableName": name, "PointInTimeRecoverySpecification": recovery})
    return name, attributes


@creates("AWS::DynamoDB::GlobalTable", "_ddb_global_table_create", "cd71b40024fd")
def create_global_table(logical_id: str, properties: dict, stack_name: str) -> tuple[str, dict]:
    """What a global table says about its replica in this region holds for the one table it is here."""
    replica = next((replica for replica in properties["Replicas"] if replica["Region"] == get_region()), {})
    own = {key: replica[key] for key in PER_REPLICA if key in replica}
    if "SSESpecification" in properties:
        own["SSESpecification"] = {**properties["SSESpecification"], **replica.get("SSESpecification", {})}
    return _ddb_global_table_create(logical_id, {**properties, **own}, stack_name)


@creates("AWS::StepFunctions::StateMachine", "_sfn_state_machine_create", "d2ffde42cb0e")
def create_state_machine(logical_id: str, properties: dict, stack_name: str) -> tuple[str, dict]:
    arn, attributes = _sfn_state_machine_create(logical_id, properties, stack_name)
    machine = stepfunctions._state_machines[arn]
    machine["loggingConfiguration"] = stepfunctions._convert_keys_to_camel(machine["loggingConfiguration"])
    return arn, attributes


@creates("AWS::Lambda::Function", "_lambda_create", "8b2cf80e961d")
def create_function(logical_id: str, properties: dict, stack_name: str) -> tuple[str, dict]:
    name, attributes = _lambda_create(logical_id, properties, stack_name)
    function = lambda_svc._functions[name]
    if properties.get("ReservedConcurrentExecutions") is not None:
        function["concurrency"] = int(properties["ReservedConcurrentExecutions"])
    if "LoggingConfig" in properties:
        function["config"]["LoggingConfig"] = properties["LoggingConfig"]
    if "DeadLetterConfig" in properties:
        function["config"]["DeadLetterConfig"] = properties["DeadLetterConfig"]
    return name, attributes
