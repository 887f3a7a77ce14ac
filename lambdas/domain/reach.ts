/** What a statement allows: its actions but for the excepted ones, on its resources but for the excepted ones. */
export interface Reach {
  readonly actions: readonly string[]
  /** `NotAction` of an AWS-managed policy; `actions` is then `*` alone. */
  readonly exceptActions?: readonly string[] | undefined
  readonly resources: readonly string[]
  /** `NotResource` of an AWS-managed policy; `resources` is then `*` alone. */
  readonly exceptResources?: readonly string[] | undefined
}

export const EVERYTHING = ['*'] as const

/** A reach in IAM's policy language. */
export type PolicyReach = (
  | { readonly Action: readonly string[]; readonly NotAction?: undefined }
  | { readonly Action?: undefined; readonly NotAction: readonly string[] }
) &
  (
    | { readonly Resource: readonly string[]; readonly NotResource?: undefined }
    | { readonly Resource?: undefined; readonly NotResource: readonly string[] }
  )

/** @throws RangeError when something is excepted from less than everything: IAM's language cannot say that. */
export function reachJson({ actions, exceptActions, resources, exceptResources }: Reach): PolicyReach {
  if (exceptActions && !isEverything(actions)) throw new RangeError('actions can be excepted from all actions alone')
  if (exceptResources && !isEverything(resources))
    throw new RangeError('resources can be excepted from all resources alone')
  return {
    ...(exceptActions ? { NotAction: exceptActions } : { Action: actions }),
    ...(exceptResources ? { NotResource: exceptResources } : { Resource: resources }),
  }
}

function isEverything(names: readonly string[]): boolean {
  return names.length === 1 && names[0] === '*'
}
