import { KMSClient } from '@aws-sdk/client-kms'
import { describe, expect, it } from '@jest/globals'
import { KmsDigestSigner } from '../../lambdas/adapters/kms-digest-signer.ts'
import { LocalDigestSigner } from '../support/local-digest-signer.ts'

describe('the signer of digests', () => {
  it('AUD-02 asks KMS for its public key again after it was refused, and no more once it has it', async () => {
    const { pem, fingerprint } = new LocalDigestSigner().key
    const PublicKey = Buffer.from(pem.replaceAll(/-----[A-Z ]+-----|\n/g, ''), 'base64')
    let calls = 0
    const client = new KMSClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } })
    client.middlewareStack.add(
      () => async () => {
        calls += 1
        if (calls === 1) throw new Error('throttled')
        return { output: { $metadata: {}, PublicKey }, response: {} }
      },
      { step: 'initialize' },
    )
    const signer = new KmsDigestSigner(client, 'key')

    await expect(signer.publicKey()).rejects.toThrow('throttled')

    expect(await signer.publicKey()).toEqual({ pem, fingerprint })
    expect(await signer.publicKey()).toEqual({ pem, fingerprint })
    expect(calls).toBe(2)
  })
})
