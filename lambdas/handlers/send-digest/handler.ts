import { type SendDigestDeps, sendDigest } from '../../application/send-digest.ts'

/** Once a day: who was elevated since the last time. What fails is tried again by Lambda and goes on where it broke off. */
export function createHandler(deps: SendDigestDeps) {
  return () => sendDigest(deps)
}
