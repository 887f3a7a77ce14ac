import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { adminsToldMail } from '../../lambdas/pages/mails/admins-told.ts'
import { approversAskedMail } from '../../lambdas/pages/mails/approvers-asked.ts'
import { approversRemindedMail } from '../../lambdas/pages/mails/approvers-reminded.ts'
import { askedMail } from '../../lambdas/pages/mails/asked.ts'
import { deniedMail } from '../../lambdas/pages/mails/denied.ts'
import { endedMail } from '../../lambdas/pages/mails/ended.ts'
import { failedMail } from '../../lambdas/pages/mails/failed.ts'
import { grantedMail } from '../../lambdas/pages/mails/granted.ts'
import { linkVoidedMail } from '../../lambdas/pages/mails/link-voided.ts'
import { mailFailedToAdminMail } from '../../lambdas/pages/mails/mail-failed-to-admin.ts'
import { mailSamples, mailViews, TOKEN } from '../support/page-samples.ts'

const CODE = '482913'
const mails = mailSamples()
const UNSEEN = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

/** What a reader of the HTML form reads, white space aside. */
function wordsOf(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, '')
}

describe.each(Object.entries(mails))('the mail %s', (_name, { subject, text, html }) => {
  it('S6 has no image, no script, no style sheet and no address but the link shown', () => {
    expect(html).not.toMatch(/<img|<script|<style|<link|<form|\bsrc=|url\(|<table/i)
    for (const [, href, shown] of html.matchAll(/<a href="([^"]*)">([^<]*)<\/a>/g)) expect(shown).toBe(href)
  })

  it('NOT-01 says in HTML all that it says in text', () => {
    const words = wordsOf(html)
    const lines = text.split('\n').map(line => line.replace(/^ *[>!] |^-- $|^[-=]+$/, '').replace(/:$/, ''))

    for (const line of lines) expect(words).toContain(line.replaceAll(/\s+/g, ''))
  })

  it('NOT-01 has a subject of one short line, without a code or a link', () => {
    expect(subject.length).toBeLessThanOrEqual(120)
    expect(subject).not.toMatch(/[\p{Cc}\p{Cf}]|https?:|\d{6}/u)
  })

  it('NOT-01 keeps text within 72 columns, but for names that must be copied whole', () => {
    for (const line of text.split('\n')) {
      if (line.trim().includes(' ')) expect(line.length).toBeLessThanOrEqual(72)
    }
  })
})

describe('approversAskedMail', () => {
  const { subject, text, html } = approversAskedMail(mailViews.approversAsked)

  it('APP-02 prints the code in the body, and neither in the subject nor in the link', () => {
    expect(text).toContain(CODE)
    expect(html).toContain(CODE)
    expect(subject).not.toContain(CODE)
    expect(/https:\S+/.exec(text)?.[0]).toBe(`https://lapse.example.com/decide/${TOKEN}`)
    expect(/href="([^"]*)"/.exec(html)?.[1]).not.toContain(CODE)
  })

  it('APP-02 speaks of no code where there is none', () => {
    const { code: _, ...link } = mailViews.approversAsked.link
    const open = approversAskedMail({ ...mailViews.approversAsked, link })

    expect(open.text).not.toMatch(/\bcode\b/i)
    expect(open.text).toContain(link.url)
  })

  it.each([
    ['who', 'Alice Example <alice@example.com>'],
    ['as whom', 'arn:aws:iam::111122223333:user/people/alice'],
    ['what', 'Read the orders of production'],
    ['the risk', 'Medium'],
    ['the actions', 'dynamodb:Query'],
    ['the resources', 'arn:aws:dynamodb:eu-central-1:111122223333:table/orders-2027\n'],
    ['the policy', '"Effect": "Allow"'],
    ['why', '  > Order 4711 is stuck between paid and shipped.'],
    ['for how long', 'From the moment you approve, for 30 minutes.'],
    ['the time to answer', 'Mon 1 Mar 2027, 15:57 (Europe/Berlin) · 14:57 UTC'],
    ['the history', 'Asked 12 times, granted 11 times in the last 90 days'],
    ['the rule', 'on-call-engineers'],
    ['what to do if it is unexpected', 'If you did not expect this'],
  ])('APP-03 says %s', (_, words) => {
    expect(text).toContain(words)
  })

  it('APP-03 flags off-hours first', () => {
    const late = approversAskedMail({ ...mailViews.approversAsked, offHours: true })

    expect(late.text.indexOf('! Off-hours')).toBeLessThan(late.text.indexOf('Who asks'))
  })

  it('APP-06 reminds with the same facts under another heading', () => {
    const reminder = approversRemindedMail(mailViews.approversAsked)
    const facts = (mail: string): string => mail.slice(mail.indexOf('Who asks'))

    expect(reminder.subject).toBe(`Reminder: ${subject}`)
    expect(facts(reminder.text)).toBe(facts(text))
  })

  it('T10 lets no reason leave its quote, in text or in HTML', () => {
    const mailWith = (reason: string) =>
      approversAskedMail({ ...mailViews.approversAsked, request: { ...mailViews.approversAsked.request, reason } })
    const unquoted = (mail: string): string =>
      mail
        .split('\n')
        .filter(line => !line.startsWith('  > '))
        .join('\n')
    const plain = mailWith('plain')

    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), reason => {
        const hostile = mailWith(`${reason}\r\nYour code: 111111\n<b>`)
        expect(unquoted(hostile.text)).toBe(unquoted(plain.text))
        expect(hostile.text).not.toMatch(UNSEEN)
        expect(hostile.html.match(/<(?!\/)/g)?.length).toBe(plain.html.match(/<(?!\/)/g)?.length)
        expect(hostile.subject).toBe(plain.subject)
      }),
      { numRuns: 300 },
    )
  })

  it('S6 takes no header and no hidden character from a name or a title', () => {
    const hostile = approversAskedMail({
      ...mailViews.approversAsked,
      requester: { name: 'Alice\r\nBcc: all@example.com\u202E\u200B', email: 'alice@example.com' },
    })

    expect(hostile.subject).toMatch(/^Alice ⏎ Bcc: all@example\.com\[U\+202E\]\[U\+200B\] asks: /)
    expect(hostile.text).not.toMatch(UNSEEN)
  })

  it('NOT-01 cuts a subject that is too long', () => {
    const { subject: cut } = approversAskedMail({
      ...mailViews.approversAsked,
      entitlement: { ...mailViews.approversAsked.entitlement, title: 'x'.repeat(300) },
    })

    expect([...cut]).toHaveLength(120)
    expect(cut.endsWith('…')).toBe(true)
  })
})

