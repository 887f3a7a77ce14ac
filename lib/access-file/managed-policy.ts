import type * as z from 'zod'
import type { StatementTemplate } from '../../lambdas/domain/access-file.ts'
import { documentHash, isFenceKey } from '../../lambdas/domain/fence.ts'
import { EVERYTHING, type Reach } from '../../lambdas/domain/reach.ts'
import { toPathText } from './flaw.ts'
import { $policyVersionAnswer, $wholeDocument, type ManagedStatement } from './managed-policy-formats.ts'

/** Gives the text of a file beside the access file, or undefined where there is none. */
export type ReadBeside = (relativePath: string) => string | undefined

/** The AWS-managed policy an entitlement names. */
export type ManagedPolicy =
  | {
      readonly outcome: 'copied'
      readonly versionId: string
      readonly statements: readonly StatementTemplate[]
      /** Of the document as a whole, as IAM gives it. */
      readonly documentHash: string
    }
  | { readonly outcome: 'unusable'; readonly message: string; readonly fix: string }

/**
 * Copies the statements of an AWS-managed policy out of its file. The file pins the version: what AWS makes of the policy later
 * changes nothing here until somebody fetches it anew and deploys.
 *
 * @param isAsIs the policy itself is attached: the statements are what people are shown and what the lint judges. A Deny is left out
 *   of them, so they say too much, never too little.
 */
export function copyOf(arn: string, readBeside: ReadBeside, isAsIs = false): ManagedPolicy {
  const file = `managed-policies/${arn.slice(arn.lastIndexOf('/') + 1)}.json`
  const unusable = (message: string, fix = fetching(arn, file)) => ({ outcome: 'unusable', message, fix }) as const
  const text = readBeside(file)
  if (text === undefined) return unusable(`${file} is not beside the access file`)
  const json = jsonOf(text)
  if (json === undefined) return unusable(`${file} is not JSON`)
  const answer = $policyVersionAnswer.safeParse(json)
  if (!answer.success) {
    const { place, message } = issueOf(answer.error)
    const isOfAws = place.startsWith('PolicyVersion.Document.')
    return unusable(`${file} is no policy that can be copied: ${place} ${message}`, isOfAws ? BY_HAND : undefined)
  }

  const { VersionId: versionId, Document } = answer.data.PolicyVersion
  const statements: StatementTemplate[] = []
  for (const [index, statement] of Document.Statement.entries()) {
    if (isAsIs && statement.Effect === 'Deny') continue
    const copied = copiedStatement(statement, isAsIs)
    if ('why' in copied) return unusable(`${file}, statement ${index + 1}: ${copied.why}`, BY_HAND)
    statements.push(copied)
  }
  if (statements.length === 0) return unusable(`${file} allows nothing`, 'name a policy that allows something')
  const { Document: whole } = $wholeDocument.parse(json).PolicyVersion
  return { outcome: 'copied', versionId, statements, documentHash: documentHash(whole) }
}

export const BY_HAND = 'write what is needed of it under statements'
export const BY_HAND_OR_AS_IS = `${BY_HAND}; or, without a fence, attach: as-is`

function fetching(arn: string, file: string): string {
  const version = `aws iam get-policy --policy-arn ${arn} --query Policy.DefaultVersionId --output text`
  return `run ${version}, then with that version aws iam get-policy-version --policy-arn ${arn} --version-id VERSION > ${file}`
}

/** A Deny is not copied: for its time it would take from the person what their other grants and standing rights give. */
function copiedStatement(statement: ManagedStatement, isAsIs: boolean): StatementTemplate | { readonly why: string } {
  const { Effect, Condition } = statement
  if (Effect === 'Deny') return { why: 'a Deny would reach into the other grants of the person' }
  const reach = reachOf(statement)
  if ('why' in reach) return reach
  const fenceKey = Object.values(Condition ?? {}).flatMap(keys => Object.keys(keys).filter(isFenceKey))[0]
  if (fenceKey && !isAsIs) return { why: `${fenceKey} is the fence's own condition` }
  return { ...reach, ...(Condition && { conditions: Condition }) }
}

function reachOf({ Action, NotAction, Resource, NotResource }: ManagedStatement): Reach | { readonly why: string } {
  if ((Action === undefined) === (NotAction === undefined)) return { why: 'it must have either Action or NotAction' }
  if ((Resource === undefined) === (NotResource === undefined))
    return { why: 'it must have either Resource or NotResource' }
  return {
    actions: Action ?? EVERYTHING,
    ...(NotAction && { exceptActions: NotAction }),
    resources: Resource ?? EVERYTHING,
    ...(NotResource && { exceptResources: NotResource }),
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function issueOf({ issues: [issue] }: z.ZodError): { readonly place: string; readonly message: string } {
  if (!issue) return { place: 'it', message: 'is empty' }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message
  return { place: toPathText(issue.path.map(step => (typeof step === 'symbol' ? String(step) : step))), message }
}
