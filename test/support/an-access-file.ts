import { jest } from '@jest/globals'
import type { AccessFile, Entitlement, Person, Rule, Stage } from '../../lambdas/domain/access-file.ts'

/** Values that do not matter are drawn from jest's seed, so `--seed=N` gives the same ones again (`showSeed` prints it). */
export const chance = chanceFrom(jest.getSeed())

/** What `anAccessFile` and `anEntitlement` let a test say; everything else is filled in. */
export type AccessFileOverrides = Partial<Omit<AccessFile, 'people' | 'entitlements'>> & {
  readonly people?: readonly Person[]
  readonly entitlements?: readonly Entitlement[]
}

/** Alice asks; Bob, Carol, Dave and Erin approve; Adam is the administrator, Audrey the auditor. */
export const CAST = ['alice', 'bob', 'carol', 'dave', 'erin', 'adam', 'audrey'] as const

/** A person whose IAM user has the person's name. */
export function aPerson(overrides: Partial<Person> & Pick<Person, 'id'>): Person {
  const { id } = overrides
  return {
    name: `${capitalised(id)} ${chance.word()}`,
    email: `${id}@example.com`,
    principals: [userPath(id)],
    ...overrides,
  }
}

/** An entitlement of low ceremony: Alice may read one bucket for up to two hours when Bob agrees. */
export function anEntitlement(overrides: Partial<Entitlement> = {}): Entitlement {
  return {
    id: 'logs-read',
    title: `Read the logs of ${chance.word()}`,
    description: chance.sentence(),
    risk: chance.oneOf(['low', 'medium', 'high']),
    parameters: {},
    statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::prod-logs/*'] }],
    duration: { defaultSeconds: 1800, maximumSeconds: 7200 },
    rules: [aRule()],
    stages: [aStage()],
    ladder: { remindAfterSeconds: 1800, unansweredAfterSeconds: 14_400 },
    codeRequired: chance.oneOf([true, false]),
    ...overrides,
  }
}

/** A rule that lets Alice in. */
export function aRule(overrides: Partial<Rule> = {}): Rule {
  return { name: 'alice', effect: 'allow', members: ['alice'], ...overrides }
}

/** A stage that Bob alone can pass. */
export function aStage(overrides: Partial<Stage> = {}): Stage {
  return { name: 'owner', approvers: ['bob'], quorum: 1, ...overrides }
}

/** An access file with the whole cast and one entitlement, `logs-read`, unless others are given. */
export function anAccessFile(overrides: AccessFileOverrides = {}): AccessFile {
  const { people = CAST.map(id => aPerson({ id })), entitlements = [anEntitlement()], ...rest } = overrides
  return {
    organisation: `${capitalised(chance.word())} ${chance.oneOf(['GmbH', 'Inc.', 'Ltd'])}`,
    timezone: chance.oneOf(['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC']),
    mail: { from: 'lapse@example.com' },
    limits: { shortestGrantSeconds: 300 },
    people: Object.fromEntries(people.map(person => [person.id, person])),
    groups: {},
    admins: ['adam'],
    auditors: ['audrey'],
    entitlements: Object.fromEntries(entitlements.map(entitlement => [entitlement.id, entitlement])),
    ...rest,
  }
}

/** The path of a person's IAM user, as the access file names it. */
export function userPath(personId: string): string {
  return `user/people/${personId}`
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** A small generator (mulberry32): good enough for names, and the same for the same seed. */
function chanceFrom(seed: number) {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  const text = (alphabet: string, length: number): string =>
    Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join('')
  const word = (): string => text('abcdefghijklmnopqrstuvwxyz', 4 + below(6))
  return {
    below,
    text,
    word,
    sentence: (): string => Array.from({ length: 3 + below(6) }, word).join(' '),
    oneOf: <T>(choices: readonly [T, ...T[]]): T => choices[below(choices.length)] ?? choices[0],
  }
}
