/** Path and name of an IAM user or role, as IAM's calls want them. */
export interface Place {
  readonly path: string
  readonly name: string
}

/** Of `user/people/alice`, or of an ARN that ends with it. */
export function placeOf(principal: string): Place {
  const parts = principal.split('/')
  return { name: parts.at(-1) ?? principal, path: `/${parts.slice(1, -1).join('/')}/`.replace('//', '/') }
}

/** What an organisation gives everybody who may use Lapse: the right to call it, and nothing else. */
export const MAY_CALL_THE_API = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'CallLapse', Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
}
