/** Who may assume a role, as IAM keeps it, lists spelled out. */
export interface TrustPolicy {
  readonly statements: readonly TrustStatement[]
}

export interface TrustStatement {
  readonly effect: 'Allow' | 'Deny'
  /** Undefined for a `NotAction`. */
  readonly actions?: readonly string[] | undefined
  /** By kind (`AWS`, `Federated`, `Service`); `*` is one of `AWS`. Undefined for a `NotPrincipal`. */
  readonly principals?: Readonly<Record<string, readonly string[]>> | undefined
  /** Operator, key, values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** The session of a role that is one person. */
export interface SessionName {
  readonly name: string
  readonly sourceIdentity?: string | undefined
}

export type TrustJudgement =
  /** `by: 'SourceIdentity'` means that others may use the name, and the fence keeps them out: API Gateway shows no source identity. */
  | { readonly outcome: 'pinned'; readonly by: 'RoleSessionName' | 'SourceIdentity' }
  | { readonly outcome: 'open'; readonly why: string }

/**
 * Whether a trust policy lets one human alone have a session. The caller of `sts:AssumeRole` chooses the session's name, so a role
 * whose trust policy does not tie the name to the caller lets everybody who may assume it be everybody else.
 *
 * A statement ties it by a condition on `sts:RoleSessionName` (or `sts:SourceIdentity`, for a person who has one) with
 * `StringEquals` or `StringLike`: `${aws:username}` where it trusts principals of the role's own account only, for user names are
 * unique in one; or the name itself where it trusts one user, one session or one subject. A SAML provider gives the name itself.
 * What else looks like a tie does not count: `…IfExists` passes without the key, a Deny binds only whom it matches.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname
 *
 * Invariant: of every statement that could give the session, each gives it to the same one human.
 */
export function judgeTrust({ statements }: TrustPolicy, session: SessionName, account: string): TrustJudgement {
  const ways = statements.flatMap((statement, index): readonly Way[] =>
    statement.effect === 'Allow' && allowsAssuming(statement)
      ? [wayOf(statement, `statement ${index + 1}`, session, account)]
      : [],
  )
  const open = ways.find(way => way.kind === 'open')
  if (open) return { outcome: 'open', why: open.why }
  const tied = ways.filter(way => way.kind === 'tied')
  const [first] = tied
  if (!first) return { outcome: 'open', why: `it lets nobody have the session ${session.name}` }
  const other = tied.find(({ human }) => human !== first.human)
  if (other)
    return { outcome: 'open', why: `it gives the session ${session.name} to ${first.human} and to ${other.human}` }
  const isByName = tied.every(({ by }) => by === 'RoleSessionName')
  return { outcome: 'pinned', by: isByName ? 'RoleSessionName' : 'SourceIdentity' }
}

type Way =
  /** Cannot give the session. */
  | { readonly kind: 'shut' }
  | { readonly kind: 'tied'; readonly human: string; readonly by: 'RoleSessionName' | 'SourceIdentity' }
  | { readonly kind: 'open'; readonly why: string }

type Key = 'RoleSessionName' | 'SourceIdentity'

function wayOf(statement: TrustStatement, called: string, session: SessionName, account: string): Way {
  const byName = tieOf(statement, called, { by: 'RoleSessionName', wanted: session.name, account })
  if (session.sourceIdentity === undefined || byName.kind !== 'open') return byName
  const byIdentity = tieOf(statement, called, { by: 'SourceIdentity', wanted: session.sourceIdentity, account })
  return byIdentity.kind === 'open' ? byName : byIdentity
}

interface Wanted {
  readonly by: Key
  readonly wanted: string
  readonly account: string
}

/** All operators must hold, so one that ties or shuts is enough. */
function tieOf(statement: TrustStatement, called: string, wanted: Wanted): Way {
  const key = `sts:${wanted.by}`.toLowerCase()
  const ways = ['StringEquals', 'StringLike'].flatMap(operator =>
    Object.entries(statement.conditions[operator] ?? {}).flatMap(([name, values]) =>
      name.toLowerCase() === key ? [tieByValues(statement, called, values, wanted)] : [],
    ),
  )
  const provider = wanted.by === 'RoleSessionName' ? samlProvider(statement) : undefined
  return (
    ways.find(({ kind }) => kind === 'shut') ??
    ways.find(({ kind }) => kind === 'tied') ??
    (provider === undefined ? undefined : { kind: 'tied', human: `whom ${provider} names so`, by: wanted.by }) ??
    ways[0] ?? { kind: 'open', why: `${called} sets no condition on sts:${wanted.by}` }
  )
}

/** One value that holds is enough, so one that is open opens all. */
function tieByValues(statement: TrustStatement, called: string, values: readonly string[], wanted: Wanted): Way {
  const ways = values.map(value => tieByValue(statement, called, value, wanted))
  return ways.find(({ kind }) => kind === 'open') ?? ways.find(({ kind }) => kind === 'tied') ?? { kind: 'shut' }
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable of IAM
const USER_NAME = '${aws:username}'

function tieByValue(statement: TrustStatement, called: string, value: string, { by, wanted, account }: Wanted): Way {
  if (value === USER_NAME) {
    if (trustsOnly(statement, account)) return { kind: 'tied', human: `user ${wanted}`, by }
    return { kind: 'open', why: `${called} trusts more than account ${account}, where other users have the same names` }
  }
  if (value.includes('$')) return { kind: 'open', why: `${called} compares sts:${by} with ${value}` }
  if (!patternOf(value).test(wanted)) return { kind: 'shut' }
  const human = oneHuman(statement, account)
  if (human !== undefined) return { kind: 'tied', human, by }
  return {
    kind: 'open',
    why: `${called} lets whoever it trusts be ${wanted}, and that is not one user, session or subject`,
  }
}

const ASSUMING = ['sts:AssumeRole', 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity']

function allowsAssuming({ actions }: TrustStatement): boolean {
  return actions === undefined || actions.some(action => ASSUMING.some(one => patternOf(action, 'i').test(one)))
}

/** The principals of a statement as `kind value`; undefined when it trusts everybody but some. */
function named({ principals }: TrustStatement): readonly string[] | undefined {
  return principals && Object.entries(principals).flatMap(([kind, values]) => values.map(value => `${kind} ${value}`))
}

function trustsOnly(statement: TrustStatement, account: string): boolean {
  const own = new RegExp(`^AWS (?:${account}|arn:[a-z-]+:(?:iam|sts)::${account}:[^*]+)$`)
  return named(statement)?.every(principal => own.test(principal)) ?? false
}

const USER = /^AWS arn:[a-z-]+:iam::(\d{12}):user\/(?:[^*]+\/)?([^*/]+)$/
const SESSION = /^AWS (arn:[a-z-]+:sts::\d{12}:assumed-role\/[^*/]+\/[^*/]+)$/

/** The one human a statement trusts, if it is one. A role or an account is many. */
function oneHuman(statement: TrustStatement, account: string): string | undefined {
  const [principal = '', ...others] = named(statement) ?? []
  if (others.length > 0) return undefined
  const [, home, user] = USER.exec(principal) ?? []
  if (user !== undefined) return home === account ? `user ${user}` : `user ${user} of ${home}`
  const [, session] = SESSION.exec(principal) ?? []
  if (session !== undefined) return session
  if (!principal.startsWith('Federated ')) return undefined
  const subjects = Object.entries(statement.conditions.StringEquals ?? {}).flatMap(([key, values]) =>
    key.toLowerCase().endsWith(':sub') ? [values] : [],
  )
  const [[subject, ...more] = []] = subjects
  return subject === undefined || more.length > 0 || subject.includes('$') ? undefined : `subject ${subject}`
}

/** The SAML provider a statement trusts, and nothing else: the session's name is in what it signs, not in the call. */
function samlProvider(statement: TrustStatement): string | undefined {
  const [principal = '', ...others] = named(statement) ?? []
  return others.length === 0
    ? /^Federated (arn:[a-z-]+:iam::\d{12}:saml-provider\/[^*]+)$/.exec(principal)?.[1]
    : undefined
}

/** `*` and `?` as IAM reads them. In a StringEquals they are only themselves; read as wildcards they match more, which errs on the safe side. */
function patternOf(text: string, flags = ''): RegExp {
  const escaped = text.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, flags)
}
