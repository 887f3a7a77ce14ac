/** What Lapse is to do, by the ids that test titles carry. A row without a test is not there yet. */
export const CAPABILITIES: Readonly<Record<string, string>> = {
  'REQ-01':
    'POST /requests by SigV4: entitlement, duration, reason (mandatory, length-bounded), optional ticket, parameters, earliest start. The requester is the caller of the signature, never a field of the body',
  'REQ-02':
    'who may request what: eligibility by principal, path, tag, group; deny wins; limits are those of the matched rule',
  'REQ-03':
    'task-specific parameters (bucket, table, secret, tag value …) rendered into the policy, validated against a pattern; ARN-injection and wildcard refused',
  'REQ-04': 'minutes granularity, per-entitlement default and maximum; absolute UTC instants everywhere',
  'REQ-05': 'refusal is immediate, says which rule and what would pass, is recorded and counted',
  'REQ-06': 'idempotent by Idempotency-Key: same body → same request; other body → 409',
  'REQ-07':
    'cancel a pending request; “I am done” ends an active one; extend = a new, linked request judged by the same rules',
  'REQ-08': 'list what I may request, my requests, one request with its timeline; cursors, filters',
  'REQ-09':
    'preview before asking: decision, approvers, rendered policy, what it allows in plain words (services, access levels, sensitive actions)',
  'REQ-10': 'caps per principal (open requests, grants and minutes a week)',
  'APP-01':
    'approve or deny by a link in an e-mail, no account; per-approver, single use, short life; GET and HEAD never change anything',
  'APP-02':
    'proof of a human: a six-digit code printed in the mail and absent from the link (per entitlement; on by default above low risk); 5 wrong codes void the link',
  'APP-03':
    "the page and the mail show requester, entitlement, exact resources, window, reason, risk, rendered policy, requester's history, off-hours flag — all derived on the server",
  'APP-04':
    'approve what you saw: the decision carries the hash of the canonical request and rendered policy; anything changed → refused',
  'APP-05':
    'sequential stages, each N of M distinct people; requester and their aliases never count; one person per stage',
  'APP-06':
    'reminder, escalation to the next group, then unanswered; every step timed, recorded and reported; a bounced mail escalates at once',
  'APP-07': 'automatic approval for low risk with caps, by rule; manual for high risk; ratio reported',
  'APP-08': 'approver may shorten the duration, never lengthen; comment recorded',
  'APP-09':
    'signed decisions (POST /requests/{id}/decision by SigV4, MFA seen) for entitlements that demand it; then the mail carries no power',
  'APP-10': 'exactly one transition wins under any race; late, repeated or stale decisions get 409 and change nothing',
  'APP-11':
    'break-glass: immediate grant for those listed, loud to everyone, opens a review debt that must be closed by someone else; a second use with an open debt needs a second person',
  'APP-12':
    "one evaluator for preview, request, approval and grant; the access file's hash is stored with each request",
  'GRA-01':
    'attaches a policy to the IAM user or role: one customer-managed policy per grant, under its own path, tagged',
  'GRA-02':
    'time fence: every Allow carries start and end (aws:CurrentTime); access ends at the second even if everything else is down',
  'GRA-03':
    'person fence: unique id of the user (not the name); on a shared role the one session (aws:userid, aws:SourceIdentity where pinned)',
  'GRA-04': 'optional fences: MFA present, source IP, requested region, principal tag',
  'GRA-05': 'intent is durable before the first IAM call; verify by read-back; announce only after it is in force',
  'GRA-06':
    'overlapping grants never disturb each other; quota pre-flight refuses with the numbers before an approver is bothered',
  'GRA-07':
    'AWS-managed policies: copied and fenced if they fit; else attached as they are, only where the entitlement says so, leased by count, and flagged in every review',
  'GRA-08':
    'the granting functions cannot escalate: author, attach and remove are three roles; proven by simulating every role of the synthesized template against a catalogue of IAM escalation paths, on every build',
  'GRA-09':
    'entitlements are linted at synth: escalation paths, permission management, role chaining and other rights that outlive the window must be acknowledged in words or the build fails',
  'GRA-10': 'several accounts: a member-account stack, cross-account roles with an external id, one ledger',
  'END-01':
    'ends by itself at the planned second: Wait until an absolute instant → detach → delete → verified by read-back → ENDED with a removal receipt',
  'END-02':
    'three independent closers: the fence, the workflow, the sweeper (own schedule, own role, truth = IAM by path)',
  'END-03': 'removal is retried until it is proven; "already gone" is success; alarm at 15 min, page at 30',
  'END-04': 'early end by requester or admin acts at once, whatever state the workflow is in',
  'END-05': 'freeze: one call refuses new grants and ends all live ones, with a receipt',
  'END-06':
    'grants or attachments made outside the tool, re-versioned, moved to another principal: found in ≤5 min, recorded, alarmed, removed where safe',
  'END-07':
    'deploying or deleting the stack with live grants loses nothing: contract-versioned inputs, drain before delete, data retained',
  'END-08': 'warn the requester before the end, with the way to ask for more',
  'AUD-01':
    'every transition is one append-only event in the same transaction as the state change; denied, refused, unanswered too',
  'AUD-02':
    'events are hash-chained per request; a daily digest goes to a locked bucket; verify finds any change, removal or reorder',
  'AUD-03':
    'archived to S3 with Object Lock, by day, compressed, readable by Athena and DuckDB; can be rebuilt from the table',
  'AUD-04':
    'what was done during the grant: CloudTrail events of that principal inside the window, stored with the request; used / unused, actions, resources, errors, read or write',
  'AUD-05': 'cross-check: elevated actions outside the approved window, or after the end, are violations',
  'AUD-06': 'who, what, when, why, by whom, under which rule, began, ended, proven ended — one query, one page',
  'AUD-07':
    'no token, code or secret in any log, history or export; personal data minimised; retention configurable (years)',
  'NOT-01':
    "mails (HTML and text) to approvers, requester, admins at each step; times in the reader's zone and in UTC; one recipient per message",
  'NOT-02': 'delivery is tracked (SES events); failure is a metric, an event and an escalation, never swallowed',
  'NOT-03': 'every elevation is told to the admins; a digest instead of a flood',
  'NOT-04': 'events out: EventBridge bus with a documented schema; Slack/Teams by webhook',
  'ANO-01': 'metrics per entitlement and outcome; dashboards',
  'ANO-02':
    'alarms: overdue end, failed grant, out-of-band attach, broken chain, sweeper silent, dead letters, bounce rate, latency; each with impact, runbook section, links',
  'ANO-03':
    "behaviour findings: request spike against the person's own baseline, first-time entitlement, off-hours (zone, overnight and DST aware), repeated denial, ineligible probing, unused grant, serial extension, long-lived exception",
  'ANO-04':
    'approver findings: decisions in seconds, 100 % approve, bulk, always the same pair, links opened from one place',
  'ANO-05':
    'a finding reaches an alarm within a minute, can hold further grants of that person, is carried until closed',
  'REV-01':
    'opens by itself on the first of each quarter (time zone set), also on demand for any period; owner, due date, reminders, overdue alarm',
  'REV-02': 'access inventory: entitlements, rules, eligible principals, approvers, standing attachments beside JIT',
  'REV-03':
    'sessions.csv: each grant with who, what, why, approver, asked/approved/began/ended/verified, cause of end, used',
  'REV-04':
    'volume, by person, by entitlement, by week; repeats (person, entitlement, weekday, hour) → "make a narrower template / standing read"',
  'REV-05':
    'requested vs granted vs used minutes, p50/p95; duration too long or too short (re-request within the hour, extensions) → suggested maximum',
  'REV-06': 'unused grants, unused eligibility, entitlements nobody used, people who left or moved',
  'REV-07': 'used actions vs granted actions per entitlement → proposed smaller policy',
  'REV-08':
    'time limits: planned end vs proven end, lateness distribution, lingering list (must be empty), exceptions over the normal limit, total minutes held',
  'REV-09':
    'approval: time to decision per stage and approver, unanswered, escalations used, auto vs manual, rubber-stamp signals, bottlenecks → suggestions',
  'REV-10':
    'anomalies and violations with links to request, events, CloudTrail; status; carried over from last quarter',
  'REV-11':
    'rules: each with use count, last confirmed, changes since last quarter; re-evaluation of every past decision under its stored rules (mismatch = finding)',
  'REV-12': 'drills run in the period and what they showed',
  'REV-13':
    'control map: SOC 2 CC6.x, ISO 27001 A.5.15-18/A.8.2, NIST AC-2/AC-6, HIPAA, GDPR art. 32 → the evidence file and row count',
  'REV-14':
    'the refreshed access file: recommendations as a patch to access.yaml that a person can apply, with the reason and numbers per line',
  'REV-15':
    'attestation: each entitlement and finding kept / narrowed / removed / accepted by a named reviewer through an e-mailed link; silence has a default; the signed result is part of the pack',
  'REV-16':
    'the pack: one readable HTML page with charts (prints well), CSVs safe against formulas, JSON, Parquet; manifest with SHA-256, counts that prove completeness (ledger = archive = export), signature; versioned, locked, downloadable for months by a link that never holds credentials',
  'REV-17':
    'scale: a quarter of a million requests in minutes and in bounded memory; ten million by the distributed map',
  'DRI-01':
    'lapse drill on a sandbox principal of the deployed stack: stolen link, replay, scanner, self-approval, ineligible request, tampered request, use after end, silent approvers → escalation → break-glass, detach denied → sweeper closes',
  'DRI-02': 'drills are marked, leave no access, produce evidence, failures become findings',
  'POL-01':
    'access.yaml: people, groups, entitlements, rules, stages, limits, hours, fences; JSON Schema for editors; errors with line and column',
  'POL-02':
    'lapse check lints, lapse explain says why, lapse replay runs past requests against a changed file and shows who would now pass or fail',
  'POL-03': 'starter entitlements (sandbox admin, prod read, prod write on one resource, break-glass, CI deploy)',
  'CLI-01':
    'lapse command: request, status (live), list, end, extend, approve, deny, revoke, freeze, check, explain, replay, review, verify, drill, doctor; tables, colours off when piped, --json, exit codes, completion',
  'OPS-01':
    'one command runs the whole on a laptop; one deploys to AWS; lapse doctor says what is missing (SES sandbox, unverified sender, boundary, trail)',
  'OPS-02': 'OpenAPI 3.1, problem+json errors, generated from the same schemas the handlers use',
  'OPS-03': "can be used as a CDK construct in somebody else's app",

  // What the synthesized template must be; test/lib/stack.
  'SEC-01': 'every route is signed but the pages whose path is the credential',
  'SEC-03': 'a function is invoked only by what its permission names',
  'SEC-04': 'no secret is in an environment',
  'SEC-05': 'no log holds a path, a token or the data of an execution',
  'SEC-06': 'the API is throttled',
  'SEC-07': 'the table is encrypted, recoverable and protected from deletion',
  'SEC-08': 'buckets are private, versioned, encrypted; the archive is locked',
  'SEC-09': 'every finding of cdk-nag is mended or acknowledged with a reason and a test',
  'FLW-01': 'one standard state machine, retained, at most eight states from ask to removal',
  'FLW-02': 'the state that waits has no Retry and catches in the right order',
  'FLW-03': 'every task has a time limit, every state a reason, and none is unreachable',
  'FLW-04': 'an execution ends with the versions it began with',
  'OPS-04': 'bundles are small',
  'OPS-05': 'the template is the same wherever it is made, and within the limits of CloudFormation',
}
