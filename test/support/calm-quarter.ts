import type { AccessFile, Entitlement, Person } from '../../lambdas/domain/access-file.ts'
import { dayOf } from '../../lambdas/domain/findings/lately.ts'
import { plusSeconds } from '../../lambdas/domain/instant.ts'
import { offsetAt } from '../../lambdas/domain/wall-clock.ts'
import { type Errand, story, type Told } from './errand.ts'
import { SeededChance } from './seeded-chance.ts'

/** The first day of the quarter, a Friday, and the length of it. */
const FIRST_DAY = Date.UTC(2027, 0, 1)
const DAYS = 90
const TEAMS = 12
const TEAM_SIZE = 10
/** Of each team: who approves, and who takes turns being on call. */
const LEADS = 3
const ON_CALL = 4
const DAY = 86_400_000

const HOLIDAYS = ['2027-01-01', '2027-01-06', '2027-03-26', '2027-03-29']
const SERVICES = ['rds:DescribeDBInstances', 's3:GetObject', 'ec2:DescribeInstances', 'dynamodb:GetItem'] as const

export interface QuarterOptions {
  readonly seed: number
  readonly requests: number
  /** What people do besides, by the same clock. */
  readonly besides?: (organisation: Organisation) => readonly Errand[]
  readonly findings?: AccessFile['findings']
}

export interface Organisation {
  readonly access: AccessFile
  readonly teams: readonly Team[]
}

export interface Team {
  readonly people: readonly Member[]
  readonly leads: readonly Member[]
  readonly entitlements: readonly string[]
}

/** A person with their habits. */
export interface Member {
  readonly id: string
  readonly zone: string
  /** Of asks, compared with others. */
  readonly zeal: number
  /** What they ask for, the favourite first. */
  readonly needs: readonly string[]
  /** Share of grants they do not use. */
  readonly idleness: number
  /** As an approver: half of the answers come within this time. */
  readonly medianSeconds: number
  /** As an approver: share of denials. */
  readonly strictness: number
  readonly home: string
}

/**
 * The events of a quarter in an organisation of 120 people in three zones: working days and holidays, people with favourites and habits,
 * nights on call, denials, refusals, extensions, unused grants, offices and homes. In the order of their times; the same for a seed.
 */
export function quarter({ seed, requests, besides, findings }: QuarterOptions): {
  readonly organisation: Organisation
  readonly told: readonly Told[]
} {
  const chance = new SeededChance(seed)
  const organisation = organisationOf(chance, findings)
  const errands = errandsOf(organisation, chance, requests)
  const all = [...errands, ...(besides?.(organisation) ?? [])]
  const told = all.flatMap(errand => story(organisation.access, errand))
  return { organisation, told: told.sort((a, b) => a.event.at.getTime() - b.event.at.getTime()) }
}

function organisationOf(chance: SeededChance, findings: AccessFile['findings']): Organisation {
  const shared = ['wiki-admin', 'billing-read', 'network-read', 'keys-admin']
  const teams = Array.from({ length: TEAMS }, (_, number): Team => {
    const own = ['logs', 'database', 'deploy', 'admin'].map(kind => `team-${number}-${kind}`)
    const zone = number < 8 ? 'Europe/Berlin' : number < 10 ? 'America/New_York' : 'Asia/Kolkata'
    const people = Array.from({ length: TEAM_SIZE }, (_, index) => {
      const [logs = '', database = '', deploy = '', admin = ''] = own
      const rare = chance.hits(0.5) ? [chance.oneOf(['wiki-admin', 'billing-read', 'network-read'])] : []
      const risky = index < LEADS + ON_CALL ? [admin] : []
      const needs = [...shuffled([logs, database, deploy], chance), ...rare, ...risky]
      return memberOf(`person-${number}-${index}`, zone, needs, `198.51.${number}.${index + 1}`, chance)
    })
    return { people, leads: people.slice(0, LEADS), entitlements: own }
  })
  const ids = [...shared, ...teams.flatMap(({ entitlements }) => entitlements)]
  const people = teams.flatMap(team => team.people)
  return { teams, access: accessOf(teams, people, ids, findings) }
}

