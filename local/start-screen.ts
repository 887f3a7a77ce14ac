import { type AccessFile, type Entitlement, isMember, type Person, peopleOf } from '../lambdas/domain/access-file.ts'
import { eligibleEntitlements } from '../lambdas/domain/evaluate.ts'
import type { LocalHouse } from './local-house.ts'

export interface NearFiles {
  readonly access: string
  readonly local: string
  readonly log: string
}

/** What `npm start` ends with: where things are, who is who, and a first call to paste. */
export function startScreen(house: LocalHouse, access: AccessFile, files: NearFiles): string {
  const places = table([
    ['Mail box', house.mailUrl],
    ['API', house.apiUrl],
    ['AWS endpoint', `${house.endpointUrl} (${house.region}, account ${house.accountId})`],
    ['For programs', `${files.local} (names, ARNs, everybody's keys)`],
    ['Log', files.log],
  ])
  const people = table(Object.values(access.people).map(person => [person.id, person.name, partOf(access, person)]))
  return `Lapse runs on this machine by ${files.access}. Nothing of it leaves 127.0.0.1.

${places}

Who is who
${people}
${firstCall(house, access)}npm stop ends it.
`
}

function partOf(access: AccessFile, { id }: Person): string {
  const entitlements = Object.values(access.entitlements)
  const asks = eligibleEntitlements(access, id, new Date()).map(({ entitlement }) => entitlement.id)
  const approves = entitlements
    .filter(({ stages }) => stages.some(({ approvers }) => isMember(access, id, approvers)))
    .map(entitlement => entitlement.id)
  return [
    asks.length > 0 && `asks for ${asks.join(', ')}`,
    approves.length > 0 && `approves ${approves.join(', ')}`,
    isMember(access, id, access.admins) && 'administrator',
    isMember(access, id, access.auditors) && 'auditor',
  ]
    .filter(part => part !== false)
    .join(' · ')
}

/** A call for the first thing the first person may ask for. Single quotes, so that a shell takes every character as it is. */
function firstCall({ apiUrl, region, people }: LocalHouse, access: AccessFile): string {
  const first = Object.values(access.people).flatMap(person =>
    eligibleEntitlements(access, person.id, new Date()).flatMap(({ entitlement }) => {
      const keys = people[person.id]
      return keys ? [{ person, entitlement, keys }] : []
    }),
  )[0]
  if (!first) return '\n'
  const { person, entitlement, keys } = first
  const body = {
    entitlement: entitlement.id,
    duration: 'PT5M',
    reason: 'To see how Lapse works',
    ...given(entitlement),
  }
  const approvers = peopleOf(access, entitlement.stages[0]?.approvers ?? []).filter(({ id }) => id !== person.id)
  return `
Ask as ${person.id}; a moment later the mail box has a mail to ${approvers.map(({ name }) => name).join(', ')}:

curl --aws-sigv4 'aws:amz:${region}:execute-api' --user '${keys.accessKeyId}:${keys.secretAccessKey}' \\
  -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))} \\
  '${apiUrl}/requests'

`
}

function given({ parameters }: Entitlement): object {
  const examples = Object.entries(parameters).map(([name, { example }]) => [name, example])
  return examples.length > 0 ? { parameters: Object.fromEntries(examples) } : {}
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(
      row =>
        `  ${row.map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell)).join('  ')}`,
    )
    .join('\n')
}
