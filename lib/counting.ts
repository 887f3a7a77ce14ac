import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import { METRIC_NAMESPACE } from '../lambdas/domain/metric-names.ts'
import { type Need, permission } from './need.ts'

/** To count what happens, under the one namespace. `cloudwatch:PutMetricData` knows no resources. */
export function toCount(): Need<never> {
  return permission(
    new PolicyStatement({
      sid: 'CountWhatWasDone',
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': METRIC_NAMESPACE } },
    }),
  )
}