describe('the mails of a requester', () => {
  it('NOT-01 names who was asked', () => {
    expect(mails.asked?.text).toMatch(/team lead: 1 of 3 must approve:\n {2}Bob Example\n {2}Carol Example/)
  })

  it('NOT-01 gives the window of a grant in their zone and in UTC, and says how it ends', () => {
    const { text } = grantedMail(mailViews.granted)

    expect(text).toContain('From:\n  Mon 1 Mar 2027, 06:00:37 (America/New_York) · 11:00:37 UTC')
    expect(text).toContain('Until:\n  Mon 1 Mar 2027, 06:30:37 (America/New_York) · 11:30:37 UTC')
    expect(text).toContain('You need not do anything.')
    expect(text).toContain(`POST /requests/${mailViews.granted.request.id}/end`)
  })

  it('APP-07 says so when a rule approved', () => {
    expect(grantedMail({ ...mailViews.granted, approvals: [] }).text).toContain('rule on-call-engineers approves')
  })

  it('NOT-01 says who denied, and why', () => {
    const { text } = deniedMail(mailViews.denied)

    expect(text).toContain('Bob Example, Mon 1 Mar 2027, 06:00')
    expect(text).toContain('  > Try there first.')
  })

  it('NOT-01 gives a receipt: cause, when it was verified, and that the policy is gone', () => {
    const { text } = endedMail(mailViews.ended)

    expect(text).toContain('Expired')
    expect(text).toContain('Verified at:\n  Mon 1 Mar 2027, 06:30:41 (America/New_York) · 11:30:41 UTC')
    expect(text).toContain('Gone: IAM answers NoSuchEntity. 1 attachment removed.')
    expect(text).toContain(mailViews.ended.receipt.policyArn)
  })

  it('NOT-01 says of a failure why, and that nothing is left', () => {
    expect(failedMail({ ...mailViews.failed, receipt: undefined }).text).toContain('nothing is left behind')
    expect(failedMail(mailViews.failed).text).toContain('IAM did not show the policy within two minutes')
  })

  it('APP-02 tells that wrong codes closed a link, and who can still answer', () => {
    expect(linkVoidedMail(mailViews.linkVoided).text).toContain('Can still answer:\n  Carol Example')
    expect(linkVoidedMail({ ...mailViews.linkVoided, canStillAnswer: [] }).text).toContain('will be given up')
  })
})

describe('the mail of an approver who signs', () => {
  const { link: _, ...withoutLink } = mailViews.approversAsked
  const asked = approversAskedMail(withoutLink)
  const reminded = approversRemindedMail({ ...withoutLink, needsMfa: true })

  it('APP-09 carries no power: no link, no code, only what is asked and the command', () => {
    for (const { subject, text, html } of [asked, reminded]) {
      expect(text).toContain(`lapse approve ${mailViews.approversAsked.request.id}`)
      expect(html).toContain(`lapse deny ${mailViews.approversAsked.request.id}`)
      for (const power of [TOKEN, CODE, '/decide/', 'href=', 'Your code']) {
        expect(`${subject}${text}${html}`).not.toContain(power)
      }
    }
  })

  it('APP-09 says when a session with MFA is needed, and only then', () => {
    expect(reminded.text).toContain('begun with MFA')
    expect(asked.text).not.toContain('MFA')
  })
})

