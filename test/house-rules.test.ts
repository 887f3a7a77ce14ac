import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import * as z from 'zod/mini'
import { CAPABILITIES } from './support/capability-ids.ts'
import { codeOf, importsOf, PROJECT, repositoryFiles, type SourceFile } from './support/source-files.ts'

const files = repositoryFiles()
const textOf = (path: string) => files.find(file => file.path === path)?.text ?? ''
const typescript = files.filter(({ path }) => path.endsWith('.ts'))
const source = typescript.filter(({ path }) => /^(?:lambdas|lib|bin|cli|local)\//.test(path))
const pathsOf = (found: readonly SourceFile[]) => found.map(({ path }) => path)

/** What a room may import: other rooms, and packages. */
interface Room {
  readonly rooms: readonly string[]
  /** Absent: any package. */
  readonly packages?: readonly RegExp[]
}

const AWS_CLIENT = /^@aws-sdk\/(?:client-|lib-|s3-request-presigner)/
const ARROWS: Readonly<Record<string, Room>> = {
  domain: { rooms: [], packages: [] },
  application: { rooms: ['domain'], packages: [] },
  contract: { rooms: ['domain'], packages: [/^zod\/mini$/] },
  pages: { rooms: ['domain'], packages: [/^hono\/html$/, /^d3-array$/, /^node:crypto$/] },
  adapters: {
    rooms: ['domain', 'application', 'contract', 'pages'],
    packages: [AWS_CLIENT, /^zod\/mini$/, /^ulid$/, /^node:(?:crypto|zlib)$/],
  },
  runtime: {
    rooms: ['domain', 'contract', 'pages'],
    packages: [
      /^@middy\/core$/,
      /^@aws-lambda-powertools\/logger$/,
      /^aws-lambda$/,
      /^zod\/mini$/,
      /^@aws-sdk\/credential-provider-env$/,
    ],
  },
  'handlers/env.ts': { rooms: ['runtime'], packages: [/^zod\/mini$/] },
  'handlers/handler.ts': {
    rooms: ['domain', 'application', 'contract', 'pages', 'runtime'],
    packages: [/^@aws-lambda-powertools\/logger$/],
  },
  'handlers/index.ts': {
    rooms: ['adapters', 'pages', 'runtime', 'handlers/env.ts', 'handlers/handler.ts'],
    packages: [AWS_CLIENT, /^#access$/, /^node:timers\/promises$/],
  },
  'lib/access-file': { rooms: ['domain'], packages: [/^zod$/, /^yaml$/, /^node:/] },
  lib: { rooms: ['domain', 'contract', 'handlers/env.ts', 'lib/access-file', 'package.json'] },
  cli: {
    rooms: ['domain', 'contract', 'lib/access-file', 'package.json'],
    packages: [
      AWS_CLIENT,
      /^@aws-sdk\/credential-provider-node$/,
      /^@smithy\/signature-v4$/,
      /^commander$/,
      /^zod\/mini$/,
      /^node:(?:crypto|fs|path|process|readline|util|zlib)$/,
    ],
  },
  bin: { rooms: ['domain', 'contract', 'lib', 'lib/access-file', 'cli', 'local'] },
  local: { rooms: ['domain', 'contract', 'pages', 'adapters', 'lib', 'lib/access-file', 'cli'] },
}

/** What reads the access file: the command line takes it without the rest of `lib`, which is CDK. */
const ACCESS_FILE = /^lib\/(?:access-file|allowed-actions|entitlement-lint)\//

/** Imports that go against the arrows, each with its reason. */
const AGAINST: Readonly<Record<string, string>> = {
  'lambdas/domain/digest.ts → node:crypto': 'a hash is a pure function',
  'cli/print/plain-line.ts → lambdas/pages/visible.ts': 'what hides on a page hides on a terminal too',
  'lambdas/application/review-tables.ts → csv-stringify/sync': 'text from rows is a pure function',
}

/** Files over 200 lines, each with its reason. */
const LONG: Readonly<Record<string, string>> = {
  'lambdas/domain/lifecycle.ts':
    'every step of a request beside the others, so that the table of statuses can be checked by eye',
  'lib/acknowledgements.ts': 'a table: one entry for each accepted finding, each with its reason',
}
const MOST_LINES = 200

function roomOf(path: string): string {
  const [top = '', second = '', , last = ''] = path.split('/')
  if (ACCESS_FILE.test(path)) return 'lib/access-file'
  if (top !== 'lambdas') return top
  return second === 'handlers' ? `handlers/${last}` : second
}

function againstTheArrows(file: SourceFile): readonly string[] {
  const room = ARROWS[roomOf(file.path)]
  if (!room) return [`${file.path} is in no known room`]
  return importsOf(file).flatMap(({ to, isRelative, isTypeOnly }) => {
    const isAllowed = isRelative
      ? [...room.rooms, roomOf(file.path)].includes(roomOf(to)) ||
        (roomOf(file.path) === 'application' && roomOf(to) === 'contract' && isTypeOnly)
      : !room.packages || room.packages.some(name => name.test(to))
    const arrow = `${file.path} → ${to}`
    return isAllowed || arrow in AGAINST ? [] : [arrow]
  })
}

describe('the rooms', () => {
  it('import only what stands before them: domain ← application ← adapters ← index.ts', () => {
    expect(source.flatMap(againstTheArrows)).toEqual([])
  })

  it('except for what is listed with its reason, and still there', () => {
    const arrows = source.flatMap(file => importsOf(file).map(({ to }) => `${file.path} → ${to}`))

    expect(Object.keys(AGAINST).filter(arrow => !arrows.includes(arrow))).toEqual([])
  })

  it('are free of import cycles', () => {
    const known = new Set(pathsOf(typescript))
    const graph = new Map(
      typescript.map(file => [file.path, importsOf(file).flatMap(({ to }) => (known.has(to) ? [to] : []))] as const),
    )

    expect(cyclesOf(graph)).toEqual([])
  })

  it('have no clock, chance or environment in domain and application', () => {
    const impure =
      /new Date\(\)|\bDate\.now\b|\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bprocess\b|\bperformance\b/
    const pure = source.filter(({ path }) => /^lambdas\/(?:domain|application)\//.test(path))

    expect(pathsOf(pure.filter(file => impure.test(codeOf(file))))).toEqual([])
  })

  it('ask for the time and for chance in adapters only, and for the environment in runtime/env.ts only', () => {
    const lambdas = source.filter(({ path }) => path.startsWith('lambdas/') && !path.startsWith('lambdas/adapters/'))
    const timeOrChance = /new Date\(\)|\bDate\.now\b|\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b/
    const environment = source.filter(file => file.path.startsWith('lambdas/') && /\bprocess\.env\b/.test(codeOf(file)))

    expect(pathsOf(lambdas.filter(file => timeOrChance.test(codeOf(file))))).toEqual([])
    expect(pathsOf(environment)).toEqual(['lambdas/runtime/env.ts'])
  })
})

describe('the source', () => {
  it('has no type assertions and no any', () => {
    const assertion =
      /\bas\s+(?:[A-Z{[(]|unknown\b|never\b|string\b|number\b|boolean\b|object\b|typeof\b|keyof\b|readonly\b)/
    const any = /(?:[:<,|&(]|=>)\s*any\b/
    const withoutImports = (file: SourceFile) =>
      codeOf(file)
        .replaceAll(/^.*`.*$/gm, '')
        .replaceAll(/^(?:import|export)\s[^;]*?(?:from\s+)?''/gm, '')
        .replaceAll(/^import \* as \w+/gm, '')

    expect(pathsOf(source.filter(file => assertion.test(withoutImports(file))))).toEqual([])
    expect(pathsOf(source.filter(file => any.test(withoutImports(file))))).toEqual([])
  })

  it('has named exports only and no barrels', () => {
    expect(pathsOf(source.filter(({ text }) => /^export (?:default\b|\*|\{[^}]*\} from)/m.test(text)))).toEqual([])
  })

  it('imports zod/mini as a namespace, so that it can be shaken', () => {
    expect(pathsOf(source.filter(({ text }) => /import (?:type )?\{[^}]*\} from 'zod(?:\/mini)?'/.test(text)))).toEqual(
      [],
    )
  })

  it(`has no file of more than ${MOST_LINES} lines, but for what is listed with its reason`, () => {
    const long = files
      .filter(({ path }) => /^(?:lambdas|lib|cli|local|bin)\/.*\.(?:ts|py)$/.test(path))
      .filter(({ text }) => text.split('\n').length - 1 > MOST_LINES)

    expect(pathsOf(long)).toEqual(Object.keys(LONG))
  })

  it('names files in kebab-case, and none of them as a drawer for everything', () => {
    const names = pathsOf(typescript).map(path => basename(path))
    const drawers = /(?:^|[/-])(?:utils?|helpers?|common|shared|misc)(?:[./-]|$)/

    expect(names.filter(name => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|d))?\.ts$/.test(name))).toEqual([])
    expect(pathsOf(typescript).filter(path => drawers.test(path))).toEqual([])
  })

  it('names no machine, no registry and no tool it was written with', () => {
    // Put together here, so that this file does not find itself.
    const machine = new RegExp(['/work', '/root', '/home/[a-z]+', '/Users/[A-Za-z]+'].map(each => `${each}/`).join('|'))
    const registry = new RegExp(
      `https?://[^\\s"']*(?:${['regis' + 'try', 'artif' + 'actory', 'verdac' + 'cio'].join('|')})`,
      'i',
    )
    const author = new RegExp(
      `\\b(?:${['chat' + 'gpt', 'clau' + 'de', 'anthro' + 'pic', 'open' + 'ai', 'gen' + 'erated by ai', 'sub-?ag' + 'ent'].join('|')})\\b`,
      'i',
    )
    const named = files.filter(({ text }) => [machine, registry, author].some(each => each.test(text)))

    expect(pathsOf(named)).toEqual([])
  })
})

describe('the tests', () => {
  it('name capabilities that exist', () => {
    const titles = typescript
      .filter(({ path }) => path.startsWith('test/'))
      .flatMap(({ text }) => [
        ...text.matchAll(/\b(?:it|test|describe)(?:\.\w+)*(?:\([^'"`)]*\))?\(\s*['"`](?<id>[A-Z]{3}-\d{2})\b/g),
      ])
      .map(({ groups }) => groups?.id ?? '')

    expect(titles.length).toBeGreaterThan(100)
    expect([...new Set(titles)].filter(id => !(id in CAPABILITIES))).toEqual([])
  })

  it('never mock a module', () => {
    expect(pathsOf(typescript.filter(file => /\bjest\.(?:mock|unstable_mockModule)\(/.test(codeOf(file))))).toEqual([])
  })
})

describe('the documents', () => {
  const pages = files.filter(({ path }) => path.endsWith('.md'))
  const api = textOf('docs/api.md')
  const routes = files
    .filter(({ path }) => /^lib\/[^/]+\.ts$/.test(path))
    .flatMap(({ text }) => [...text.matchAll(/\.route\(\s*'(?<route>[A-Z]+ \/[^']*)'/g)])
    .map(({ groups }) => groups?.route ?? '')

  it('name only commands that package.json has', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(textOf('package.json')))
    const builtIn = new Set(['install', 'ci', 'audit'])
    const named = pages.flatMap(({ text }) => [...text.matchAll(/\bnpm (?:run )?(?<command>[a-z][a-z0-9:]*)/g)])
    const commands = new Set(named.map(({ groups }) => groups?.command ?? ''))

    expect([...commands].filter(command => !builtIn.has(command) && !(command in scripts))).toEqual([])
  })

  it('name only files and folders that exist', () => {
    const missing = pages.flatMap(page =>
      namedPathsOf(page)
        .filter(path => !existsSync(join(PROJECT, path)))
        .map(path => `${page.path}: ${path}`),
    )

    expect(missing).toEqual([])
  })

  it('OPS-02 describe every route in docs/api.md, and no other', () => {
    const described = [...api.matchAll(/^### `(?<route>[A-Z]+ \/[^`]*)`/gm)].map(({ groups }) => groups?.route ?? '')

    expect(routes.length).toBeGreaterThan(10)
    expect([...described].sort()).toEqual([...routes].sort())
  })

  it('OPS-02 name every problem code in docs/api.md', () => {
    const inCode = files
      .filter(({ path }) =>
        /^(?:lambdas\/(?:handlers|runtime)\/|lib\/api\.ts|lambdas\/domain\/evaluate\.ts)/.test(path),
      )
      .flatMap(({ text }) => [...text.matchAll(/(?:\bcode: |notFound\(\s*)'(?<code>[a-z-]+)'/g)])
      .map(({ groups }) => groups?.code ?? '')

    expect(inCode.length).toBeGreaterThan(20)
    expect([...new Set(inCode)].filter(code => !api.includes(`\`${code}\``))).toEqual([])
  })

  it('number the decision records without a gap, each with context, decision and consequences', () => {
    const records = files
      .filter(({ path }) => /^docs\/adr\/\d{4}-/.test(path))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
    const numbers = records.map(({ path }) => Number(basename(path).slice(0, 4)))
    const parts = ['## Context', '## Decision', '## Consequences']

    expect(numbers).toEqual(records.map((_, index) => index + 1))
    expect(pathsOf(records.filter(({ text }) => parts.some(part => !text.includes(part))))).toEqual([])
  })
})

/** Paths a page names: targets of its links, and code that begins with a folder of the repository. */
function namedPathsOf({ path, text }: SourceFile): readonly string[] {
  const links = [
    ...text.matchAll(/\]\((?<to>[^)#\s]+)(?:#[^)]*)?\)/g),
    ...text.matchAll(/(?:src|srcset)="(?<to>[^"]+)"/g),
  ]
    .map(({ groups }) => groups?.to ?? '')
    .filter(to => !/^[a-z]+:/.test(to))
    .map(to => join(path, '..', to))
  const code = [...text.matchAll(/`(?<to>(?:lambdas|lib|bin|local|test|docs|bench|\.ci)\/[^`\s:]*)`/g)]
    .map(({ groups }) => groups?.to ?? '')
    .filter(to => !/[<*{…]|NNNN/.test(to))
  return [...links, ...code]
}

/** The cycles of a graph, each by the node where it was found. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (node: string, way: readonly string[]): void => {
    if (way.includes(node)) {
      cycles.push([...way.slice(way.indexOf(node)), node].join(' → '))
      return
    }
    if (done.has(node)) return
    for (const next of graph.get(node) ?? []) visit(next, [...way, node])
    done.add(node)
  }
  for (const node of graph.keys()) visit(node, [])
  return cycles
}
