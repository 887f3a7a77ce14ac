import type { Webhook } from './approval-rules.ts'

/** Where webhooks of a service are, as host names or, with a dot in front, their endings. */
const HOSTS: Readonly<Record<Webhook['kind'], readonly string[]>> = {
  slack: ['hooks.slack.com'],
  /** Workflows of Power Automate, old and new addresses, and connectors: https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors */
  teams: ['.logic.azure.com', '.environment.api.powerplatform.com', '.webhook.office.com'],
}

/**
 * Whether a URL may be told what happens. It comes from a secret, which others than the keepers of the access file may write.
 * Invariant: nothing goes out but by TLS to a host that the access file names or that is the chat's.
 */
export function mayBeTold({ kind, host }: Webhook, url: URL): boolean {
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return false
  if (host !== undefined) return url.host === host
  return HOSTS[kind].some(known => (known.startsWith('.') ? url.host.endsWith(known) : url.host === known))
}
