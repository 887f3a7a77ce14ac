/** Something in the evidence that is not what was written. */
export interface Finding {
  /** The file it shows in. */
  readonly file: string
  readonly requestId?: string | undefined
  readonly sequence?: number | undefined
  readonly what: string
}
