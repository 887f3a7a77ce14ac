import { listed } from './action-words.ts'
import type { Statement } from './parameters.ts'
import type { Principal } from './request.ts'

/** Names shown of each list; the exact list stands beside the words wherever people decide. */
const MOST_NAMES = 4

/** The resources of a statement, without what every ARN says: `table/orders and table/orders/index/* in any region and account`. */
export function resourceWords({ resources, exceptResources }: Statement, account: string): string {
  const words = namesByPlace(resources, account)
  return exceptResources ? `${words} but ${namesByPlace(exceptResources, account)}` : words
}

/** The account of a principal: its resources need no mention of where they are. */
export function accountOf({ arn }: Pick<Principal, 'arn'>): string {
  return arnOf(arn)?.account ?? ''
}

/** The accounts other than `account` that a statement names, some by a pattern; `*` names none. A bucket's ARN names none. */
export function otherAccounts({ resources }: Statement, account: string): readonly string[] {
  const named = resources.map(resource => arnOf(resource)?.account ?? '')
  return [...new Set(named)].filter(each => /^[\d*?]+$/.test(each) && !/^\*+$/.test(each) && each !== account)
}

function namesByPlace(resources: readonly string[], account: string): string {
  const places = new Map<string, string[]>()
  for (const resource of resources) {
    const arn = arnOf(resource)
    const name = arn ? nameOf(arn) : resource === '*' ? 'every resource' : resource
    const place = arn ? placeOf(arn, account) : ''
    places.set(place, [...(places.get(place) ?? []), name])
  }
  return [...places].map(([place, names]) => `${some(names)}${place}`).join('; ')
}

function some(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  return more > 0 ? `${names.slice(0, MOST_NAMES).join(', ')} and ${more} more` : listed(names)
}

interface Arn {
  readonly service: string
  readonly region: string
  readonly account: string
  readonly name: string
}

function arnOf(resource: string): Arn | undefined {
  const [arn, partition, service, region, account, ...name] = resource.split(':')
  if (arn !== 'arn' || !partition || !service || region === undefined || account === undefined) return undefined
  return { service, region, account, name: name.join(':') }
}

function nameOf({ service, name }: Arn): string {
  if (name !== '*') return name
  return service === '*' ? 'every resource' : `every resource of ${service}`
}

function placeOf({ region, account }: Arn, own: string): string {
  if (region === '*' && account === '*') return ' in any region and account'
  const inRegion = region === '' ? '' : region === '*' ? ' in any region' : ` in ${region}`
  return `${inRegion}${accountWords(account, own)}`
}

function accountWords(account: string, own: string): string {
  if (account === '' || account === own || account === 'aws') return ''
  if (account === '*') return ' of any account'
  return /^\d{12}$/.test(account) ? ` of another account, ${account}` : ` of the account ${account}`
}