function memberOf(id: string, zone: string, needs: readonly string[], home: string, chance: SeededChance): Member {
  return {
    id,
    zone,
    needs,
    home,
    zeal: Math.exp(0.7 * bell(chance)),
    idleness: chance.hits(0.1) ? 0.3 : 0.1,
    medianSeconds: chance.oneOf([90, 300, 300, 900, 1800]),
    strictness: chance.oneOf([0.005, 0.02, 0.02, 0.05]),
  }
}

function accessOf(
  teams: readonly Team[],
  members: readonly Member[],
  ids: readonly string[],
  findings: AccessFile['findings'],
): AccessFile {
  const people = members.map(({ id, zone }): [string, Person] => [
    id,
    {
      id,
      name: id,
      email: `${id}@example.com`,
      principals: [`user/people/${id}`],
      ...(zone !== 'Europe/Berlin' && { timezone: zone }),
    },
  ])
  const entitlements = ids.map((id, index): [string, Entitlement] => {
    const approvers =
      teams.find(team => team.entitlements.includes(id))?.leads ??
      teams.flatMap(({ leads }) => leads.slice(0, 1)).slice(0, 3)
    return [id, entitlementOf(id, SERVICES[index % SERVICES.length] ?? SERVICES[0], approvers)]
  })
  return {
    organisation: 'Acme',
    timezone: 'Europe/Berlin',
    mail: { from: 'lapse@example.com' },
    limits: { shortestGrantSeconds: 300 },
    people: Object.fromEntries(people),
    groups: {},
    admins: ['person-0-0'],
    auditors: ['person-0-1'],
    hours: {
      timezone: 'Europe/Berlin',
      spans: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '08:00', to: '18:00' }],
      holidays: HOLIDAYS,
    },
    findings: { offices: ['203.0.113.0/24'], ...findings },
    entitlements: Object.fromEntries(entitlements),
  }
}

function entitlementOf(id: string, action: string, approvers: readonly Member[]): Entitlement {
  const risk = id.endsWith('admin') ? 'high' : id.endsWith('logs') || id.endsWith('read') ? 'low' : 'medium'
  return {
    id,
    title: id,
    description: id,
    risk,
    parameters: {},
    statements: [{ actions: [action], resources: ['*'] }],
    fences: { regions: ['eu-central-1'] },
    duration: { defaultSeconds: 3600, maximumSeconds: 4 * 3600 },
    rules: [],
    stages: [{ name: 'owners', approvers: approvers.map(approver => approver.id), quorum: 1 }],
    ladder: { remindAfterSeconds: 1800, unansweredAfterSeconds: 14_400 },
    codeRequired: false,
  }
}

/** What people ask for in the quarter: by day as many as their zeal gives, and some nights on call. */
function errandsOf(organisation: Organisation, chance: SeededChance, requests: number): readonly Errand[] {
  const { teams } = organisation
  const shifts = teams.flatMap(team => nightsOf(team, chance))
  const workers = teams.flatMap(team => team.people.map(member => ({ member, team })))
  const workdays = Array.from({ length: DAYS }, (_, day) => FIRST_DAY + day * DAY).filter(isWorkday)
  const zeal = workers.reduce((sum, { member }) => sum + member.zeal, 0)
  const errands: Errand[] = [...shifts]
  const perDay = (requests - shifts.length) / workdays.length
  for (const day of workdays) {
    const mood = 0.7 + 0.6 * chance.next()
    for (const { member, team } of workers) {
      const isAway = chance.hits(0.1)
      const mean = isAway ? 0 : (perDay * mood * member.zeal) / zeal / 0.9
      for (let count = poisson(mean, chance); count > 0 && errands.length < requests; count -= 1) {
        errands.push(...errandOf(organisation, member, team, localTime(day, workingHour(chance), member.zone), chance))
      }
    }
  }
  return errands.slice(0, requests)
}

/** Each week another of the team is on call; two nights of it something breaks. */
function nightsOf(team: Team, chance: SeededChance): readonly Errand[] {
  return Array.from({ length: Math.floor(DAYS / 7) }, (_, week) => week).flatMap(week => {
    const member = team.people[LEADS + (week % ON_CALL)]
    if (!member) return []
    return Array.from({ length: poisson(1.8, chance) }, () => {
      const night = FIRST_DAY + (week * 7 + chance.below(7)) * DAY
      return lone(team, member, localTime(night, 21 + 8 * chance.next(), member.zone), chance)
    })
  })
}

