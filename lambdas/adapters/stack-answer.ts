import type { StackAnswer, StackEvent } from '../contract/stack-event.ts'

/** Puts the answer of a custom resource where CloudFormation waits for it. */
export async function answerStack(event: StackEvent, { Status, Reason }: StackAnswer): Promise<void> {
  const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId = 'lapse-drain' } = event
  const body = JSON.stringify({ Status, Reason, StackId, RequestId, LogicalResourceId, PhysicalResourceId })
  const response = await fetch(ResponseURL, { method: 'PUT', body, headers: { 'content-type': '' } })
  if (!response.ok) throw new Error(`CloudFormation did not take the answer: ${response.status}`)
}
