import { type Document, isAlias, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { Problem } from './problem.ts'

/** A YAML text read with its positions kept, and what YAML itself has against it. */
export interface YamlText {
  readonly document: Document
  readonly lines: LineCounter
  readonly problems: readonly Problem[]
}

export function readYaml(text: string): YamlText {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const problemAt = (offset: number, message: string, fix: string): Problem => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col, path: '', message, fix }
  }
  const syntax = [...document.errors, ...document.warnings].map(({ code, pos, message }) => {
    const isTwice = code === 'DUPLICATE_KEY'
    const fix = isTwice ? 'keep one of the two' : 'look at indentation, colons, brackets and quotes here'
    return problemAt(pos[0], `this is not YAML: ${firstLine(message)}`, fix)
  })
  return { document, lines, problems: [...syntax, ...oddities(document, problemAt)] }
}

/** Valid YAML that would not survive the way to a JavaScript object. */
function oddities(document: Document, problemAt: (offset: number, message: string, fix: string) => Problem): Problem[] {
  const problems: Problem[] = []
  visit(document, {
    Pair(_, { key }) {
      const offset = (isNode(key) ? key.range?.[0] : undefined) ?? 0
      if (!isScalar(key)) problems.push(problemAt(offset, 'a key is not a text', 'write keys as plain words'))
      else if (key.value === '__proto__')
        problems.push(problemAt(offset, 'the name __proto__ is reserved by JavaScript', 'choose another name'))
    },
    Alias(_, alias) {
      if (isAlias(alias) && alias.resolve(document) === undefined)
        problems.push(
          problemAt(alias.range?.[0] ?? 0, `nothing is marked &${alias.source}`, 'write the value out here'),
        )
    },
  })
  return problems
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? text).replace(/[.:]$/, '')
}
