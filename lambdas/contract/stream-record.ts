import * as z from 'zod/mini'

const $Text = z.object({ S: z.string() })
const $Image = z.record(z.string(), z.unknown())

/** A batch of a DynamoDB stream as Lambda hands it on: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const $Batch = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.object({
        SequenceNumber: z.string(),
        Keys: z.object({ pk: $Text, sk: $Text }),
        OldImage: z.optional($Image),
        NewImage: z.optional($Image),
      }),
    }),
  ),
})

/** A change of one row. */
export interface RowChange {
  /** Its place in the stream; Lambda wants the first one that failed. */
  readonly sequenceNumber: string
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE'
  readonly key: { readonly pk: string; readonly sk: string }
  /** The row as it was, undefined when it is new; and as it is, undefined when it is gone. */
  readonly before: unknown
  readonly after: unknown
}

/** The changes of a batch, oldest first. @throws ZodError when it is no batch of a stream. */
export function changesOf(batch: unknown): readonly RowChange[] {
  return $Batch.parse(batch).Records.map(({ eventName, dynamodb: { SequenceNumber, Keys, OldImage, NewImage } }) => ({
    sequenceNumber: SequenceNumber,
    eventName,
    key: { pk: Keys.pk.S, sk: Keys.sk.S },
    before: OldImage && plain({ M: OldImage }),
    after: NewImage && plain({ M: NewImage }),
  }))
}

/** A row as it was written, for the first time or not. */
export interface WrittenRow {
  readonly sequenceNumber: string
  readonly isNew: boolean
  readonly row: unknown
  /** What its `kind` says; undefined when it has none. */
  readonly kind: unknown
}

/** The rows a batch wrote, oldest first. @throws ZodError when it is no batch of a stream. */
export function writtenRowsOf(batch: unknown): readonly WrittenRow[] {
  return $Batch.parse(batch).Records.flatMap(({ eventName, dynamodb: { SequenceNumber, NewImage } }) => {
    if (!NewImage) return []
    const kind = plain(NewImage.kind)
    return [{ sequenceNumber: SequenceNumber, isNew: eventName === 'INSERT', kind, row: plain({ M: NewImage }) }]
  })
}

const $Attribute = z.union([
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: z.string() }),
  z.strictObject({ BOOL: z.boolean() }),
  z.strictObject({ NULL: z.literal(true) }),
  z.strictObject({ L: z.array(z.unknown()) }),
  z.strictObject({ M: z.record(z.string(), z.unknown()) }),
])

/** A value of a stream as the document client gives it. Sets and bytes are in no row of Lapse; they come out as undefined. */
function plain(attribute: unknown): unknown {
  const { data } = $Attribute.safeParse(attribute)
  if (!data) return undefined
  if ('S' in data) return data.S
  if ('N' in data) return Number(data.N)
  if ('BOOL' in data) return data.BOOL
  if ('L' in data) return data.L.map(plain)
  if ('M' in data) return Object.fromEntries(Object.entries(data.M).map(([name, value]) => [name, plain(value)]))
  return null
}
