import { versions } from 'node:process'
import * as z from 'zod/mini'
import { DEFAULT_FILE, parsedFile } from '../access-file.ts'
import { API_OPTIONS, apiGiven } from '../api/api-command.ts'
import { command } from '../command.ts'
import { awsFindings } from '../doctor/aws.ts'
import { deploymentFinding } from '../doctor/deployment.ts'
import { fileFindings } from '../doctor/files.ts'
import type { Finding } from '../doctor/finding.ts'
import { EXIT } from '../exit.ts'
import { $text, FILE_OPTION } from '../given.ts'
import { type Ink, inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import type { Surroundings } from '../surroundings.ts'

export const doctor = command({
  name: 'doctor',
  does: 'say what is missing: Node, access file, API, verified sender, SES sandbox, boundary, concurrency, trail',
  examples: ['lapse doctor', 'lapse doctor --file our-access.yaml --region eu-central-1'],
  options: [FILE_OPTION, ...API_OPTIONS],
  given: z.object({ ...apiGiven, file: $text }),
  async run({ file, json, ...endpoint }, surroundings) {
    const findings = await look(file, endpoint, surroundings)
    const { out } = surroundings
    const ink = inkFor(out, surroundings)
    if (json) printJson(surroundings, { findings })
    else for (const finding of findings) out.write(findingText(finding, ink))
    return findings.some(({ verdict }) => verdict === 'missing') ? EXIT.no : EXIT.ok
  },
})

async function look(
  named: string | undefined,
  endpoint: Parameters<typeof deploymentFinding>[0],
  surroundings: Surroundings,
): Promise<readonly Finding[]> {
  const { AWS_REGION, AWS_DEFAULT_REGION } = surroundings.environment
  const file = named ?? DEFAULT_FILE
  const files = await fileFindings(file, versions.node, surroundings)
  const isReadable = files.every(({ verdict }) => verdict !== 'could not check')
  // Whoever only asks or approves has no access file; who names one has mistyped it when it is not there, and is told so.
  const parsed = isReadable || named !== undefined ? parsedFile(file, surroundings) : undefined
  const api = await deploymentFinding(endpoint, surroundings)
  const region = endpoint.region ?? AWS_REGION ?? AWS_DEFAULT_REGION
  const account = parsed?.outcome === 'valid' ? await awsFindings(parsed.access, region) : []
  return [...files, api, ...account]
}

function findingText(finding: Finding, ink: Ink): string {
  const { check, verdict, detail } = finding
  const mark = { fine: ink('green', '✓'), missing: ink('red', '✗'), 'could not check': ink('yellow', '?') }[verdict]
  const line = verdict === 'could not check' ? `${check}: could not check: ${detail}` : `${check}: ${detail}`
  return `${mark} ${line}\n${finding.verdict === 'missing' ? `    ${ink('dim', 'remedy')}  ${finding.remedy}\n` : ''}`
}
