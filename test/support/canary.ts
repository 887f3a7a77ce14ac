import type { House } from '../../local/house.ts'

export const CANARY_KINDS = [
  'link token',
  'code',
  'task token',
  'secret access key',
  'session token',
  'signature',
] as const
export type CanaryKind = (typeof CANARY_KINDS)[number]

/** A secret that may stand nowhere but where it is meant to be. */
export interface Canary {
  readonly kind: CanaryKind
  readonly value: string
  /** The request or the person it belongs to. */
  readonly of: string
}

export const PLACE_KINDS = [
  'log line',
  'access log',
  'table row',
  'object',
  'execution',
  'event on the bus',
  'message in a queue',
  'metric',
  'trail',
] as const
export type PlaceKind = (typeof PLACE_KINDS)[number]

/** A text that Lapse has left somewhere, and where. */
export interface Place {
  readonly kind: PlaceKind
  readonly where: string
  readonly text: string
}

/** A canary in a place. */
export interface Sighting {
  readonly kind: CanaryKind
  readonly of: string
  readonly place: PlaceKind
  readonly where: string
}

/** What the search needs to know of a deployed house. */
export type SearchedHouse = Pick<House, 'apiUrl' | 'people' | 'tableName' | 'stateMachineArn'> & {
  readonly emulator: Pick<House['emulator'], 'endpointUrl' | 'region' | 'accountId' | 'rootCredentials'>
}
