import type { Ink } from '../print/ink.ts'
import { facts } from '../print/table.ts'
import type { EntitlementSummary, Summary } from './summary.ts'

export function summaryText(file: string, summary: Summary, ink: Ink): string {
  const { hash, organisation, people, groups, admins, auditors, entitlements } = summary
  return [
    `${ink('green', '✓')} ${file} is sound\n`,
    facts(
      {
        organisation,
        hash,
        people,
        groups: groups.map(({ group, people: members }) => `${group} (${members.length})`).join(', '),
        admins: admins.join(', '),
        auditors: auditors.join(', '),
      },
      ink,
    ),
    ...entitlements.map(each => entitlementText(each, ink)),
  ].join('')
}

function entitlementText(entitlement: EntitlementSummary, ink: Ink): string {
  const { title, risk, defaultDuration, maximumDuration, mayAsk, stages, automatic, breakGlass, acknowledged } =
    entitlement
  const limits = new Map<string, string[]>()
  for (const { person, maximumDuration: limit } of mayAsk) limits.set(limit, [...(limits.get(limit) ?? []), person])
  const who = [...limits].map(([limit, people]) => `${people.join(', ')} up to ${limit}`).join('; ')
  return [
    `\n${ink('bold', entitlement.entitlement)}  ${title}\n`,
    facts(
      {
        risk,
        duration: `${defaultDuration} if none is named, ${maximumDuration} at most`,
        'may ask': who || 'nobody',
        approval: stages.map(stageText).join('; then '),
        automatic: automatic
          .map(({ name, people, maximumDuration: limit }) => `${name}: ${people.join(', ')} up to ${limit}`)
          .join('; '),
        'break-glass': breakGlass && `${breakGlass.people.join(', ')} up to ${breakGlass.maximumDuration}`,
        'risks accepted': acknowledged.map(({ risk: named, because }) => `${named} (${because})`).join('; '),
      },
      ink,
    ),
  ].join('')
}

function stageText({ name, quorum, approvers, escalateTo }: EntitlementSummary['stages'][number]): string {
  const later = escalateTo ? `, later also ${escalateTo.join(', ')}` : ''
  return `${name}: ${quorum} of ${approvers.join(', ')}${later}`
}
