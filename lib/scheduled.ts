import { PolicyStatement } from 'aws-cdk-lib/aws-iam'
import type { IFunction } from 'aws-cdk-lib/aws-lambda'
import { Schedule, type ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke, type ScheduleTargetBaseProps } from 'aws-cdk-lib/aws-scheduler-targets'
import { Construct } from 'constructs'
import { ServiceRole } from './service-role.ts'

export interface ScheduledProps {
  readonly description: string
  readonly schedule: ScheduleExpression
  readonly starts: IFunction
  readonly target?: Omit<ScheduleTargetBaseProps, 'role'>
}

/** A schedule with a role of its own that can start its one function and nothing else. */
export class Scheduled extends Construct {
  constructor(scope: Construct, id: string, { description, schedule, starts, target }: ScheduledProps) {
    super(scope, id)
    const start = new PolicyStatement({
      sid: 'StartIt',
      actions: ['lambda:InvokeFunction'],
      resources: [starts.functionArn],
    })
    const service = new ServiceRole(this, 'Service', {
      service: 'scheduler.amazonaws.com',
      does: `starts by the clock: ${description}`,
      statements: [start],
    })
    const rule = new Schedule(this, 'Schedule', {
      description,
      schedule,
      target: new LambdaInvoke(starts, { ...target, role: service.role }),
    })
    rule.node.addDependency(service)
  }
}
