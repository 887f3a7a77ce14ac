import type { SESv2Client } from '@aws-sdk/client-sesv2'
import type { AccessFile } from '../../lambdas/domain/access-file.ts'
import { attempted, type Finding, type Verdict } from './finding.ts'

/** Whether mail can go out: the sender is verified, and the account may write to everybody. */
export async function mailFindings(ses: SESv2Client, access: AccessFile): Promise<readonly Finding[]> {
  return [
    await attempted('mail sender', () => senderVerdict(ses, access.mail.from)),
    await attempted('SES sandbox', () => sandboxVerdict(ses, access)),
  ]
}

/** An address may send when it or its domain is verified. */
async function senderVerdict(ses: SESv2Client, from: string): Promise<Verdict> {
  const domain = from.slice(from.indexOf('@') + 1)
  for (const identity of [from, domain]) {
    if (await isVerified(ses, identity)) return { verdict: 'fine', detail: `${identity} is verified in SES` }
  }
  return {
    verdict: 'missing',
    detail: `neither ${from} nor ${domain} is verified in SES in this region`,
    remedy: `aws sesv2 create-email-identity --email-identity ${domain}`,
  }
}

async function sandboxVerdict(ses: SESv2Client, { people }: AccessFile): Promise<Verdict> {
  const { GetAccountCommand } = await import('@aws-sdk/client-sesv2')
  const { ProductionAccessEnabled, SendingEnabled } = await ses.send(new GetAccountCommand({}))
  if (SendingEnabled === false) {
    return {
      verdict: 'missing',
      detail: 'sending is switched off for the account',
      remedy: 'look at SES in the console',
    }
  }
  if (ProductionAccessEnabled) return { verdict: 'fine', detail: 'the account is out of the sandbox' }
  const unverified: string[] = []
  for (const { email } of Object.values(people)) {
    const domain = email.slice(email.indexOf('@') + 1)
    if (!(await isVerified(ses, email)) && !(await isVerified(ses, domain))) unverified.push(email)
  }
  if (unverified.length === 0) {
    return { verdict: 'fine', detail: 'the account is in the sandbox, and everybody’s address is verified' }
  }
  return {
    verdict: 'missing',
    detail: `the account is in the SES sandbox: no mail reaches ${unverified.join(', ')}`,
    remedy: 'aws sesv2 put-account-details --production-access-enabled …, or verify each address',
  }
}

async function isVerified(ses: SESv2Client, identity: string): Promise<boolean> {
  const { GetEmailIdentityCommand, NotFoundException } = await import('@aws-sdk/client-sesv2')
  try {
    const answer = await ses.send(new GetEmailIdentityCommand({ EmailIdentity: identity }))
    return answer.VerifiedForSendingStatus === true
  } catch (error) {
    if (error instanceof NotFoundException) return false
    throw error
  }
}
