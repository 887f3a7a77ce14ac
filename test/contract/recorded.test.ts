import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { SFNClient } from '@aws-sdk/client-sfn'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { DynamoFreezeStore } from '../../lambdas/adapters/dynamo-freeze-store.ts'
import { DynamoLinkStore } from '../../lambdas/adapters/dynamo-link-store.ts'
import { DynamoTaskTokenStore } from '../../lambdas/adapters/dynamo-task-token-store.ts'
import { SfnAnswers } from '../../lambdas/adapters/sfn-workflow.ts'
import { BOOKS_OPEN } from '../../lambdas/contract/keys.ts'
import { readEvent, readRequest, requestRow } from '../../lambdas/contract/rows.ts'
import { $AskInput, $Attached, $DetachInput, $ExecutionInput, $StepInput } from '../../lambdas/contract/workflow.ts'
import { ASK_ENDED, STAGE_PASSED } from '../../lambdas/domain/errors.ts'
import { approvalHash } from '../../lambdas/domain/grant.ts'
import { verifyChain } from '../../lambdas/domain/ledger.ts'
import { statusByLedger } from '../../lambdas/domain/lifecycle.ts'
import { aWorld, type World } from '../support/world.ts'

/*
 * What version 0.1.0 (contract 1) wrote, recorded from its own code, and the schemas it read with. A running execution keeps the
 * code it began with while newer code writes to the same rows, so both directions must hold: today reads what was written then,
 * and then would have read what is written today. Recorded files are never edited; a new contract is recorded beside them.
 */
const recorded = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8'))

const $row = z.record(z.string(), z.unknown())
const $moments = z.record(z.string(), z.object({ request: $row, events: z.array($row).min(1) }))
const moments = Object.entries($moments.parse(recorded('requests')))
const links = z.array($row).parse(recorded('links'))
const tokens = z.array($row).parse(recorded('task-tokens'))
const freezes = z.array($row).parse(recorded('freezes'))
const { executionInput, states } = recorded('states')
const thenReads = (name: string) => z.fromJSONSchema(recorded('schemas')[name])

/** What DynamoDB keeps of a row. */
const stored = (row: object) => $row.parse(JSON.parse(JSON.stringify(row)))

/** A table that answers every read with one row, and remembers what is put. */
function tableOf(row: object) {
  const put: Record<string, unknown>[] = []
  const base = new DynamoDBClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } })
  const client = DynamoDBDocumentClient.from(base)
  client.middlewareStack.add(
    () => async args => {
      const { Item } = z.object({ Item: $row.optional() }).parse(args.input)
      if (Item) put.push(stored(Item))
      return { output: { $metadata: {}, Item: row }, response: {} }
    },
    { step: 'initialize', priority: 'high' },
  )
  return { client, put }
}

/** Lives as they are lived today, at every moment of them. */
async function today(): Promise<World> {
  const world = aWorld()
  const asked = await world.asked({ ticket: 'OPS-17' })
  await world.goOn(asked.id)
  await world.asked().then(({ id }) => world.cancel(id))
  await world.asked().then(() => world.decide('bob', { decision: 'deny' }))
  const expired = await world.active()
  await world.endEarly((await world.active()).id)
  await world.approved()
  world.clock.setTo(expired.grant.notAfter)
  await world.end(expired.id)
  await world.active()
  return world
}

describe('what was stored by contract 1', () => {
  it.each(moments)(
    'END-07 FI-16: a request recorded as “%s” is read as it was, event by event',
    (_, { request, events }) => {
      const read = readRequest(request)
      const ledger = events.map(readEvent)

      // Contract 1 closed no books: written again, what is over goes into the index of those that are open.
      const indexed = read.grant && read.ending ? { open: BOOKS_OPEN } : {}
      expect(stored(requestRow(read))).toEqual({ ...request, ...indexed })
      const chain = verifyChain(read.id, ledger)
      expect(chain).toMatchObject({ outcome: 'intact', head: read.lastEvent })
      expect(statusByLedger(ledger)).toBe(read.status)
    },
  )

  it('END-07 FI-16: a grant that was approved has the hash of its approval today', () => {
    const approved = moments.flatMap(([moment, { request, events }]) => {
      const { details } = events.map(readEvent).find(({ type }) => type === 'approved') ?? {}
      return details ? [{ moment, request: readRequest(request), hash: details.approvalHash }] : []
    })

    expect(approved.length).toBeGreaterThanOrEqual(8)
    for (const { moment, request, hash } of approved) {
      expect([moment, request.grant && approvalHash(request, request.grant)]).toEqual([moment, hash])
    }
  })

  it('END-07 FI-16: links, task tokens and freezes are read as they were', async () => {
    for (const row of links) {
      const { expiresAt, ...link } = (await new DynamoLinkStore(tableOf(row).client, 't').find('x')) ?? {}
      expect(row).toMatchObject({ ...link, expiresAt: expiresAt?.toISOString().replace('.000', '') })
      expect(link).toMatchObject({ approver: row.approver, stage: row.stage, state: row.state })
    }
    expect(await new DynamoTaskTokenStore(tableOf(tokens[0] ?? {}).client, 't').find('x')).toBe('the-token')
    const freeze = await new DynamoFreezeStore(tableOf(freezes[0] ?? {}).client, 't').current()
    expect(freeze).toEqual({ by: 'adam', at: new Date('2027-03-01T10:00:00Z'), reason: 'an intruder' })
  })
})

