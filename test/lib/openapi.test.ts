import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import {
  $Entitlements,
  $Preview,
  $Problem,
  $Request,
  $Requests,
  $RequestWithEvents,
} from '../../lib/openapi/answers.ts'
import { openApiYaml } from '../../lib/openapi/document.ts'
import { ROUTES } from '../../lib/openapi/routes.ts'
import { type Answer, routesOf } from '../handlers/routes.ts'
import { aWorld } from '../support/world.ts'

const PROJECT = join(import.meta.dirname, '..', '..')

/** A body that the demo world lets in. */
function anAsk(world: ReturnType<typeof aWorld>) {
  const [entitlement] = Object.values(world.access.entitlements)
  if (!entitlement) throw new Error('the world has no entitlement')
  const parameters = Object.fromEntries(
    Object.entries(entitlement.parameters).map(([name, { example }]) => [name, example]),
  )
  return { entitlement: entitlement.id, parameters, reason: 'to look into what a customer reported' }
}

function said(answer: Answer, status: number) {
  expect({ status: answer.status, body: answer.body }).toMatchObject({ status })
  return answer.body
}

describe('docs/openapi.yaml', () => {
  it('OPS-02 is what the schemas give (else: node bin/write-openapi.ts)', () => {
    expect(readFileSync(join(PROJECT, 'docs/openapi.yaml'), 'utf8')).toBe(openApiYaml())
  })

  it('OPS-02 has every route that is deployed, and no other', () => {
    const deployed = readdirSync(join(PROJECT, 'lib'))
      .filter(name => name.endsWith('.ts'))
      .flatMap(name => [...readFileSync(join(PROJECT, 'lib', name), 'utf8').matchAll(/\.route\(\s*'(?<route>[^']+)'/g)])
      .map(({ groups }) => groups?.route ?? '')

    expect(Object.keys(ROUTES).sort()).toEqual(deployed.sort())
  })

  it('OPS-02 tells the limits of a reason', () => {
    expect(openApiYaml()).toMatch(/reason:\n +type: string\n +minLength: 4\n +maxLength: 1000/)
  })
})

describe('the answers', () => {
  it('OPS-02 of a request from the ask to the end are as the document says', async () => {
    const world = aWorld()
    const { create, entitlements, list, preview, read, cancel } = routesOf(world)
    const body = anAsk(world)
    $Entitlements.parse(said(await entitlements({ path: '/entitlements' }), 200))
    $Preview.parse(said(await preview({ method: 'POST', path: '/requests/preview', body }), 200))
    const { requestId } = $Request.parse(said(await create({ method: 'POST', path: '/requests', body }), 202))
    const path = `/requests/${requestId}`

    await world.askApprovers(requestId)
    await world.decide('bob')
    await world.issue(requestId)
    await world.attach(requestId)
    world.clock.setTo((await world.granted(requestId)).grant.notAfter)
    await world.end(requestId, false)

    const ended = $RequestWithEvents.parse(said(await read({ path }), 200))
    expect(ended).toMatchObject({ status: 'ENDED', endCause: 'expired', receipt: { policy: 'NoSuchEntity' } })
    expect($Requests.parse(said(await list({ path: '/requests' }), 200)).requests).toHaveLength(1)
    expect($Problem.parse(said(await cancel({ method: 'POST', path: `${path}/cancel` }), 409)).code).toBe('not-pending')
  })

  it('OPS-02 to what is refused are as the document says', async () => {
    const world = aWorld()
    const { create, preview, read, list } = routesOf(world)
    const body = { ...anAsk(world), duration: 'P9D' }

    const refused = $Preview.parse(said(await preview({ method: 'POST', path: '/requests/preview', body }), 200))
    expect(refused).toMatchObject({ decision: 'refused', code: 'duration-too-long' })
    $Problem.parse(said(await create({ method: 'POST', path: '/requests', body }), 403))
    $Problem.parse(said(await create({ method: 'POST', path: '/requests', body: { entitlement: 1 } }), 400))
    $Problem.parse(said(await read({ path: '/requests/none' }), 404))
    $Problem.parse(said(await list({ path: '/requests?limit=0' }), 400))
    $Requests.parse(said(await list({ path: '/requests' }), 200))
  })
})
