import { BrokenWorldError, reasonOf } from '../errors.ts'
import type { Keys } from './signed-call.ts'

/**
 * Credentials as every AWS tool finds them: environment, profile, SSO, container or machine. The chain is loaded only here: commands
 * on files start without it. It keeps what it found, and looks anew when that has run out.
 *
 * @throws BrokenWorldError when there are none.
 */
export function credentialsOfEnvironment(region: string): () => Promise<Keys> {
  let chain: (() => Promise<Keys>) | undefined
  return async () => {
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
    chain ??= defaultProvider({ clientConfig: { region } })
    try {
      return await chain()
    } catch (cause) {
      const fix = 'set AWS_PROFILE, sign in (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
      throw new BrokenWorldError(`no AWS credentials: ${reasonOf(cause)} Remedy: ${fix}.`, { cause })
    }
  }
}
