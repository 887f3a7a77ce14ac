import { DeleteRolePolicyCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { clientSettings, type House } from '../house.ts'

const PolicyName = 'held-back-by-the-demo'
const DETACH_NOTHING = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'HeldBack', Effect: 'Deny', Action: ['iam:Detach*', 'iam:DeletePolicy'], Resource: '*' }],
}

/** A detachment that cannot be done: the account's administrator forbids it to every role Lapse has, whichever would try. */
export class Hold {
  readonly #iam: IAMClient

  constructor(house: House) {
    this.#iam = new IAMClient(clientSettings(house.emulator))
  }

  /** @returns how many roles are held back. */
  async put(): Promise<number> {
    const names = await this.#roles()
    const PolicyDocument = JSON.stringify(DETACH_NOTHING)
    await Promise.all(
      names.map(RoleName => this.#iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))),
    )
    return names.length
  }

  async lift(): Promise<void> {
    const names = await this.#roles()
    await Promise.all(names.map(RoleName => this.#iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))))
  }

  async #roles(): Promise<readonly string[]> {
    const { Roles = [] } = await this.#iam.send(new ListRolesCommand({ PathPrefix: '/lapse/', MaxItems: 1000 }))
    const names = Roles.flatMap(({ RoleName }) => RoleName ?? [])
    if (names.length === 0) throw new Error('IAM has no role under /lapse/')
    return names
  }
}
