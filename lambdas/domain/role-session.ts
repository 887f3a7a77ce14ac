/** One session of a role that people may share. Role names are unique in an account, whatever their path. */
export interface RoleSession {
  /** `role/people/developer` */
  readonly role: string
  /** The session's name, exact. */
  readonly session: string
  /** `aws:SourceIdentity` of the session, where the role's trust policy pins that. */
  readonly sourceIdentity?: string | undefined
}

interface Sessions {
  readonly id: string
  readonly sessions?: readonly RoleSession[] | undefined
}

interface People<Person extends Sessions> {
  readonly people: Readonly<Record<string, Person>>
}

/** Whose session this is. `roleName` is the role's name without its path, as the ARN of a session has it; case counts in both. */
export function personOfSession<Person extends Sessions>(
  { people }: People<Person>,
  roleName: string,
  sessionName: string,
): { readonly person: Person; readonly session: RoleSession } | undefined {
  for (const person of Object.values(people)) {
    const session = person.sessions?.find(
      ({ role, session }) => role.slice(role.lastIndexOf('/') + 1) === roleName && session === sessionName,
    )
    if (session) return { person, session }
  }
  return undefined
}

/** The roles of people, by path, each once. */
export function rolesOf({ people }: People<Sessions>): readonly string[] {
  const roles = Object.values(people).flatMap(({ sessions = [] }) => sessions.map(({ role }) => role))
  return [...new Set(roles)].sort()
}

/** The path in the ARN of a user or role, as the access file has it: `role/people/developer`. */
export function pathInArn(arn: string): string {
  return arn.split(':').slice(5).join(':')
}

/** The ids of the people who have a session of the role. */
export function peopleOfRole({ people }: People<Sessions>, role: string): readonly string[] {
  return Object.values(people).flatMap(({ id, sessions = [] }) => (sessions.some(one => one.role === role) ? [id] : []))
}
