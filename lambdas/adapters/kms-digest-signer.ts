import { createPublicKey } from 'node:crypto'
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms'
import type { DigestSigner, PublicKey } from '../application/ports/archive.ts'
import { type DailyDigest, digestHash, type SignedDigest } from '../domain/archive/daily-digest.ts'
import { sha256 } from '../domain/digest.ts'

/** Signs with a key of KMS on the curve P-256: the private half never leaves it. */
export class KmsDigestSigner implements DigestSigner {
  readonly #client: KMSClient
  readonly #keyId: string
  #publicKey: Promise<PublicKey> | undefined

  constructor(client: KMSClient, keyId: string) {
    this.#client = client
    this.#keyId = keyId
  }

  publicKey(): Promise<PublicKey> {
    this.#publicKey ??= this.#read().catch((error: unknown) => {
      // Lambda tries again in the same instance, and must not meet the old failure there.
      this.#publicKey = undefined
      throw error
    })
    return this.#publicKey
  }

  async sign(digest: DailyDigest): Promise<SignedDigest> {
    const hash = digestHash(digest)
    const { fingerprint } = await this.publicKey()
    const { Signature } = await this.#client.send(
      new SignCommand({
        KeyId: this.#keyId,
        Message: Buffer.from(hash, 'hex'),
        MessageType: 'DIGEST',
        SigningAlgorithm: 'ECDSA_SHA_256',
      }),
    )
    if (!Signature) throw new RangeError('KMS gave no signature')
    const value = Buffer.from(Signature).toString('base64')
    return { ...digest, hash, signature: { algorithm: 'ECDSA_SHA_256', key: fingerprint, value } }
  }

  async #read(): Promise<PublicKey> {
    const { PublicKey: der } = await this.#client.send(new GetPublicKeyCommand({ KeyId: this.#keyId }))
    if (!der) throw new RangeError('KMS gave no public key')
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
    return { fingerprint: sha256(der), pem: String(key.export({ type: 'spki', format: 'pem' })) }
  }
}
