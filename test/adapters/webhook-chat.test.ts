import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { describe, expect, it } from '@jest/globals'
import { WebhookChat } from '../../lambdas/adapters/webhook-chat.ts'

const URL_OF_CHAT = 'https://hooks.slack.com/services/T0/B0/hidden-token'
const webhook = { name: 'security', kind: 'slack', secretName: 'lapse/security' } as const

/** A chat whose URL is the given secret, and which answers as told. */
function aChat({
  secret = URL_OF_CHAT,
  answer = async () => new Response('ok'),
}: {
  secret?: string
  answer?: typeof fetch
} = {}) {
  const posts: { readonly url: string; readonly init: RequestInit }[] = []
  const secrets = new SecretsManagerClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  })
  secrets.middlewareStack.add(() => async () => ({ output: { $metadata: {}, SecretString: secret }, response: {} }), {
    step: 'deserialize',
    priority: 'high',
  })
  const chat = new WebhookChat(secrets, (input, init = {}) => {
    posts.push({ url: String(input), init })
    return answer(input, init)
  })
  return { chat, posts }
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message} ${String(error.cause)}` : String(error)
  }
  throw new Error('it did not fail')
}

describe('a chat', () => {
  it('NOT-04 gets the message by POST at the URL of the secret, and no redirect is followed', async () => {
    const { chat, posts } = aChat({ secret: `${URL_OF_CHAT}\n` })

    await chat.post(webhook, { text: 'hello' })

    expect(posts).toMatchObject([
      { url: URL_OF_CHAT, init: { method: 'POST', body: '{"text":"hello"}', redirect: 'error' } },
    ])
    expect(posts[0]?.init.signal).toBeInstanceOf(AbortSignal)
  })

  it.each(['http://hooks.slack.com/x', 'https://evil.example/x', 'not a url', ''])(
    'NOT-04 is told nothing where its secret holds %j',
    async secret => {
      const { chat, posts } = aChat({ secret })

      expect(await failureOf(chat.post(webhook, {}))).toContain('holds no URL it may have')
      expect(posts).toEqual([])
    },
  )

  it('NOT-04 that refuses, or cannot be reached, is an error without the URL, which is a credential', async () => {
    const refusing = aChat({ answer: async () => new Response('no_service', { status: 404 }) })
    const gone = aChat({ answer: async input => Promise.reject(new TypeError(`fetch failed: ${String(input)}`)) })

    const failures = [await failureOf(refusing.chat.post(webhook, {})), await failureOf(gone.chat.post(webhook, {}))]

    expect(failures[0]).toContain('ChatRefusedError: the chat security was not told: it answered 404')
    expect(failures[1]).toContain('ChatRefusedError: the chat security was not told: TypeError')
    expect(failures.join()).not.toContain('hidden-token')
  })
})
