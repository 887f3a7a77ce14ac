import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { PinnedFunction } from './lapse-function.ts'
import { TRACING_EXECUTIONS } from './tracing.ts'

/** What the workflow may do: take its steps, write its history, trace itself. */
export function workflowStatements(steps: readonly PinnedFunction[]): readonly PolicyStatement[] {
  return [invoking(steps), DELIVERING_LOGS, TRACING_EXECUTIONS]
}

/** Every version, not only this deployment's: an execution that began before it calls the versions it began with, to its removal. */
function invoking(functions: readonly PinnedFunction[]): PolicyStatement {
  const resources = functions.map(({ everyVersionArn }) => everyVersionArn)
  return new PolicyStatement({ sid: 'TakeTheSteps', actions: ['lambda:InvokeFunction'], resources })
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html: these actions know no resources. */
const DELIVERING_LOGS = new PolicyStatement({
  sid: 'DeliverTheHistory',
  actions: [
    'logs:CreateLogDelivery',
    'logs:GetLogDelivery',
    'logs:UpdateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:DescribeResourcePolicies',
    'logs:DescribeLogGroups',
  ],
  resources: ['*'],
})
