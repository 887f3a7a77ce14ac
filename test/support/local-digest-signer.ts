import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import type { DigestSigner, PublicKey } from '../../lambdas/application/ports/archive.ts'
import {
  type DailyDigest,
  digestHash,
  type SignedDigest,
  signedText,
} from '../../lambdas/domain/archive/daily-digest.ts'

/** Signs with a key of its own, on the same curve as the one in KMS. */
export class LocalDigestSigner implements DigestSigner {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  get key(): PublicKey {
    const { publicKey } = this.#keys
    const der = publicKey.export({ type: 'spki', format: 'der' })
    return {
      fingerprint: createHash('sha256').update(der).digest('hex'),
      pem: String(publicKey.export({ type: 'spki', format: 'pem' })),
    }
  }

  async publicKey(): Promise<PublicKey> {
    return this.key
  }

  async sign(digest: DailyDigest): Promise<SignedDigest> {
    const value = sign('sha256', Buffer.from(signedText(digest)), this.#keys.privateKey).toString('base64')
    return {
      ...digest,
      hash: digestHash(digest),
      signature: { algorithm: 'ECDSA_SHA_256', key: this.key.fingerprint, value },
    }
  }
}
