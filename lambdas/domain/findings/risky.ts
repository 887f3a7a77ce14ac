import { type AccessFile, own, type Risk } from '../access-file.ts'

const RISKS: readonly Risk[] = ['low', 'medium', 'high']

/** Whether an entitlement of the access file has that risk or more. */
export function isRisky({ entitlements }: AccessFile, id: string, risk: Risk): boolean {
  const entitlement = own(entitlements, id)
  return entitlement !== undefined && RISKS.indexOf(entitlement.risk) >= RISKS.indexOf(risk)
}