function errandOf(
  organisation: Organisation,
  member: Member,
  team: Team,
  at: Date,
  chance: SeededChance,
): readonly Errand[] {
  const errand = lone(team, member, at, chance)
  const stray = chance.next()
  if (stray < 0.002) {
    const others = organisation.teams.filter(each => each !== team).flatMap(({ entitlements }) => entitlements)
    return [{ ...errand, entitlement: others[chance.below(others.length)] ?? 'billing-read', becomes: 'not-eligible' }]
  }
  if (stray < 0.015)
    return [{ ...errand, becomes: chance.oneOf(['duration-too-long', 'parameter-refused', 'cap-reached']) }]
  return [errand]
}

function lone(team: Team, member: Member, at: Date, chance: SeededChance): Errand {
  const choice = Math.min(Math.floor(-Math.log(1 - chance.next()) / 0.8), member.needs.length - 1)
  const entitlement = member.needs[choice] ?? member.needs[0] ?? ''
  const approver = answering(team, member, chance)
  const denied = chance.hits(approver.strictness)
  const isQuick = chance.hits(0.01)
  return {
    requester: member.id,
    entitlement,
    at,
    seconds: chance.oneOf([1800, 3600, 3600, 7200]),
    from: placeOf(member, chance),
    becomes: chance.hits(0.02) ? 'cancelled' : chance.hits(0.01) ? 'unanswered' : denied ? 'denied' : 'granted',
    approver: approver.id,
    answeredAfterSeconds: isQuick ? 5 + chance.below(10) : 20 + thinkingSeconds(approver, chance),
    answeredFrom: placeOf(approver, chance),
    isUnused: chance.hits(member.idleness),
    extensions: extensionsOf(chance),
  }
}

/** Nobody takes longer than three hours. */
function thinkingSeconds({ medianSeconds }: Member, chance: SeededChance): number {
  return Math.min(3 * 3600, Math.round(medianSeconds * Math.exp(0.9 * bell(chance))))
}

/** Some leads answer more than others; nobody answers for themselves. */
function answering({ leads }: Team, { id }: Member, chance: SeededChance): Member {
  const others = leads.filter(lead => lead.id !== id)
  const index = others.length > 2 ? (chance.hits(0.5) ? 0 : chance.hits(0.6) ? 1 : 2) : chance.hits(0.6) ? 0 : 1
  const approver = others[index]
  if (!approver) throw new Error(`nobody could answer for ${id}`)
  return approver
}

function extensionsOf(chance: SeededChance): number {
  let extensions = 0
  while (chance.hits(extensions === 0 ? 0.04 : 0.15)) extensions += 1
  return extensions
}

/** Three days of five in the office. */
function placeOf({ home }: Member, chance: SeededChance): string {
  return chance.hits(0.6) ? `203.0.113.${1 + chance.below(3)}` : home
}

function isWorkday(day: number): boolean {
  const weekday = new Date(day).getUTCDay()
  return weekday !== 0 && weekday !== 6 && !HOLIDAYS.includes(dayOf(new Date(day), 'UTC'))
}

/** Mostly from nine to six; one in a hundred in the evening, one in a thousand at night. */
function workingHour(chance: SeededChance): number {
  if (chance.hits(0.001)) return 22 + 6 * chance.next()
  if (chance.hits(0.01)) return 18 + 2 * chance.next()
  return Math.min(17.9, Math.max(8.1, 13 + 2.4 * bell(chance)))
}

/** The instant at which the clock of a zone shows an hour of a day. */
export function localTime(day: number, hour: number, zone: string): Date {
  const wall = new Date(day + Math.round(hour * 3600) * 1000)
  return plusSeconds(wall, -offsetAt(wall, zone) / 1000)
}

/** About normal, from 12 throws. */
function bell(chance: SeededChance): number {
  return Array.from({ length: 12 }, () => chance.next()).reduce((sum, each) => sum + each, -6)
}

function poisson(mean: number, chance: SeededChance): number {
  let [count, left] = [0, Math.exp(-mean)]
  for (let product = chance.next(); product > left; product *= chance.next()) count += 1
  return count
}

function shuffled<T>(items: readonly T[], chance: SeededChance): readonly T[] {
  return items
    .map(item => ({ item, by: chance.next() }))
    .sort((a, b) => a.by - b.by)
    .map(({ item }) => item)
}
