import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { synthesized } from '../support/synthesized.ts'
import { rolesOf } from '../support/template-policies.ts'
import { changesOf, MANIFEST, reachOf, reviewedReach } from './reach.ts'

/** Takes what the roles may do now as reviewed: `node test/trust/write-reach-manifest.ts`. Read what it prints before you commit it. */
const present = reachOf(rolesOf(synthesized().resources))
const changes = changesOf(reviewedReach(), present)
writeFileSync(MANIFEST, `${JSON.stringify(present, null, 2)}\n`)
execFileSync('biome', ['format', '--write', fileURLToPath(MANIFEST)])
for (const change of changes) process.stdout.write(`${change}\n`)
process.stdout.write(`${changes.length} changes\n`)
