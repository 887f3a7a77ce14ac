import type { PolicyDocument } from '../../domain/fence.ts'
import type { FoundPrincipal } from '../../domain/principal.ts'
import type { Attachment, FoundPolicy } from '../../domain/sweep.ts'

export interface GrantPolicy {
  readonly arn: string
  readonly document: PolicyDocument
  readonly tags: Readonly<Record<string, string>>
}

/** What the issuer may do with IAM: write a grant's policy, and read it. */
export interface PolicyAuthor {
  create(policy: GrantPolicy): Promise<'created' | 'exists'>
  /** The document in force, or undefined where there is no such policy. */
  document(policyArn: string): Promise<unknown>
}

/** The users and roles of people, as they are now. */
export interface Principals {
  /** Undefined when it is gone. */
  principal(principalArn: string): Promise<FoundPrincipal | undefined>
  /** Whether IAM lists the policy as attached to the user or role; who is gone has none. */
  isAttached(principalArn: string, policyArn: string): Promise<boolean>
}

/** What the applier may do with IAM: attach a grant's policy to a person's principal, after looking at both. */
export interface PolicyBinder extends Principals {
  document(policyArn: string): Promise<unknown>
  attach(principalArn: string, policyArn: string): Promise<void>
}

/** How much room IAM has left. IAM refuses an attachment or a policy beyond its quota. */
export interface PolicyQuotas {
  /** Managed policies the user or role has now; none when it is gone. */
  attachedTo(principalArn: string): Promise<number>
  /** Customer managed policies of the account, and how many there may be. */
  ofAccount(): Promise<{ readonly used: number; readonly quota: number }>
}

/** What the sweep sees of IAM: every policy under Lapse's path, with who has it. */
export interface PolicyInventory {
  /** The ARN of every policy under Lapse's path. */
  grantPolicies(): AsyncIterable<string>
  /** One policy as it is now, or undefined when it is gone. */
  look(policyArn: string): Promise<FoundPolicy | undefined>
  /** Takes the policy from one holder. "Already gone" is success. */
  detach(policyArn: string, from: Attachment): Promise<void>
}

/** What the revoker may do with IAM: take a grant's policy away from whoever has it, or one of AWS from one user, and prove it. */
export interface PolicyRemover {
  /** Detaches the policy from everybody and deletes it. "Already gone" is success. Gives how many attachments it took away. */
  remove(policyArn: string): Promise<{ readonly found: boolean; readonly detached: number }>
  exists(policyArn: string): Promise<boolean>
  /** Takes one policy from one user, and leaves the policy as it is. "Already gone" is success. */
  takeFrom(principalArn: string, policyArn: string): Promise<'detached' | 'gone'>
  isAttached(principalArn: string, policyArn: string): Promise<boolean>
}
