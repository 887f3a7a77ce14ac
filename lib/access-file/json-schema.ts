import * as z from 'zod'
import { $accessForm } from './schema.ts'

/** The text of docs/access-file.schema.json: what editors need to complete and check an access file. Draft 7 is what they read. */
export function accessFileJsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema($accessForm, { target: 'draft-7', io: 'input' }), null, 2)}\n`
}
