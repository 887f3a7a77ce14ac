/** Where the files of a CloudTrail trail lie, written `s3://BUCKET/[PREFIX/]AWSLogs/[ORGANIZATION/]ACCOUNT/CloudTrail`. */
export interface TrailPlace {
  readonly bucket: string
  /** `AWSLogs/111122223333/CloudTrail`, below it one folder a region. */
  readonly path: string
  readonly account: string
}

const PLACE =
  /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(?<path>(?:[\w!.'()-]+\/)*AWSLogs\/(?:o-[a-z0-9]{10,32}\/)?(?<account>\d{12})\/CloudTrail)\/?$/

/**
 * The place a text names.
 *
 * @throws RangeError when it names none.
 */
export function trailPlaceOf(text: string): TrailPlace {
  const { bucket, path, account } = PLACE.exec(text)?.groups ?? {}
  if (bucket && path && account) return { bucket, path, account }
  throw new RangeError(
    `${text} names no files of a trail; it has to be s3://BUCKET/[PREFIX/]AWSLogs/[ORGANIZATION/]ACCOUNT/CloudTrail`,
  )
}
