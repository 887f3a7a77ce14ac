import { writeFileSync } from 'node:fs'
import { busEventJsonSchema } from '../lambdas/contract/bus-event.ts'

writeFileSync(new URL('../docs/bus-event.schema.json', import.meta.url), busEventJsonSchema())
