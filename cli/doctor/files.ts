import packageJson from '../../package.json' with { type: 'json' }
import { parsedFile } from '../access-file.ts'
import type { Surroundings } from '../surroundings.ts'
import { attempted, type Finding } from './finding.ts'

/** What can be looked at without AWS: Node and the access file. */
export async function fileFindings(
  file: string,
  nodeVersion: string,
  surroundings: Pick<Surroundings, 'workingFolder'>,
): Promise<readonly Finding[]> {
  const major = (version: string): number => Number(version.split('.')[0])
  const pinned = packageJson.devDependencies.node
  return [
    await attempted('Node', async () =>
      major(nodeVersion) >= major(pinned)
        ? { verdict: 'fine', detail: nodeVersion }
        : {
            verdict: 'missing',
            detail: `${nodeVersion} is older than ${pinned}`,
            remedy: 'npm install, then npx lapse',
          },
    ),
    await attempted('access file', async () => {
      const parsed = parsedFile(file, surroundings)
      if (parsed.outcome === 'valid')
        return { verdict: 'fine', detail: `${file} is sound, hash ${parsed.hash.slice(0, 12)}` }
      return {
        verdict: 'missing',
        detail: `${file} has ${parsed.problems.length} problems, the first in line ${parsed.problems[0]?.line}`,
        remedy: `lapse check ${file}`,
      }
    }),
  ]
}
