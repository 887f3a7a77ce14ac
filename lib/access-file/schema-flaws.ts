import * as z from 'zod'
import type { Flaw, Path } from './flaw.ts'
import { nearestName } from './nearest-name.ts'
import { $accessForm } from './schema.ts'

type Issue = z.core.$ZodIssue

/** IAM's own keys, and why they have no place in a statement of the access file. */
const FOREIGN_KEYS: Readonly<Record<string, string>> = {
  NotAction: 'list what is allowed under actions',
  NotResource: 'list what is allowed under resources',
  Effect: 'leave it out: every statement is an Allow, and people are kept out by a deny rule',
  Principal: 'leave it out: the grant is attached to the person who asked',
}

/** What the schema has against a file, a flaw per value. */
export function schemaFlaws(raw: unknown): readonly Flaw[] {
  const result = $accessForm.safeParse(raw, { reportInput: true })
  return result.success ? [] : result.error.issues.flatMap(flawsOf)
}

function flawsOf(issue: Issue): readonly Flaw[] {
  const path = toPath(issue.path)
  const on = 'value'
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(path, key))
    case 'invalid_type':
      return [issue.input === undefined ? missing(path) : wrongType(path, issue.expected, issue.input)]
    case 'invalid_union':
      return flawsOfUnion(path, issue)
    case 'too_small':
      if (issue.origin !== 'array')
        return [{ path, on, message: `must be at least ${issue.minimum}`, fix: `write ${issue.minimum} or more` }]
      return [
        { path, on, message: 'the list is empty', fix: 'name at least one, or take the key out if it is optional' },
      ]
    case 'too_big':
      if (issue.origin === 'array') return [{ path, on, message: issue.message, fix: fixOf(issue, path) }]
      return [{ path, on, message: `must be at most ${issue.maximum}`, fix: `write ${issue.maximum} or less` }]
    case 'invalid_value':
      return [wrongValue(path, issue.values.map(String), issue.input)]
    case 'invalid_key':
      return issue.issues.map(inner => ({ path, on: 'key', message: inner.message, fix: fixOf(inner, path) }))
    default:
      return [{ path, on, message: issue.message, fix: fixOf(issue, path) }]
  }
}

/** What the one alternative has against the value that takes values of its kind; if none does, what would do. */
function flawsOfUnion(path: Path, { errors }: z.core.$ZodIssueInvalidUnion): readonly Flaw[] {
  const isOfKind = (issues: readonly Issue[]) =>
    issues.every(({ code, path: inner }) => code !== 'invalid_type' || inner.length > 0)
  const meant = errors.find(isOfKind)
  if (meant) return meant.flatMap(inner => flawsOf({ ...inner, path: [...path, ...inner.path] }))
  const types = errors.flatMap(issues =>
    issues.flatMap(issue => (issue.code === 'invalid_type' ? [issue.expected] : [])),
  )
  if (types.includes('array'))
    return [{ path, on: 'value', message: 'must be a text or a list of texts', fix: 'put the value in quotes: "true"' }]
  const message = `must be ${types.map(wordFor).join(' or ')}`
  return [{ path, on: 'value', message, fix: `write ${describe(path)}` }]
}

function unknownKey(path: Path, key: string): Flaw {
  const schema = unwrapped(schemaAt(path))
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const nearest = nearestName(key, known)
  const foreign = Object.hasOwn(FOREIGN_KEYS, key) ? FOREIGN_KEYS[key] : undefined
  if (foreign && known.includes('actions'))
    return { path: [...path, key], on: 'key', message: `${key} is not supported`, fix: foreign }
  const fix = nearest ? `did you mean ${nearest}` : `known here: ${known.join(', ')}`
  return { path: [...path, key], on: 'key', message: `there is no key ${key} here`, fix }
}

function missing(path: Path): Flaw {
  const key = path.at(-1)
  return { path, on: 'key', message: `${key} is missing`, fix: `add ${key}: ${describe(path)}` }
}

function wrongType(path: Path, expected: string, input: unknown): Flaw {
  const message = `must be ${wordFor(expected)}, not ${wordOf(input)}`
  return { path, on: 'value', message, fix: `write ${wordFor(expected)}: ${describe(path)}` }
}

function wrongValue(path: Path, values: readonly string[], input: unknown): Flaw {
  if (input === undefined) return missing(path)
  const nearest = typeof input === 'string' ? nearestName(input, values) : undefined
  const message = `must be ${values.join(' or ')}, not ${wordOf(input)}`
  return { path, on: 'value', message, fix: nearest ? `did you mean ${nearest}` : `write ${values.join(' or ')}` }
}

/** What belongs at the path: the words of the schema, and an example where it has one. */
function describe(path: Path): string {
  const outer = schemaAt(path)
  const metas = [outer, unwrapped(outer)].map(metaOf)
  const words = metas.find(({ description }) => description)?.description ?? 'what docs/access-file.md says'
  const { examples } = metas.find(meta => Array.isArray(meta.examples)) ?? {}
  return Array.isArray(examples) ? `${words} (such as ${examples[0]})` : words
}

function metaOf(schema: z.core.$ZodType | undefined): z.core.GlobalMeta {
  return (schema && z.globalRegistry.get(schema)) ?? {}
}

function fixOf(issue: { readonly params?: Record<string, unknown> | undefined } | Issue, path: Path): string {
  const fix = 'params' in issue ? issue.params?.fix : undefined
  return typeof fix === 'string' ? fix : `write ${describe(path)}`
}

function schemaAt(path: Path): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((outer, step) => {
    const schema = unwrapped(outer)
    if (schema instanceof z.ZodObject) return schema.shape[step]
    if (schema instanceof z.ZodRecord) return schema.valueType
    return schema instanceof z.ZodArray ? schema.element : undefined
  }, $accessForm)
}

function unwrapped(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional) return unwrapped(schema.unwrap())
  return schema instanceof z.ZodUnion
    ? (schema.options.find(option => option instanceof z.ZodObject) ?? schema)
    : schema
}

function toPath(path: readonly PropertyKey[]): Path {
  return path.map(step => (typeof step === 'symbol' ? String(step) : step))
}

const WORDS: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
}

function wordFor(type: string): string {
  return Object.hasOwn(WORDS, type) ? (WORDS[type] ?? type) : type
}

function wordOf(input: unknown): string {
  if (input === null) return 'empty'
  if (typeof input === 'object') return Array.isArray(input) ? 'a list' : 'a map of keys'
  return `${wordFor(typeof input)} (${String(input)})`
}
