import type { Fact } from '../request-facts.ts'
import { visible, visibleLine } from '../visible.ts'
import type { Block, Letter } from './letter.ts'

const COLUMNS = 72

/**
 * The text form: 72 columns, nothing a person wrote ever at the start of a line. Words of AWS and links are never broken, so that
 * they can be copied.
 */
export function mailText({ heading, blocks, organisation, requestId }: Letter): string {
  const title = wrapped(visibleLine(heading), '')
  const rule = '='.repeat(Math.min(COLUMNS, Math.max(...title.split('\n').map(line => line.length))))
  const about = requestId === undefined ? '' : `\nRequest ${requestId}`
  const footer = `-- \nLapse · ${visibleLine(organisation)}${about}`
  return `${[`${title}\n${rule}`, ...blocks.map(blockText), footer].join('\n\n')}\n`
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'words':
      return wrapped(visibleLine(block.text), '')
    case 'warning':
      return wrapped(visibleLine(block.text), '! ')
    case 'facts':
      return [underlined(block.title), ...block.facts.map(factText)].join('\n\n')
    case 'policy':
      return [
        underlined('The statements, word for word'),
        indented(visible(block.json), '  '),
        wrapped(visibleLine(block.note), ''),
      ].join('\n\n')
    case 'code':
      return `${block.label}:\n\n    ${block.code}`
    case 'link':
      return `${block.label}:\n\n${block.url}`
  }
}

function factText({ label, values, look }: Fact): string {
  const lines = values.map(value => {
    if (look === 'code') return indented(visibleLine(value), '  ')
    if (look === 'quote')
      return visible(value)
        .split('\n')
        .map(line => wrapped(line, '  > '))
        .join('\n')
    return wrapped(visibleLine(value), '  ')
  })
  return [`${visibleLine(label)}:`, ...lines].join('\n')
}

function underlined(title: string): string {
  return `${title}\n${'-'.repeat(title.length)}`
}

function indented(text: string, indent: string): string {
  return text
    .split('\n')
    .map(line => `${indent}${line}`)
    .join('\n')
}

/** One line wrapped into several, each with the indent; a word longer than a line stands alone. */
function wrapped(line: string, indent: string): string {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`
    if (current !== '' && indent.length + longer.length > COLUMNS) {
      lines.push(current)
      current = word
    } else current = longer
  }
  return [...lines, current].map(each => `${indent}${each}`).join('\n')
}
