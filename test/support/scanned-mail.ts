import { mailFor } from '../../lambdas/adapters/mail-for.ts'
import { routesOf } from '../handlers/routes.ts'
import { formsIn, type SCANS, type ScannedMail } from './mail-scanner.ts'
import { aWorld } from './world.ts'

/** One mail to Bob in a world of its own, what stands in the stores, and what Bob himself can do with it. */
export async function aScannedMail() {
  const world = aWorld()
  const { decide } = routesOf(world)
  const { id } = await world.asked()
  const [message] = world.announcer.of('approval-asked')
  if (!message) throw new Error('Bob was not asked')
  const { url, code = '' } = message
  const calls: string[] = []
  const call: ScannedMail['call'] = (method, to, { form, headers = {} } = {}) => {
    const path = new URL(to).pathname
    if (!path.startsWith('/decide/')) return Promise.resolve({ status: 404, text: '' })
    calls.push(method)
    const body = form && { body: new URLSearchParams(form).toString() }
    return decide({ isUnsigned: true, method, path, headers, ...body })
  }
  const mail: ScannedMail = { ...mailFor(world.access, message), call }
  return {
    mail,
    url,
    calls,
    state: () =>
      JSON.stringify([[...world.store.rows], [...world.links.rows], world.workflow.answers, world.announcer.told]),
    /** Whether the person's own answer is taken, and is the only one. */
    async isStillTheirs(): Promise<boolean> {
      const [form] = formsIn((await call('GET', url)).text)
      const { status } = await call('POST', url, { form: { ...form?.fields, code, decision: 'approve' } })
      const { decisions } = await world.request(id)
      return status === 200 && decisions.length === 1 && decisions[0]?.approver === 'bob'
    },
  }
}

/** Lets a scanner at so many mails, one after the other. */
export async function scanMails(scan: (typeof SCANS)[string], mails: number) {
  const counts = { mails, calls: 0, changed: 0, burned: 0 }
  for (let index = 0; index < mails; index += 1) {
    const scanned = await aScannedMail()
    const before = scanned.state()
    await scan(scanned.mail)
    counts.calls += scanned.calls.length
    if (scanned.state() !== before) counts.changed += 1
    if (!(await scanned.isStillTheirs())) counts.burned += 1
  }
  return counts
}
