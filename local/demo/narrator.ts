import { styleText } from 'node:util'

/** Where the story is told. Colours are for terminals; the lines kept for the file have none. */
export interface Stage {
  readonly write: (text: string) => void
  readonly hasColours: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A step of the story that did not hold. */
export class StepFailedError extends Error {
  override readonly name = 'StepFailedError'
  readonly step: string

  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.step = step
  }
}

const LEAD = ' '.repeat(8)
const WHO = 9
const INDENT = ' '.repeat(LEAD.length + WHO)
type Format = Parameters<typeof styleText>[0]

/**
 * Tells the story as a timeline: when, who, what, and under each step what was seen.
 *
 *    1:07  alice    reads the object with her own keys
 *                   ✓ allowed: 3 orders
 */
export class Narrator {
  readonly #stage: Stage
  readonly #begin: number
  readonly #lines: string[] = []

  constructor(stage: Stage) {
    this.#stage = stage
    this.#begin = stage.now()
  }

  /** All that was told, without colours. */
  get text(): string {
    return `${this.#lines.join('\n')}\n`
  }

  get elapsedSeconds(): number {
    return (this.#stage.now() - this.#begin) / 1000
  }

  chapter(title: string): void {
    this.#tell('')
    this.#tell(title, 'bold')
  }

  /** Lines of evidence under the step before. */
  show(lines: readonly string[]): void {
    for (const line of lines) this.#tell(`${INDENT}  ${line}`, 'dim')
  }

  /**
   * Tells what somebody does, does it, and tells what came of it.
   *
   * @param check does it and gives the words for what was seen; throws when it is not what has to be.
   * @throws StepFailedError
   */
  async step<Seen>(
    who: string,
    what: string,
    check: () => Promise<readonly [words: string, seen: Seen]>,
  ): Promise<Seen> {
    const minutes = Math.floor(this.elapsedSeconds / 60)
    const seconds = String(Math.floor(this.elapsedSeconds % 60)).padStart(2, '0')
    const lead = `${String(minutes).padStart(3)}:${seconds}  `
    this.#lines.push(`${lead}${who.padEnd(WHO)}${what}`)
    this.#stage.write(`${this.#in('dim', lead)}${this.#in('bold', who.padEnd(WHO))}${what}\n`)
    try {
      const [words, seen] = await check()
      this.#tell(`${INDENT}✓ ${words}`, 'green')
      return seen
    } catch (cause) {
      const failed = new StepFailedError(`${who} ${what}`, cause)
      this.#tell(`${INDENT}✗ ${cause instanceof Error ? cause.message : String(cause)}`, 'red')
      throw failed
    }
  }

  /** Says how long it is until something happens, so that nobody thinks the story hangs. */
  pause(instant: Date): void {
    const seconds = Math.round((instant.getTime() - this.#stage.now()) / 1000)
    if (seconds > 1) this.aside(`${seconds} seconds pass`)
  }

  /** A remark that nobody does. */
  aside(text: string): void {
    this.#tell(`${LEAD}(${text})`, 'dim')
  }

  tell(line: string): void {
    this.#tell(line)
  }

  #tell(line: string, format?: Format): void {
    this.#lines.push(line)
    this.#stage.write(`${format ? this.#in(format, line) : line}\n`)
  }

  #in(format: Format, text: string): string {
    return this.#stage.hasColours ? styleText(format, text, { validateStream: false }) : text
  }
}

/** @throws Error with these words when the claim is false. */
export function must(claim: boolean, otherwise: string): asserts claim {
  if (!claim) throw new Error(otherwise)
}
