import type * as z from 'zod/mini'
import type { Option } from '../command.ts'
import { BrokenWorldError } from '../errors.ts'
import { $switch, $text, JSON_OPTION } from '../given.ts'
import type { Surroundings } from '../surroundings.ts'
import { Api } from './api.ts'
import { type EndpointGiven, endpointOf } from './endpoint.ts'

/** What every command of the API takes. */
export const API_OPTIONS: readonly Option[] = [
  JSON_OPTION,
  { form: '--api <url>', does: 'the API (default: LAPSE_API_URL)' },
  { form: '--region <region>', does: 'the region to sign for, where the address does not tell' },
  { form: '--as <person>', does: 'a person of the house on this machine, by .lapse/local.json' },
]
export const apiGiven = { json: $switch, api: $text, region: $text, as: $text }

export function apiOf(given: EndpointGiven, surroundings: Surroundings): Api {
  return new Api(endpointOf(given, surroundings), surroundings)
}

/** @throws BrokenWorldError when the API is of another version than this command line. */
export function parsedAnswer<Schema extends z.ZodMiniType>(schema: Schema, answer: unknown): z.output<Schema> {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  const members = parsed.error.issues.map(({ path }) => path.join('.') || 'all of it').join(', ')
  throw new BrokenWorldError(`the API answered in a form this command line does not know (${members})`)
}
