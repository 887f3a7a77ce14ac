import { nearestName } from '../../lib/access-file/nearest-name.ts'
import { WrongUseError } from '../errors.ts'
import type { Surroundings } from '../surroundings.ts'
import { credentialsOfEnvironment } from './credentials.ts'
import { type LocalHouse, readLocalHouse } from './local-house.ts'
import type { Keys } from './signed-call.ts'

/** What the options every command of the API has say of where to call and as whom. */
export interface EndpointGiven {
  readonly api?: string | undefined
  readonly region?: string | undefined
  readonly as?: string | undefined
}

/** Where the API is, and who signs. */
export interface Endpoint {
  /** Without a slash at its end. */
  readonly apiUrl: string
  readonly region: string
  /** Those of now: temporary ones are renewed. */
  credentials(): Promise<Keys>
}

/**
 * The API of `--api`, else of LAPSE_API_URL, signed with the AWS credentials of the environment; else the house of
 * `.lapse/local.json`, signed with the keys of `--as`.
 *
 * @throws WrongUseError when none is named, or the named one cannot be called safely.
 */
export function endpointOf({ api, region, as }: EndpointGiven, surroundings: Surroundings): Endpoint {
  const { environment, workingFolder } = surroundings
  if (as !== undefined) {
    if (api !== undefined) throw new WrongUseError('--as is for the house of .lapse/local.json; leave out --api')
    const house = readLocalHouse(workingFolder)
    if (!house) throw new WrongUseError('--as needs .lapse/local.json in this folder; npm start writes it')
    return endpointOfHouse(house, as)
  }
  const named = api ?? environment.LAPSE_API_URL
  if (named !== undefined && named !== '') {
    const apiUrl = checkedUrl(named)
    const signedFor = region ?? regionIn(apiUrl) ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION
    if (!signedFor)
      throw new WrongUseError(`the region of ${apiUrl} cannot be told; say it with --region or AWS_REGION`)
    return { apiUrl, region: signedFor, credentials: credentialsOfEnvironment(signedFor) }
  }
  const house = readLocalHouse(workingFolder)
  if (house) throw new WrongUseError(`say who calls with --as: ${Object.keys(house.people).join(', ')}`)
  throw new WrongUseError('no API is named; say it with --api or LAPSE_API_URL: the output ApiUrl of the stack')
}

function endpointOfHouse({ apiUrl, region, people }: LocalHouse, as: string): Endpoint {
  const keys = Object.hasOwn(people, as) ? people[as] : undefined
  if (keys) {
    const { sessionToken, ...pair } = keys
    const credentials = { ...pair, ...(sessionToken !== undefined && { sessionToken }) }
    return { apiUrl: checkedUrl(apiUrl), region, credentials: async () => credentials }
  }
  const near = nearestName(as, Object.keys(people))
  const fix = near ? `did you mean ${near}` : `people: ${Object.keys(people).join(', ')}`
  throw new WrongUseError(`.lapse/local.json has no keys of ${as}; ${fix}`)
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/

/** A signed call carries a session token and is good for minutes to whoever reads it: only TLS, or this machine. */
function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new WrongUseError(`${text} is no address of an API; it begins with https://`)
  }
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    throw new WrongUseError(`${text} is not encrypted; only https is called, but for this machine itself`)
  }
  return text.replace(/\/+$/, '')
}

/** API Gateway's own addresses name their region; custom domains do not. */
function regionIn(apiUrl: string): string | undefined {
  return /\.execute-api\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/.exec(new URL(apiUrl).hostname)?.groups?.region
}
