import { readFileSync } from 'node:fs'
import { z } from 'zod'

const FILE = new URL('../../lib/entitlement-lint/escalation-paths.json', import.meta.url)
const $catalogue = z.object({ paths: z.array(z.object({ id: z.string(), requires: z.array(z.string()).min(1) })) })

/** The paths of pathfinding.cloud, the same file the entitlements are linted with. */
export const ESCALATION_PATHS = $catalogue.parse(JSON.parse(readFileSync(FILE, 'utf8'))).paths

/** Every action one of the paths needs. */
export const PRIMITIVES = [...new Set(ESCALATION_PATHS.flatMap(({ requires }) => requires))].sort()
