import type { Finding } from '../../lambdas/domain/verify/finding.ts'
import type { Ink } from '../print/ink.ts'
import { plainLine } from '../print/plain-line.ts'

/** `events/day=…/….jsonl.gz  request 01J… event 3: the event was changed` */
export function findingLine({ file, requestId, sequence, what }: Finding, ink: Ink): string {
  const event = sequence === undefined ? '' : ` event ${sequence}`
  const subject = requestId === undefined ? '' : `request ${requestId}${event}: `
  return `${ink('bold', plainLine(file))}  ${plainLine(`${subject}${what}`)}`
}