describe('what is stored today', () => {
  it('END-07 FI-16: can be read by an execution that began with contract 1', async () => {
    const { store } = await today()
    const rows = [...store.rows.values()].map(text => $row.parse(JSON.parse(text)))
    const requests = rows.filter(({ kind }) => kind === 'request')
    const events = rows.filter(({ kind }) => kind === 'event')

    expect(new Set(requests.map(({ status }) => status)).size).toBe(6)
    for (const row of requests) expect(thenReads('request').safeParse(row)).toMatchObject({ success: true })
    expect(events.length).toBeGreaterThan(20)
    for (const row of events) expect(thenReads('event').safeParse(row)).toMatchObject({ success: true })
  })

  it('END-07 FI-16: lacks no member that contract 1 demands, and would be refused without one', async () => {
    const { store } = await today()
    const row = [...store.rows.values()]
      .map(text => $row.parse(JSON.parse(text)))
      .find(({ kind }) => kind === 'request')
    const demanded = z.array(z.string()).parse(recorded('schemas').request.required)

    expect(demanded.length).toBeGreaterThan(10)
    for (const member of demanded) {
      const { [member]: _, ...without } = row ?? {}
      expect([member, thenReads('request').safeParse(without).success]).toEqual([member, false])
    }
  })

  it('END-07 FI-16: a link is read by the code of contract 1', async () => {
    const { links: kept } = await today()
    const { client, put } = tableOf({})
    await new DynamoLinkStore(client, 't').put([...kept.rows.values()])

    expect(put.length).toBeGreaterThan(3)
    for (const row of put) expect(thenReads('link').safeParse(row)).toMatchObject({ success: true })
  })
})

describe('what the states hand each other', () => {
  const $steps = {
    'Ask the approvers': $AskInput,
    'Climb the ladder': $ExecutionInput,
    'Issue the policy': $StepInput,
    'Attach the policy': $StepInput,
    'Detach the policy': $DetachInput,
  }

  it('END-07 FI-16: the input of an execution of contract 1 is taken by every state of today', () => {
    expect($ExecutionInput.parse(executionInput)).toEqual(executionInput)
    for (const [state, $input] of Object.entries($steps)) {
      expect([state, $input.safeParse(states[state].input)]).toMatchObject([state, { success: true }])
    }
    expect($Attached.parse(states['Attach the policy'].output)).toEqual(states['Attach the policy'].output)
  })

  it('END-07 FI-16: the answer to a wait is what the states of contract 1 take', async () => {
    const outputs: string[] = []
    const client = new SFNClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 's' } })
    client.middlewareStack.add(
      () => async args => {
        const { output, error } = z
          .object({ output: z.string().optional(), error: z.string().optional() })
          .parse(args.input)
        outputs.push(output ?? error ?? '')
        return { output: { $metadata: {} }, response: {} }
      },
      { step: 'initialize' },
    )
    const answers = new SfnAnswers(client)
    await answers.approve('token', executionInput.requestId)
    await answers.askNextStage('token')
    await answers.close('token', 'DENIED')

    const [approval = '', ...errors] = outputs
    expect(thenReads('stepInput').parse(JSON.parse(approval))).toEqual(recorded('states').approval)
    // The names its Catch compares with; another name would not be caught.
    expect(errors).toEqual(['Lapse.StagePassed', 'Lapse.AskEnded'])
    expect([STAGE_PASSED, ASK_ENDED]).toEqual(errors)
  })
})
