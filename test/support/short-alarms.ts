import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import { z } from 'zod'
import { until } from './until.ts'

/** An alarm of the template, as far as a test shortens it. */
export const $alarm = z.looseObject({
  AlarmName: z.string(),
  Metrics: z.array(z.looseObject({ MetricStat: z.looseObject({}).optional() })).optional(),
  Period: z.number().optional(),
})

/** The properties of an alarm with short periods, so that three of them pass within a test. */
export function shortened(properties: z.infer<typeof $alarm>, seconds: number): Readonly<Record<string, unknown>> {
  const { Metrics, Period } = properties
  if (!Metrics) return { ...properties, Period: Period && seconds }
  const queries = Metrics.map(query =>
    query.MetricStat ? { ...query, MetricStat: { ...query.MetricStat, Period: seconds } } : query,
  )
  return { ...properties, Metrics: queries }
}

/** Names of the alarms by their state. */
export async function statesOf(cloudWatch: CloudWatchClient): Promise<Record<string, readonly string[]>> {
  const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(
    new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100 }),
  )
  const found = [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName = '', StateValue = '' }) => ({
    AlarmName,
    StateValue,
  }))
  const byState = Object.groupBy(found, ({ StateValue }) => StateValue)
  return Object.fromEntries(
    Object.entries(byState).map(([state, each]) => [state, (each ?? []).map(({ AlarmName }) => AlarmName).sort()]),
  )
}

/** Does this again and again until exactly these alarms ring. */
export async function ringing(
  cloudWatch: CloudWatchClient,
  names: readonly string[],
  work: () => Promise<unknown>,
): Promise<void> {
  const wanted = [...names].sort()
  let last: readonly string[] = []
  await until(`ringing: ${wanted.join(', ')}`, 90, async () => {
    await work()
    last = (await statesOf(cloudWatch)).ALARM ?? []
    return JSON.stringify(last) === JSON.stringify(wanted) ? last : undefined
  }).catch(error => {
    throw new Error(`${error.message}; but: ${last.join(', ')}`)
  })
}
