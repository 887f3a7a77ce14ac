"""Policy variables stand for what the request says: `${aws:username}` in a resource or in the value of a condition.

AWS replaces them before it compares; a variable without a value matches nothing, unless it has a default (`${key, 'x'}`).
MiniStack compares the text as it is, in the policies of a caller and in the trust policy of a role. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

import json
import re
from dataclasses import replace

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, ParsedStatement

from replacement import replaces

VARIABLE = re.compile(r"\$\{(?P<key>[^},]+)(, *'(?P<default>[^']*)')?\}")
ESCAPED = ("*", "?", "$")
NO_VALUE = "\0no value"  # is in no request, so that nothing equals it

_first_match = iam_evaluator._first_match
_evaluate_trust_policy = iam_evaluator.evaluate_trust_policy


def substituted(text: str, ctx: EvalContext) -> str:
    def value_of(variable: re.Match) -> str:
        if variable["key"] in ESCAPED:
            return variable["key"]
        value = iam_evaluator._resolve_condition_key(variable["key"], ctx)
        return str(value) if value is not None else variable["default"] or NO_VALUE

    return VARIABLE.sub(value_of, text)


def substituted_values(values: object, ctx: EvalContext) -> object:
    if isinstance(values, list):
        return [substituted_values(value, ctx) for value in values]
    return substituted(values, ctx) if isinstance(values, str) else values


def substituted_conditions(conditions: dict, ctx: EvalContext) -> dict:
    return {
        operator: {key: substituted_values(values, ctx) for key, values in block.items()}
        for operator, block in conditions.items()
    }


@replaces(iam_evaluator, "_first_match", "dc96ef4846c7")
def first_match(ctx: EvalContext, statements: list[ParsedStatement], effect: str) -> ParsedStatement | None:
    for statement in statements:
        spelled_out = replace(
            statement,
            resources=[substituted(resource, ctx) for resource in statement.resources],
            not_resources=[substituted(resource, ctx) for resource in statement.not_resources],
            conditions=substituted_conditions(statement.conditions, ctx),
        )
        if _first_match(ctx, [spelled_out], effect):
            return statement
    return None


@replaces(iam_evaluator, "evaluate_trust_policy", "4b50aa29ad29")
def evaluate_trust_policy(trust_doc: str | dict, caller_arn: str, ctx: EvalContext | None = None) -> bool:
    if ctx is None:
        return _evaluate_trust_policy(trust_doc, caller_arn, ctx)
    try:
        document = json.loads(trust_doc) if isinstance(trust_doc, str) else trust_doc
        statements = document["Statement"]
        spelled_out = [
            {**statement, "Condition": substituted_conditions(statement.get("Condition", {}), ctx)}
            for statement in (statements if isinstance(statements, list) else [statements])
        ]
    except (KeyError, TypeError, AttributeError, ValueError):
        return _evaluate_trust_policy(trust_doc, caller_arn, ctx)
    return _evaluate_trust_policy({**document, "Statement": spelled_out}, caller_arn, ctx)
