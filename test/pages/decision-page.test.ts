import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { LONGEST_COMMENT } from '../../lambdas/domain/request.ts'
import { type DecisionView, decisionPage } from '../../lambdas/pages/decision-page.ts'
import { visible } from '../../lambdas/pages/visible.ts'
import { aboutRequest, decisionView, hold } from '../support/page-samples.ts'

const page = decisionPage(decisionView)
const withReason = (reason: string): string =>
  decisionPage({ ...decisionView, request: { ...decisionView.request, reason } })
const retried = (problem: NonNullable<DecisionView['retry']>['problem'], comment = ''): string =>
  decisionPage({ ...decisionView, retry: { problem, comment } })

/** Written again here, so that the page is not checked by its own tool. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

const twoOfTwo: NonNullable<DecisionView['stage']> = {
  name: 'security',
  number: 2,
  count: 3,
  quorum: 2,
  approvers: 4,
  isLastApproval: false,
  given: [
    {
      stage: 'team lead',
      approver: 'Bob Example',
      at: new Date('2027-03-01T11:00:00Z'),
      comment: 'Half of it will do.',
      durationSeconds: 900,
    },
  ],
  missing: 2,
  canStillAnswer: ['Carol Example', 'Dave Example', 'Erin Example'],
}

const MARK = 'zzMARKzz'
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        '<script>',
        '</blockquote>',
        '</textarea>',
        '<!--',
        '-->',
        ']]>',
        '"',
        "'",
        '&lt;',
        '&',
        '<',
        '>',
        '`',
        '\n',
        '\r',
        '\u0000',
        '\u202E',
        '\u200B',
        '\uD800',
        ' onfocus=',
        '=1+1',
      ),
      { maxLength: 40 },
    )
    .map(parts => parts.join('')),
)

describe('decisionPage', () => {
  it.each([
    ['requester', 'Alice Example &lt;alice@example.com&gt;'],
    ['IAM principal', 'arn:aws:iam::111122223333:user/people/alice'],
    ['entitlement', 'Reads one table of orders and the log of the service that writes it.'],
    ['risk', 'Medium'],
    ['exact actions', '<code>dynamodb:Query</code>'],
    ['exact resources', '<code>arn:aws:dynamodb:eu-central-1:111122223333:table/orders-2027</code>'],
    ['conditions', '<code>StringEquals aws:RequestedRegion eu-central-1</code>'],
    ['rendered policy', '&quot;Effect&quot;: &quot;Allow&quot;'],
    ['fence of time and person', 'AIDAEXAMPLEALICE00001'],
    ['duration', '30 minutes'],
    ['window', 'From the moment you approve, for 30 minutes.'],
    ['reason', 'Order 4711 is stuck between paid and shipped.\nI need'],
    ['ticket', 'OPS-2214'],
    ['rule', 'on-call-engineers'],
    ['history', 'Asked 12 times, granted 11 times in the last 90 days'],
    ['last time asked', 'Mon 22 Feb 2027, 09:31 (Europe/Berlin)'],
    ['off-hours flag', 'Off-hours'],
    ['time to answer, for the approver and in UTC', 'Mon 1 Mar 2027, 15:57 (Europe/Berlin) · 14:57 UTC'],
    ['stage', 'team lead, 1 of 1'],
  ])('APP-03 shows the %s', (_, text) => {
    expect(page).toContain(text)
  })

  it('APP-03 shows the statements whole, as JSON that reads back', () => {
    const json = /<pre>([\s\S]*)<\/pre>/.exec(page)?.[1]?.replaceAll('&quot;', '"') ?? ''

    expect(JSON.parse(json)).toEqual(
      aboutRequest.statements.map(({ actions, resources, conditions }) => ({
        Effect: 'Allow',
        Action: actions,
        Resource: resources,
        ...(conditions && { Condition: conditions }),
      })),
    )
  })

  it('APP-03 says the window from the earliest start, and from the last approval where more are needed', () => {
    const late = decisionPage({
      ...decisionView,
      request: { ...decisionView.request, earliestStart: new Date('2027-03-01T22:30:00Z') },
      stage: twoOfTwo,
    })

    expect(late).toContain(
      'From Mon 1 Mar 2027, 23:30 (Europe/Berlin) · 22:30 UTC, or from the moment the last approval is given',
    )
    expect(late).toContain('More approvals are needed after yours.')
  })

  it('APP-05 shows which stage of how many is open, who has agreed with their words, and who is still needed', () => {
    const second = decisionPage({ ...decisionView, stage: twoOfTwo })

    expect(second).toContain('<h2 id="standing">Where it stands</h2>')
    expect(second).toContain('security, 2 of 3')
    expect(second).toMatch(
      /Bob Example, Mon 1 Mar 2027, 12:00 \(Europe\/Berlin\) · 11:00 UTC, for 15 minutes at most, for stage team lead/,
    )
    expect(second).toContain('<blockquote>Half of it will do.</blockquote>')
    expect(second).toContain('2 of Carol Example, Dave Example, Erin Example')
    expect(second).toContain('Then one more stage is asked')
  })

  it('APP-05 shows nothing of stages where one person alone decides', () => {
    expect(page).not.toContain('Where it stands')
  })

  it('APP-08 offers shorter durations in words, the whole one first, and cannot be asked for more', () => {
    const options = [...page.matchAll(/<option[^>]*>[^<]*<\/option>/g)].map(([option]) => option)

    expect(options).toEqual([
      '<option value="">30 minutes, as asked</option>',
      '<option value="PT15M">15 minutes</option>',
      '<option value="PT7M">7 minutes</option>',
    ])
    expect(page).toMatch(/Approve<\/button>/)
  })

  it('APP-08 says who allowed less, everywhere the duration stands', () => {
    const shortened = { seconds: 900, by: 'Bob Example' }
    const second = decisionPage({ ...decisionView, shortened, shorter: [420] })

    expect(second).toContain('<dt>Duration</dt><dd>15 minutes</dd>')
    expect(second).toContain('15 minutes, allowed by Bob Example</p><p>Asked for: 30 minutes')
    expect(second).toContain('From the moment you approve, for 15 minutes.')
    expect(second).toContain('<option value="">15 minutes, as allowed so far</option>')
    expect(second).not.toContain('value="PT30M"')
  })

  it('APP-08 has no choice of durations where none is shorter, and the button says how long', () => {
    const only = decisionPage({ ...decisionView, shorter: [] })

    expect(only).not.toContain('<select')
    expect(only).toMatch(/Approve for 30 minutes<\/button>/)
  })

  it('APP-08 escapes what approvers wrote', () => {
    const given = twoOfTwo.given.map(approval => ({
      ...approval,
      approver: '<b>Bob</b>',
      comment: '</blockquote><script>',
    }))
    const hostile = decisionPage({
      ...decisionView,
      stage: { ...twoOfTwo, given },
      shortened: { seconds: 900, by: '<b>Bob</b>' },
    })

    expect(hostile).not.toMatch(/<script|<b>/)
  })

  it('APP-03 says nothing about history and hours it was not given', () => {
    const bare = decisionPage({ ...decisionView, history: undefined, offHours: undefined, stage: undefined })

    expect(bare).not.toMatch(/History|Off-hours|<dt>Stage/)
  })

  it('APP-03 says the end of the link when that comes before the end of the request', () => {
    const soon = decisionPage({ ...decisionView, linkExpiresAt: new Date('2027-03-01T12:00:00Z') })

    expect(soon).toMatch(/Answer by<\/dt><dd>Mon 1 Mar 2027, 13:00 \(Europe\/Berlin\)/)
  })

  it('APP-01 posts to its own address, with two answers and no default', () => {
    const buttons = [...page.matchAll(/<button[^>]*>/g)].map(match => match[0])

    expect(page).toContain('<form method="post">')
    expect(buttons).toEqual([
      '<button type="submit" disabled hidden>',
      '<button class="approve" name="decision" value="approve">',
      '<button class="deny" name="decision" value="deny">',
    ])
  })

  it('APP-04 carries the hash of what it shows', () => {
    expect(page).toContain(`<input type="hidden" name="seen" value="${decisionView.seen}">`)
  })

  it('ANO-05 says before both buttons that a finding holds, of what rule, and what can be done', () => {
    const held = decisionPage({ ...decisionView, hold })
    const flag = /<p class="flag" id="held">(?<words>.*)<\/p>/.exec(held)

    expect(flag?.groups?.words).toBe(
      '<strong>Held.</strong> An open finding holds back what Alice Example asks for: Tries what they may not have ' +
        '(<code>01MGFND1NG0000000000000001</code>). No approval is taken until an administrator or an auditor has closed it; ' +
        'then this link still works. You can deny now.',
    )
    expect(flag?.index).toBeLessThan(held.indexOf('name="decision"'))
    expect(held).toContain('<button class="approve" name="decision" value="approve" aria-describedby="held">')
    expect(held).toContain(`<input type="hidden" name="seen" value="${decisionView.seen}">`)
    expect(page).not.toContain('Held')
  })

  it('ANO-05 says of an approval that a finding held that it was not taken, with the way to the finding', () => {
    const notTaken = decisionPage({ ...decisionView, hold, retry: { problem: { kind: 'held' }, comment: 'Only one.' } })

    expect(notTaken).toContain('<strong>Nothing is decided yet.</strong>')
    expect(notTaken).toContain('<a href="#held">Your approval was not taken: a finding holds it.')
    expect(notTaken).toContain('Only one.')
  })

  it('APP-02 asks for six digits where the entitlement wants the code', () => {
    const input = /<input class="digits"[^>]*>/.exec(page)?.[0] ?? ''

    for (const part of [
      'name="code"',
      'inputmode="numeric"',
      'autocomplete="off"',
      'pattern="[0-9]{6}"',
      ' required',
    ]) {
      expect(input).toContain(part)
    }
    expect(page).toContain('<label for="code">')
  })

  it('APP-02 has no code field where the entitlement wants none', () => {
    const open = decisionPage({ ...decisionView, codeRequired: false })

    expect(open).not.toContain('name="code"')
    expect(open).toContain('value="deny"')
  })

  it('APP-02 says a wrong code with the tries left, at the top and at the field, and keeps the comment', () => {
    const again = retried({ kind: 'wrong-code', triesLeft: 2 }, '\nOnly <this> one')

    expect(again).toContain('role="alert"')
    expect(again).toMatch(/<a href="#code">[^<]*2 tries are left/)
    expect(again).toContain('aria-describedby="code-hint code-wrong" aria-invalid="true"')
    expect(again).toContain('id="code-wrong"')
    expect(again).toContain('>\n\nOnly &lt;this&gt; one</textarea>')
    expect(again).toContain('<title>Error: ')
  })

  it('APP-02 says that what is no code costs no try', () => {
    expect(retried({ kind: 'not-a-code' })).toContain('This did not count as a try.')
    expect(retried({ kind: 'wrong-code', triesLeft: 1 })).toContain('One try is left')
  })

  it('APP-01 points to the answers when none was chosen, and to the comment when it is too long', () => {
    expect(retried({ kind: 'no-decision' })).toContain('<a href="#decide">Choose Approve or Deny.</a>')
    expect(retried({ kind: 'comment-too-long' })).toContain(`longer than ${LONGEST_COMMENT} characters`)
  })

  it('T10 holds every reason as one text, whatever is in it', () => {
    const skeleton = withReason(MARK).split(MARK)
    expect(skeleton).toHaveLength(2)

    fc.assert(
      fc.property(hostileText, reason => {
        expect(withReason(reason)).toBe(skeleton.join(escaped(visible(reason))))
      }),
      { numRuns: 10_000 },
    )
  }, 60_000)

  it('T10 holds every comment, name, ticket and parameter as one text', () => {
    const pageWith = (text: string): string =>
      decisionPage({
        ...decisionView,
        requester: { name: text, email: text },
        approver: { ...decisionView.approver, name: text },
        request: { ...decisionView.request, ticket: text, parameters: { table: text } },
        retry: { problem: { kind: 'no-decision' }, comment: text },
      })
    const skeleton = pageWith(MARK).split(MARK)

    fc.assert(
      fc.property(hostileText, text => {
        expect(pageWith(text)).toBe(skeleton.join(escaped(visible(text))))
      }),
      { numRuns: 1000 },
    )
  })
})
