import { describe, expect, it } from '@jest/globals'
import { mayBeTold } from '../../lambdas/domain/webhook-url.ts'

const slack = { name: 'chat', kind: 'slack', secretName: 'lapse/chat' } as const
const teams = { name: 'chat', kind: 'teams', secretName: 'lapse/chat' } as const

describe('the URL of a webhook', () => {
  it.each([
    [slack, 'https://hooks.slack.com/services/T0/B0/x'],
    [teams, 'https://prod-12.westeurope.logic.azure.com/workflows/1/triggers/manual/paths/invoke?sig=x'],
    [teams, 'https://prod-12.westeurope.logic.azure.com:443/workflows/1'],
    [teams, 'https://default0a1b.0c.environment.api.powerplatform.com/powerautomate/automations/direct/1'],
    [{ ...slack, host: 'chat.acme.example' }, 'https://chat.acme.example/hook'],
    [{ ...slack, host: 'chat.acme.example:8443' }, 'https://chat.acme.example:8443/hook'],
  ])('NOT-04 of %j may be %s', (webhook, url) => {
    expect(mayBeTold(webhook, new URL(url))).toBe(true)
  })

  it.each([
    [slack, 'http://hooks.slack.com/services/T0/B0/x'],
    [slack, 'https://hooks.slack.com.evil.example/services'],
    [slack, 'https://evil.example/hooks.slack.com'],
    [slack, 'https://hooks.slack.com:8443/services'],
    [slack, 'https://hooks.slack.com@evil.example/'],
    [slack, 'https://user:pass@hooks.slack.com/'],
    [slack, 'https://prod-12.westeurope.logic.azure.com/workflows'],
    [slack, 'https://169.254.169.254/latest/meta-data'],
    [slack, 'https://localhost/'],
    [teams, 'https://logic.azure.com.evil.example/'],
    [teams, 'https://evillogic.azure.com/'],
    [teams, 'file:///etc/passwd'],
    [{ ...slack, host: 'chat.acme.example' }, 'https://hooks.slack.com/services/T0/B0/x'],
    [{ ...slack, host: 'chat.acme.example' }, 'https://sub.chat.acme.example/'],
    [{ ...slack, host: 'chat.acme.example' }, 'http://chat.acme.example/hook'],
  ])('NOT-04 of %j may not be %s', (webhook, url) => {
    expect(mayBeTold(webhook, new URL(url))).toBe(false)
  })
})
