import * as z from 'zod/mini'

/** A batch of a DynamoDB stream as Lambda hands it on: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
const $Batch = z.object({
  Records: z.array(
    z.object({
      eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
      dynamodb: z.object({
        SequenceNumber: z.string(),
        NewImage: z.optional(z.record(z.string(), z.unknown())),
      }),
    }),
  ),
})

/** A row that was written for the first time. */
export interface NewRow {
  /** Its place in the stream; Lambda wants the first one that failed. */
  readonly sequenceNumber: string
  readonly row: unknown
}

/** The new rows of a batch, oldest first. @throws ZodError when it is no batch of a stream. */
export function newRowsOf(batch: unknown): readonly NewRow[] {
  return $Batch
    .parse(batch)
    .Records.flatMap(({ eventName, dynamodb: { SequenceNumber, NewImage } }) =>
      eventName === 'INSERT' && NewImage ? [{ sequenceNumber: SequenceNumber, row: plain({ M: NewImage }) }] : [],
    )
}

/** A row as it was written, for the first time or not. */
export interface WrittenRow extends NewRow {
  readonly isNew: boolean
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
