import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { houseFile } from './deploy-once.ts'

const $House = z.object({
  emulator: z.object({
    endpointUrl: z.string(),
    region: z.string(),
    accountId: z.string(),
    rootCredentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  }),
  apiUrl: z.string(),
  tableName: z.string(),
  archiveBucket: z.string(),
  reportsBucket: z.string(),
  stateMachineArn: z.string(),
  people: z.record(
    z.string(),
    z.object({
      arn: z.string(),
      accessKeyId: z.string(),
      secretAccessKey: z.string(),
      sessionToken: z.exactOptional(z.string()),
    }),
  ),
})

/** The house that `deploy-once.ts` has deployed for this run. */
export function readHouse() {
  return $House.parse(JSON.parse(readFileSync(houseFile(), 'utf8')))
}
