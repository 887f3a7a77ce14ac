import { writeFileSync } from 'node:fs'
import { accessFileJsonSchema } from '../lib/access-file/json-schema.ts'

writeFileSync(new URL('../docs/access-file.schema.json', import.meta.url), accessFileJsonSchema())
