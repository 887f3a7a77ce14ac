/** A span of time that administrators are told of, each in one mail. */
export interface DigestSpan {
  readonly from: Date
  readonly until: Date
  /** Person ids who have been told of this span. */
  readonly told: readonly string[]
}

/** Keeps how far administrators have been told. One span follows the other without a gap and without an overlap. */
export interface DigestStore {
  /** The span that was begun and not finished, or else the one from the end of the last, or from `first`, up to `until`. Undefined when there is nothing in between. */
  begin(first: Date, until: Date): Promise<DigestSpan | undefined>
  /** Remembers that a person was told of the span. */
  told(span: DigestSpan, person: string): Promise<void>
  finish(span: DigestSpan): Promise<void>
}
