import * as z from 'zod/mini'
import { $Request } from '../api/answers.ts'
import { API_OPTIONS, apiGiven, apiOf, parsedAnswer } from '../api/api-command.ts'
import { untilGranted } from '../api/until-granted.ts'
import { ASK_OPTIONS, askBody, askGiven, ENTITLEMENT_ARGUMENT, KEY_OPTION, TICKET_OPTION } from '../asking.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit.ts'
import { $switch, $text } from '../given.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { requestText } from '../print/request-text.ts'

export const request = command({
  name: 'request',
  does: 'ask for an entitlement',
  examples: [
    'lapse request orders-read --reason "Customer 4711 misses an order" --param bucket=acme-orders-2026',
    'lapse request table-repair --reason "Put order 17 right" --duration 15m --wait',
  ],
  arguments: [ENTITLEMENT_ARGUMENT],
  options: [
    { form: '--reason <reason>', does: 'why; approvers read it (required)' },
    ...ASK_OPTIONS,
    TICKET_OPTION,
    KEY_OPTION,
    { form: '--wait', does: 'tell what happens until the grant is in force, or will not be' },
    ...API_OPTIONS,
  ],
  given: z.object({
    ...apiGiven,
    ...askGiven,
    reason: z.string('must say why you need it'),
    ticket: $text,
    key: $text,
    wait: $switch,
  }),
  async run({ json, api: url, region, as, reason, ticket, key, wait, ...asked }, surroundings) {
    const api = apiOf({ api: url, region, as }, surroundings)
    const body = { ...askBody(asked), reason, ...(ticket !== undefined && { ticket }) }
    const answer = await api.post('/requests', body, { 'idempotency-key': key ?? surroundings.newKey() })
    const made = parsedAnswer($Request, answer)
    if (wait) return untilGranted(api, made.requestId, json, surroundings)
    const { out } = surroundings
    if (json) printJson(surroundings, answer)
    else out.write(requestText(made, inkFor(out, surroundings)))
    return EXIT.ok
  },
})
