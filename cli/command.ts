import type * as z from 'zod/mini'
import { WrongUseError } from './errors.ts'
import type { Exit } from './exit.ts'
import type { Surroundings } from './surroundings.ts'

export interface Argument {
  /** As help shows it: `<id>`, or `[file]` when it may be left out. */
  readonly form: string
  readonly does: string
  /** The only values it takes; completion offers them. */
  readonly values?: readonly string[]
}

export interface Option {
  /** `--duration <duration>`, or `--json` for a switch. */
  readonly form: string
  readonly does: string
  /** May be given more than once. */
  readonly isRepeated?: true
  /** The only values it takes; completion offers them. */
  readonly values?: readonly string[]
}

/** One command of `lapse`. */
export interface Command {
  /** The words typed for it: `check`, `review create`. */
  readonly name: string
  /** What the first word alone means: `lapse findings`. */
  readonly isDefault?: true
  readonly does: string
  /** Whole command lines that work. */
  readonly examples: readonly string[]
  readonly arguments: readonly Argument[]
  readonly options: readonly Option[]
  /** @param given arguments and options by name, as the shell handed them over. @throws WrongUseError when they do not fit. */
  run(given: unknown, surroundings: Surroundings): Promise<Exit>
}

interface Form<Schema extends z.ZodMiniType> extends Omit<Command, 'arguments' | 'options' | 'run'> {
  readonly arguments?: readonly Argument[]
  readonly options?: readonly Option[]
  readonly given: Schema
  run(given: z.output<Schema>, surroundings: Surroundings): Promise<Exit>
}

/** A command whose arguments and options are parsed before it runs. */
export function command<Schema extends z.ZodMiniType>(form: Form<Schema>): Command {
  const { name, isDefault, does, examples, options = [] } = form
  const forms = form.arguments ?? []
  return {
    name,
    ...(isDefault && { isDefault }),
    does,
    examples,
    arguments: forms,
    options,
    run: (given, surroundings) => form.run(parsed(form.given, given, forms), surroundings),
  }
}

function parsed<Schema extends z.ZodMiniType>(
  schema: Schema,
  given: unknown,
  forms: readonly Argument[],
): z.output<Schema> {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const wrong = result.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? '')
    const argument = forms.find(({ form }) => form.replaceAll(/[<>[\].]/g, '') === name)
    return `${argument?.form ?? `--${kebab(name)}`} ${message}`
  })
  throw new WrongUseError([...new Set(wrong)].join('\n'))
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
