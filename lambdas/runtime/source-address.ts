import { $SourceAddress } from '../contract/source-address.ts'
import type { ApiEvent } from './api.ts'

/** Where a call came from, by what API Gateway saw, never by a header. Undefined where that is no address, as of a test in the console. */
export function sourceAddressOf({ requestContext }: ApiEvent): string | undefined {
  return $SourceAddress.safeParse(requestContext.identity.sourceIp).data
}
