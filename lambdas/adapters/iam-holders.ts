import { type IAMClient, paginateGetGroup, paginateListEntitiesForPolicy } from '@aws-sdk/client-iam'
import type { HoldersOf } from '../application/ports/holders.ts'
import { type Holders, NOBODY, type SharedRights } from '../domain/outside-change.ts'
import { unlessGone } from './iam-policies.ts'

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

  async #holdersOfPolicy(PolicyArn: string): Promise<Holders> {
    const users: string[] = []
    const roles: string[] = []
    for await (const page of paginateListEntitiesForPolicy({ client: this.#client }, { PolicyArn })) {
      users.push(...(page.PolicyUsers ?? []).flatMap(({ UserName }) => UserName ?? []))
      roles.push(...(page.PolicyRoles ?? []).flatMap(({ RoleName }) => RoleName ?? []))
      for (const { GroupName = '' } of page.PolicyGroups ?? []) users.push(...(await this.#membersOf(GroupName)))
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
