import type { Conditions } from './access-file.ts'
import { listed } from './action-words.ts'

/** The conditions of a statement, each as a clause after `only when`; all of them must hold. What has no plain meaning stays in IAM's words. */
export function conditionWords(conditions: Conditions): readonly string[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => clause(operator, key, [value].flat())),
  )
}

function clause(operator: string, key: string, values: readonly string[]): string {
  const known = KNOWN.find(each => each.operators.includes(operator) && each.key.test(key))
  const either = listed(values, 'or')
  if (known) return known.words(either, known.key.exec(key)?.[1] ?? '')
  return `${operator} ${key} is ${either}`
}

interface KnownCondition {
  readonly operators: readonly string[]
  /** Its first group, if it has one, is the key of a tag. IAM does not mind the case of a condition key. */
  readonly key: RegExp
  readonly words: (values: string, tag: string) => string
}

const EQUALS = ['StringEquals']
const EQUALS_OR_LIKE = [...EQUALS, 'StringLike']

const KNOWN: readonly KnownCondition[] = [
  {
    operators: ['Bool'],
    key: /^aws:MultiFactorAuthPresent$/i,
    words: value => (value === 'true' ? 'the session was begun with MFA' : `MFA present is ${value}`),
  },
  {
    operators: ['Bool'],
    key: /^aws:SecureTransport$/i,
    words: value => (value === 'true' ? 'the call is encrypted' : `encrypted is ${value}`),
  },
  { operators: ['IpAddress'], key: /^aws:SourceIp$/i, words: values => `the call comes from the address ${values}` },
  {
    operators: EQUALS_OR_LIKE,
    key: /^aws:RequestedRegion$/i,
    words: values => `the call goes to the region ${values}`,
  },
  {
    operators: EQUALS_OR_LIKE,
    key: /^[a-z0-9-]+:ResourceTag\/(.+)$/i,
    words: (values, tag) => `the resource is tagged ${tag} = ${values}`,
  },
  {
    operators: EQUALS_OR_LIKE,
    key: /^aws:RequestTag\/(.+)$/i,
    words: (values, tag) => `the call sets the tag ${tag} = ${values}`,
  },
  {
    operators: EQUALS_OR_LIKE,
    key: /^aws:PrincipalTag\/(.+)$/i,
    words: (values, tag) => `the person's IAM identity is tagged ${tag} = ${values}`,
  },
  {
    operators: EQUALS_OR_LIKE,
    key: /^iam:PassedToService$/i,
    words: values => `the role is handed to ${values}`,
  },
]
