import { type IAMClient, paginateGetGroup } from '@aws-sdk/client-iam'
import type { HoldersOf } from '../application/ports/holders.ts'
import { type Holders, NOBODY, type SharedRights } from '../domain/outside-change.ts'
import { attachments, unlessGone } from './iam-policies.ts'

/** The members of a group, and who has a policy. */
export class IamHolders implements HoldersOf {
  readonly #client: IAMClient

  constructor(client: IAMClient) {
    this.#client = client
  }

  async holdersOf(shared: SharedRights): Promise<Holders> {
    if ('group' in shared) return { users: await this.#membersOf(shared.group), roles: [] }
    return (await unlessGone(() => this.#holdersOfPolicy(shared.policy))) ?? NOBODY
  }

  async #holdersOfPolicy(policyArn: string): Promise<Holders> {
    const users: string[] = []
    const roles: string[] = []
    for (const { kind, name } of await attachments(this.#client, policyArn)) {
      if (kind === 'role') roles.push(name)
      else users.push(...(kind === 'group' ? await this.#membersOf(name) : [name]))
    }
    return { users, roles }
  }

  async #membersOf(GroupName: string): Promise<readonly string[]> {
    const members = await unlessGone(async () => {
      const names: string[] = []
      for await (const { Users = [] } of paginateGetGroup({ client: this.#client }, { GroupName }))
        names.push(...Users.flatMap(({ UserName }) => UserName ?? []))
      return names
    })
    return members ?? []
  }
}
