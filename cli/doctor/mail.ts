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

async function senderVerdict(ses: SESv2Client, from: string): Promise<Verdict> {
  const verified = await verifiedFor(ses, from)
  if (verified !== undefined) return { verdict: 'fine', detail: `${verified} is verified in SES` }
  const domain = domainOf(from)
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
    if ((await verifiedFor(ses, email)) === undefined) unverified.push(email)
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

/**
 * What is verified of an address: itself, its domain, or a domain above that.
 * https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
 */
async function verifiedFor(ses: SESv2Client, address: string): Promise<string | undefined> {
  const labels = domainOf(address).split('.')
  const domains = labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))
  for (const identity of [address, ...domains]) if (await isVerified(ses, identity)) return identity
  return undefined
}

function domainOf(address: string): string {
  return address.slice(address.indexOf('@') + 1)
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