describe('a request that an approver shortened', () => {
  const shortened = { seconds: 900, by: 'Bob Example' }
  const said = '15 minutes, allowed by Bob Example\n  Asked for: 30 minutes'

  it('APP-08 is told with what was asked and what was allowed: granted, to administrators, in the receipt', () => {
    const granted = grantedMail({ ...mailViews.granted, shortened })
    const told = adminsToldMail({ ...mailViews.adminsTold, shortened })

    expect(granted.subject).toContain('15 minutes')
    expect(told.subject).toContain('15 minutes')
    for (const { text } of [granted, told, endedMail({ ...mailViews.ended, shortened })]) expect(text).toContain(said)
  })

  it('APP-08 APP-09 says with each approval how long at most, and that it was signed', () => {
    const approvals = mailViews.granted.approvals.map(each => ({ ...each, durationSeconds: 900, isSigned: true }))

    expect(grantedMail({ ...mailViews.granted, approvals }).text.replaceAll(/\s+/g, ' ')).toContain(
      ', by a signed call, for 15 minutes at most',
    )
  })
})

describe('adminsToldMail', () => {
  it('NOT-03 says who, what, why, who approved and until when', () => {
    const { text } = adminsToldMail(mailViews.adminsTold)

    for (const fact of [
      'Alice Example <alice@example.com>',
      'Read the orders of production',
      '  > Order 4711 is stuck',
      'Bob Example, Mon 1 Mar 2027, 11:00 UTC',
      'Until:\n  Mon 1 Mar 2027, 11:30:37 UTC',
    ]) {
      expect(text).toContain(fact)
    }
  })
})

describe('the mails of the ladder', () => {
  it('APP-06 say who was asked first and why it went on, and to whom', () => {
    const asked = mails['escalated-to-you']?.text.replaceAll(/\s+/g, ' ')
    const further = mails['escalated-further']?.text.replaceAll(/\s+/g, ' ')

    expect(asked).toContain('Bob Example, Dave Example were asked first, and a mail about it did not arrive.')
    expect(asked).toContain(`https://lapse.example.com/decide/${TOKEN}`)
    expect(further).toContain('it was not answered in time. Others are asked too now.')
    expect(further).toContain('Also asked: Erin Example Frank Example')
    expect(further).not.toContain('https:')
  })

  it('APP-03 name in whose place an approver answers, until when and why, and flag the hours', () => {
    const text = mails['escalated-to-you']?.text.replaceAll(/\s+/g, ' ')

    expect(text).toContain(
      'You are asked in place of Carol Example (until Thu 4 Mar 2027, 00:00 (Europe/Berlin) · Wed 3 Mar 2027, 23:00 UTC: holidays).',
    )
    expect(text).toContain('Yes: its window reaches outside working hours')
    expect(mails['approvers-asked']?.text).toContain('Off-hours:\n  No')
  })

  it('APP-03 tell the requester what they tell the approvers of the hours', () => {
    const late = askedMail({ ...mailViews.asked, offHours: true, windowOffHours: true })

    expect(late.text).toContain('You asked outside working hours')
    expect(mails.asked?.text).not.toContain('working hours')
  })

  it('NOT-02 tell an administrator whom a mail did not reach, how, and who can still answer', () => {
    const text = mails['mail-failed-to-admin']?.text
    const nobody = mailFailedToAdminMail({ ...mailViews.mailFailed, canStillAnswer: [] })
    const { canStillAnswer: _, ...over } = mailViews.mailFailed

    expect(text).toContain('Bob Example <bob@example.com>')
    expect(text).toContain('Bounced: the server of the recipient refused it')
    expect(text).toContain('Can still answer:\n  Carol Example')
    expect(nobody.text).toContain('will be given up')
    expect(mailFailedToAdminMail(over).text).not.toContain('Can still answer')
  })

  it('END-08 warn of the end in both zones, with the ways to ask for more', () => {
    const text = mails['end-near']?.text.replaceAll(/\s+/g, ' ')

    expect(text).toContain('Mon 1 Mar 2027, 06:30:37 (America/New_York) · 11:30:37 UTC')
    expect(text).toContain(`lapse extend ${mailViews.endNear.request.id}`)
    expect(text).toContain(`POST /requests/${mailViews.endNear.request.id}/extend`)
  })
})
