import { S3Client } from '@aws-sdk/client-s3'

/** Paths in place of host names for buckets: both work on AWS, and an emulator on localhost has no name for each bucket. */
export function s3Client(): S3Client {
  return new S3Client({ forcePathStyle: true })
}
