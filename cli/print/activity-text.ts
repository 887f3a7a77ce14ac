import type { ActivityAnswer } from '../api/activity-answer.ts'
import type { Ink } from './ink.ts'
import { plainLine } from './plain-line.ts'
import { facts, table } from './table.ts'

const USE: Readonly<Record<string, string>> = {
  used: 'yes',
  'not-seen': 'not seen',
  unknown: 'unknown; nobody can say any more what the grant allowed',
}
const WHEN: Readonly<Record<string, string>> = { 'before-start': 'before the start', 'after-end': 'after the end' }

/** What was done with a grant: what was looked at, each action, and what was done outside the window. */
export function activityText(activity: ActivityAnswer, ink: Ink): string {
  const { state, readAt, coverage, grantUse, granted, resources, leftOut } = activity
  const unseen = granted.filter(({ isSeen }) => !isSeen).map(({ pattern }) => pattern)
  const head = facts(
    {
      'looked at': `${coverage.events} events, ${coverage.from} to ${coverage.until}, in ${coverage.regions.join(', ')}`,
      missing: coverage.isCut ? 'the oldest calls: there are too many, or CloudTrail has forgotten them' : undefined,
      used: `${USE[grantUse] ?? grantUse}${grantUse === 'not-seen' ? unseenBecause(coverage.events) : ''}`,
      'not seen': `${unseen.join(' ')}${more(leftOut.granted ?? 0)}`,
      resources: `${resources.join(' ')}${more(leftOut.resources)}`,
    },
    ink,
  )
  const standing = state === 'final' ? '' : `, ${plainLine(state)}`
  return `${ink('bold', 'What was done')} (read at ${plainLine(readAt)}${standing})\n${head}${actionsText(activity, ink)}${violationsText(activity, ink)}`
}

function unseenBecause(events: string): string {
  return events === 'management'
    ? '; data events, such as reading an object, are not looked at'
    : ', neither in the event history nor in the files of the trail'
}

function actionsText({ actions, leftOut }: ActivityAnswer, ink: Ink): string {
  if (actions.length === 0) return ''
  const columns = {
    action: (use: ActivityAnswer['actions'][number]) => use.action,
    calls: ({ calls }: { readonly calls: number }) => calls,
    access: ({ isReadOnly }: { readonly isReadOnly: boolean }) => (isReadOnly ? 'read' : 'write'),
    'by the grant': ({ isGranted }: { readonly isGranted: boolean }) => (isGranted ? 'yes' : 'no'),
    errors: ({ errors }: ActivityAnswer['actions'][number]) =>
      Object.entries(errors)
        .map(([code, calls]) => `${code} ${calls}`)
        .join(', '),
    first: ({ first }: { readonly first: string }) => first,
    last: ({ last }: { readonly last: string }) => last,
  }
  const hidden = leftOut.actions > 0 ? `  and ${leftOut.actions} more actions\n` : ''
  return `${table(columns, actions, ink)}${hidden}`
}

function violationsText({ violations, leftOut }: ActivityAnswer, ink: Ink): string {
  const lines = violations.map(({ eventId, action, at, when }) => {
    const text = `${action} at ${at}, ${WHEN[when] ?? when} (event ${eventId})`
    return `  ${ink('red', 'outside the window')}  ${plainLine(text)}\n`
  })
  const hidden = leftOut.violations > 0 ? `  and ${leftOut.violations} more\n` : ''
  return `${lines.join('')}${hidden}`
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : ''
}
