import { describe, expect, it } from '@jest/globals'
import { trailPlaceOf } from '../../lambdas/contract/trail-place.ts'

const PATH = 'AWSLogs/111122223333/CloudTrail'

describe('where the files of a trail lie', () => {
  it.each([
    [`s3://acme-trail/${PATH}`, PATH],
    [`s3://acme-trail/${PATH}/`, PATH],
    [`s3://acme-trail/security/audit/${PATH}`, `security/audit/${PATH}`],
    ['s3://acme-trail/AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail', 'AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail'],
  ])('AUD-04 is read from %s', (text, path) => {
    expect(trailPlaceOf(text)).toEqual({ bucket: 'acme-trail', path, account: '111122223333' })
  })

  it.each([
    '',
    'acme-trail',
    's3://acme-trail',
    `acme-trail/${PATH}`,
    `s3:///${PATH}`,
    `s3://Acme/${PATH}`,
    's3://acme-trail/AWSLogs/1111/CloudTrail',
    's3://acme-trail/AWSLogs/111122223333',
    's3://acme-trail/AWSLogs/111122223333/CloudTrail/eu-central-1',
    's3://acme-trail/AWSLogs/111122223333/CloudTrail-Digest',
    `s3://acme-trail/*/${PATH.replace('AWSLogs', '../AWSLogs')}?x`,
    `s3://acme-trail/\${x}/${PATH}`,
  ])('AUD-04 is not %j', text => {
    expect(() => trailPlaceOf(text)).toThrow(RangeError)
  })
})
