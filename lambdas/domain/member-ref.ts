/** A person id; `group:` and the name of a group; or `path:` and an IAM path, for everybody who has a user or role on or below it. */
export type MemberRef = string
