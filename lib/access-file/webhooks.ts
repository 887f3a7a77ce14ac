import type { Flaw, Path } from './flaw.ts'
import type { SoundParts } from './sound-parts.ts'

/** Chats that could not be told apart, and chats that would be told twice. */
export function webhookFlaws({ webhooks }: SoundParts): readonly Flaw[] {
  return webhooks.flatMap((webhook, index): readonly Flaw[] => {
    if (!webhook) return []
    const path: Path = ['notify', 'webhooks', index]
    const earlier = webhooks.slice(0, index)
    if (earlier.some(other => other?.name === webhook.name)) {
      const fix = 'give each its own name: metrics and errors call it by that'
      return [{ path: [...path, 'name'], on: 'value', message: `another webhook is named ${webhook.name}`, fix }]
    }
    const same = earlier.find(other => other?.secret === webhook.secret)
    if (!same) return []
    const message = `the webhook ${same.name} has the secret ${webhook.secret} already, so one chat would be told twice`
    return [{ path: [...path, 'secret'], on: 'value', message, fix: 'name another secret, or keep one of the two' }]
  })
}
