import { describe, expect, it } from '@jest/globals'
import { allowedActions } from '../../lib/allowed-actions/allowed-actions.ts'
import { $Preview } from '../../lib/openapi/answers.ts'
import { anAccessFile, anEntitlement } from '../support/an-access-file.ts'
import { aWorld } from '../support/world.ts'
import { routesOf } from './routes.ts'

const statements = [
  {
    actions: ['s3:GetObject', 's3:DeleteObject'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a place of the access file.
    resources: ['arn:aws:s3:::${bucket}/*', 'arn:aws:s3:eu-central-1:111122223333:accesspoint/inbox'],
  },
]
const parameters = { bucket: { description: 'a bucket', pattern: 'acme-[a-z-]+', example: 'acme-orders' } }
const entitlement = anEntitlement({ statements, parameters, allows: allowedActions(statements) })
const BODY = { entitlement: entitlement.id, parameters: { bucket: 'acme-invoices' } }

async function previewed(access = anAccessFile({ entitlements: [entitlement] }), body: object = BODY) {
  const { preview } = routesOf(aWorld({ access }))
  const answer = await preview({ method: 'POST', path: '/requests/preview', body })
  expect(answer.status).toBe(200)
  return $Preview.parse(answer.body)
}

describe('POST /requests/preview', () => {
  it('REQ-09 says in words what the filled policy allows, what is sensitive first', async () => {
    const on = 'On acme-invoices/*; accesspoint/inbox in eu-central-1.'

    expect(await previewed()).toMatchObject({
      allows: [
        {
          text: `Sensitive in Amazon S3: delete object. This takes away what the end of the grant does not bring back. ${on}`,
          sensitive: 'deletion',
        },
        { text: `Write in Amazon S3: delete object. ${on}`, level: 'Write' },
        { text: `Read in Amazon S3: get object. ${on}`, level: 'Read' },
      ],
    })
  })

  it('REQ-09 names the conditions of the fences too', async () => {
    const fenced = { ...entitlement, fences: { mfa: true, regions: ['eu-central-1'] } } as const

    const answer = await previewed(anAccessFile({ entitlements: [fenced] }))

    const texts = answer.decision === 'needs-approval' ? answer.allows.map(({ text }) => text) : []
    expect(texts).toHaveLength(3)
    for (const text of texts) {
      expect(text).toContain('Only when the session was begun with MFA, and the call goes to the region eu-central-1.')
    }
  })

  it('REQ-09 says what the caller asked for before, and what was decided of requests like this', async () => {
    expect(await previewed()).toMatchObject({
      history: { asked: 0, granted: 0, isCut: false },
      similar: { approved: 0, denied: 0, unanswered: 0, isCut: false },
    })
  })

  it('REQ-09 says nothing in words of what is refused', async () => {
    const refused = await previewed(undefined, { ...BODY, parameters: { bucket: 'other' } })

    expect(refused).toMatchObject({ decision: 'refused', code: 'parameter-refused' })
    expect(refused).not.toHaveProperty('allows')
  })
})
