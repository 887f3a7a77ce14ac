import { Stack } from 'aws-cdk-lib'
import { type IRole, ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'

export interface ServiceRoleProps {
  /** The AWS service that takes the role, for this account only. */
  readonly service: string
  readonly does: string
  readonly statements: readonly PolicyStatement[]
}

/**
 * What a service of AWS may do for Lapse: under `/lapse/` as the roles of the functions are, in one managed policy, and no more than
 * is written here. Whoever uses the role depends on this construct, or the role could be taken before it may do anything.
 */
export class ServiceRole extends Construct {
  readonly role: IRole

  constructor(scope: Construct, id: string, { service, does, statements }: ServiceRoleProps) {
    super(scope, id)
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } }
    const role = new Role(this, 'Role', {
      path: '/lapse/',
      assumedBy: new ServicePrincipal(service, { conditions }),
      description: `Lapse: ${does}`,
    })
    new ManagedPolicy(this, 'Policy', { path: '/lapse/service/', roles: [role], statements: [...statements] })
    this.role = role.withoutPolicyUpdates()
  }
}
