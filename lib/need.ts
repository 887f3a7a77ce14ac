import type { PolicyStatement } from 'aws-cdk-lib/aws-iam'

/** What a function needs of a resource: how it finds it and what it may do with it, never one without the other. */
export interface Need<Key extends string> {
  readonly environment: Readonly<Record<Key, string>>
  readonly statements: readonly PolicyStatement[]
}

type KeyOf<N> = N extends Need<infer Key> ? Key : never

/** Several needs as one. A variable of a handler's `env.ts` that none of them gives fails the type check of the function. */
export function needs<const N extends readonly Need<string>[]>(...each: N): Need<KeyOf<N[number]>>
export function needs(...each: readonly Need<string>[]): Need<string> {
  return {
    environment: Object.fromEntries(each.flatMap(({ environment }) => Object.entries(environment))),
    statements: each.flatMap(({ statements }) => statements),
  }
}

/** A permission without a variable: the handler knows the resource from elsewhere. */
export function permission(...statements: readonly PolicyStatement[]): Need<never> {
  return { environment: {}, statements }
}
