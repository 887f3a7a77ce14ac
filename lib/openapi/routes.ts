import type * as zod from 'zod'
import type * as z from 'zod/mini'
import { $DecisionBody, $DecisionForm, $LinkToken } from '../../lambdas/contract/decision-form.ts'
import { $FindingClosingBody } from '../../lambdas/contract/finding-body.ts'
import { $FindingId, $FindingQuery } from '../../lambdas/contract/finding-query.ts'
import { $FreezeBody } from '../../lambdas/contract/freeze-body.ts'
import { $ListQuery, $RequestId } from '../../lambdas/contract/list-query.ts'
import {
  $DebtReviewBody,
  $ExtensionBody,
  $IdempotencyKey,
  $PreviewBody,
  $RequestBody,
} from '../../lambdas/contract/request-body.ts'
import { $PeriodName, $ReviewBody, $VersionQuery } from '../../lambdas/contract/review.ts'
import { $RevokeBody } from '../../lambdas/contract/revoke-body.ts'
import * as answers from './answers.ts'
import * as findings from './finding-answers.ts'
import * as reviews from './review-answers.ts'

/** A route as the document tells of it. Problems are statuses only: docs/api.md has every code with what would pass. */
export interface Route {
  readonly does: string
  /** The path is the credential. */
  readonly isOpen?: true
  readonly path?: Readonly<Record<string, z.ZodMiniType | 'text'>>
  readonly query?: Readonly<Record<string, z.ZodMiniType>>
  readonly idempotencyKey?: z.ZodMiniType
  readonly body?: { readonly schema: z.ZodMiniType; readonly isForm?: true; readonly isOptional?: true }
  readonly answer:
    | { readonly status: number; readonly name: string; readonly schema: zod.ZodType }
    | 'page'
    | 'redirect'
  /** Besides those of every signed route. */
  readonly problems: readonly number[]
}

const ID = { id: $RequestId }
const FINDING = { id: $FindingId }
const PERIOD = { period: $PeriodName }
const VERSION = { version: $VersionQuery }
const ASKED = { status: 202, name: 'AskedRequest', schema: answers.$AskedRequest }
const request = (status: number) => ({ status, name: 'Request', schema: answers.$Request })

/** Every route of the API. */
export const ROUTES: Readonly<Record<string, Route>> = {
  'GET /entitlements': {
    does: 'what the caller may ask for, with limits and stages',
    answer: { status: 200, name: 'Entitlements', schema: answers.$Entitlements },
    problems: [],
  },
  'POST /requests/preview': {
    does: 'what a request would meet; nothing is recorded',
    body: { schema: $PreviewBody },
    answer: { status: 200, name: 'Preview', schema: answers.$Preview },
    problems: [400, 413],
  },
  'POST /requests': {
    does: 'asks for an entitlement; a refusal is 403 with the rule',
    idempotencyKey: $IdempotencyKey,
    body: { schema: $RequestBody },
    answer: ASKED,
    problems: [400, 404, 409, 413, 503],
  },
  'GET /requests': {
    does: "the caller's requests, newest first; everybody's for administrators and auditors",
    query: $ListQuery.shape,
    answer: { status: 200, name: 'Requests', schema: answers.$Requests },
    problems: [400],
  },
  'GET /requests/{id}': {
    does: 'one request with its events',
    path: ID,
    answer: { status: 200, name: 'RequestWithEvents', schema: answers.$RequestWithEvents },
    problems: [404],
  },
  'POST /requests/{id}/cancel': {
    does: 'the requester takes a pending request back',
    path: ID,
    answer: request(200),
    problems: [404, 409],
  },
  'POST /requests/{id}/decision': {
    does: "an approver's answer, signed with their own AWS credentials",
    path: ID,
    body: { schema: $DecisionBody },
    answer: request(200),
    problems: [400, 404, 409, 413, 422],
  },
  'POST /requests/{id}/end': {
    does: 'the requester gives a grant back before its time',
    path: ID,
    answer: request(200),
    problems: [404, 409],
  },
  'POST /requests/{id}/extend': {
    does: 'the requester asks for more, from the end of the grant in force on: a new request',
    path: ID,
    idempotencyKey: $IdempotencyKey,
    body: { schema: $ExtensionBody },
    answer: ASKED,
    problems: [400, 404, 409, 413, 503],
  },
  'POST /requests/{id}/review': {
    does: 'a reviewer closes the review an emergency owes',
    path: ID,
    body: { schema: $DebtReviewBody },
    answer: request(200),
    problems: [400, 404, 409, 413],
  },
  'POST /requests/{id}/revoke': {
    does: 'an administrator takes a grant away, at once',
    path: ID,
    body: { schema: $RevokeBody, isOptional: true },
    answer: request(200),
    problems: [400, 404, 409, 413],
  },
  'GET /findings': {
    does: 'what a person should look at, newest first; for administrators and auditors',
    query: $FindingQuery.shape,
    answer: { status: 200, name: 'Findings', schema: findings.$Findings },
    problems: [400],
  },
  'GET /findings/{id}': {
    does: 'one finding',
    path: FINDING,
    answer: { status: 200, name: 'Finding', schema: findings.$Finding },
    problems: [404],
  },
  'POST /findings/{id}/close': {
    does: 'somebody whom it is not about closes a finding, and what it held is let go',
    path: FINDING,
    body: { schema: $FindingClosingBody },
    answer: { status: 200, name: 'Finding', schema: findings.$Finding },
    problems: [400, 404, 409, 413],
  },
  'POST /freeze': {
    does: 'refuses new grants and ends all live ones',
    body: { schema: $FreezeBody },
    answer: { status: 200, name: 'Frozen', schema: answers.$Frozen },
    problems: [400, 413],
  },
  'DELETE /freeze': {
    does: 'lifts the freeze',
    answer: { status: 200, name: 'Lifted', schema: answers.$Lifted },
    problems: [],
  },
  'GET /decide/{token}': {
    does: 'shows an approver what is asked; reads only',
    isOpen: true,
    path: { token: $LinkToken },
    answer: 'page',
    problems: [404, 409, 500],
  },
  'POST /decide/{token}': {
    does: "takes an approver's answer",
    isOpen: true,
    path: { token: $LinkToken },
    body: { schema: $DecisionForm, isForm: true },
    answer: 'page',
    problems: [400, 403, 404, 409, 413, 500],
  },
  'POST /reviews': {
    does: "starts the production of a review's next version",
    body: { schema: $ReviewBody, isOptional: true },
    answer: { status: 202, name: 'OpenedReview', schema: reviews.$OpenedReview },
    problems: [400, 413, 422],
  },
  'GET /reviews': {
    does: 'all reviews',
    answer: { status: 200, name: 'Reviews', schema: reviews.$Reviews },
    problems: [],
  },
  'GET /reviews/{period}': {
    does: 'one review with its manifest',
    path: PERIOD,
    query: VERSION,
    answer: { status: 200, name: 'ReviewWithManifest', schema: reviews.$ReviewWithManifest },
    problems: [404],
  },
  'GET /reviews/{period}/files/{name}': {
    does: 'a fresh link to a file of the pack, for five minutes',
    path: { ...PERIOD, name: 'text' },
    query: VERSION,
    answer: 'redirect',
    problems: [404],
  },
}
