import { writeFileSync } from 'node:fs'
import { busEventJsonSchema } from '../lambdas/contract/bus-event.ts'
import { findingEventJsonSchema } from '../lambdas/contract/finding-event.ts'

const docs = new URL('../docs/', import.meta.url)
writeFileSync(new URL('bus-event.schema.json', docs), busEventJsonSchema())
writeFileSync(new URL('finding-event.schema.json', docs), findingEventJsonSchema())
