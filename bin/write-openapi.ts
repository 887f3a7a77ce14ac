import { writeFileSync } from 'node:fs'
import { openApiYaml } from '../lib/openapi/document.ts'

writeFileSync(new URL('../docs/openapi.yaml', import.meta.url), openApiYaml())
