import { isIP } from 'node:net'
import * as z from 'zod'

const REGION = /^[a-z]{2,6}(?:-[a-z]+)+-\d{1,2}$/
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html: what tags may hold, less the spaces in keys that conditions cannot name.
const TAG_KEY = /^[\p{L}\p{N}_.:/=+@-]{1,128}$/u
const TAG_VALUE = /^[\p{L}\p{Zs}\p{N}_.:/=+@-]{1,256}$/u

/** A map without keys says nothing, and reads as if it did. */
function notEmpty(map: object, context: z.core.$RefinementCtx): void {
  if (Object.keys(map).length > 0 || context.issues.length > 0) return
  const fix = 'name at least one, or take the key out'
  context.addIssue({ code: 'custom', message: 'the map is empty', params: { fix } })
}

const LONGEST_PREFIX: Readonly<Record<number, number>> = { 4: 32, 6: 128 }

/** An address or a range of them; `whole` is what is said of a range that is every address. */
export function addressRange(whole: { readonly message: string; readonly fix: string }) {
  return z
    .string()
    .superRefine((value, context) => {
      const [address = '', prefix, ...more] = value.split('/')
      const longest = LONGEST_PREFIX[isIP(address)]
      const isRange = prefix === undefined || (/^(?:0|[1-9]\d{0,2})$/.test(prefix) && Number(prefix) <= (longest ?? 0))
      if (longest === undefined || !isRange || more.length > 0 || address.includes('%')) {
        const fix = 'write it as 203.0.113.0/24, 203.0.113.7 or 2001:db8::/32'
        context.addIssue({ code: 'custom', message: `${value} is no address range`, params: { fix } })
      } else if (prefix === '0') {
        context.addIssue({ code: 'custom', message: `${value} ${whole.message}`, params: { fix: whole.fix } })
      }
    })
    .meta({ description: 'an address range', examples: ['203.0.113.0/24'] })
}

const $sourceIp = addressRange({
  message: 'lets every address in',
  fix: 'name the ranges people call from, or take sourceIps out',
})

const $region = z
  .string()
  .superRefine((value, context) => {
    if (REGION.test(value)) return
    const fix = 'write the name AWS gives it, such as eu-central-1'
    context.addIssue({ code: 'custom', message: `${value} is no region`, params: { fix } })
  })
  .meta({ description: 'a region', pattern: REGION.source, examples: ['eu-central-1'] })

const $tagKey = z.string().superRefine((value, context) => {
  if (TAG_KEY.test(value)) return
  const fix = 'use letters, digits and _.:/=+-@, 128 at most'
  context.addIssue({ code: 'custom', message: `${value} is no tag key`, params: { fix } })
})

/** Neither a wildcard nor a policy variable: `${aws:PrincipalTag/team}` would let any team in. */
const $tagValue = z
  .string()
  .superRefine((value, context) => {
    if (TAG_VALUE.test(value)) return
    const fix = 'write the exact value: letters, digits, spaces and _.:/=+-@, 256 at most'
    context.addIssue({ code: 'custom', message: `${JSON.stringify(value)} is no tag value`, params: { fix } })
  })
  .meta({ description: 'the value of a tag', examples: ['orders'] })

export const $fences = z
  .strictObject({
    mfa: z.literal(true).optional().describe('true: the session was begun with a second factor'),
    sourceIps: z.array($sourceIp).min(1).optional().describe('the public address ranges calls come from'),
    regions: z.array($region).min(1).optional().describe('the regions calls go to'),
    principalTags: z
      .record($tagKey, $tagValue)
      .superRefine(notEmpty)
      .meta({ minProperties: 1 })
      .optional()
      .describe('tags the IAM user carries, all of them'),
  })
  .superRefine(notEmpty)
  .meta({ minProperties: 1 })
  .describe('where and how a grant may be used, beyond its time and its person')
