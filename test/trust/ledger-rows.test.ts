import { describe, expect, it, jest } from '@jest/globals'
import { synthesized } from '../support/synthesized.ts'
import { mentions, type RoleView, rolesOf } from '../support/template-policies.ts'
import { isAllowed } from './ask.ts'

jest.setTimeout(60_000)

const roles = rolesOf(synthesized().resources)
const table = roles.flatMap(({ policies }) =>
  Object.values(policies).flatMap(({ Statement }) =>
    Statement.filter(({ Action }) => Action.includes('dynamodb:GetItem')).flatMap(({ Resource }) => Resource),
  ),
)[0]

const REQUEST = 'REQUEST#01JZXAMPLE0000000000000000'
const IDEMPOTENCY = 'PERSON#alice'
const USES = 'USES#alice'
const DEBT = 'DEBT#alice'
const WATCH = 'WATCH#alice'
const FINDING = 'FINDING#01JZXAMPLE0000000000000000'
const LINK = 'LINK#9f86d081884c7d65'
const TASK = 'TASK#01JZXAMPLE0000000000000000'

const END_OF_GRANTS = ['Closing/EndRequest', 'Closing/RevokeRequest', 'Elevation/Revoker']
const ASK = ['Elevation/CreateRequest', 'FollowUps/ExtendRequest']
const SAY_WHAT_IS_LEFT = ['Elevation/ListEntitlements', 'Elevation/PreviewRequest']
/** An approver learns that a finding holds, and of what rule; what was seen is in the finding, out of their functions' reach. */
const SEE_WHO_IS_HELD = ['Decisions/DecideRequest', 'Elevation/DecideByLink', 'Elevation/ReadRequest']
const NOTICE = ['Findings/CloseFinding', 'Outside/NoteOutsideChange', 'Watch/WatchEvents']
const TAKE_STEPS = [
  ...['FollowUps/ExtendRequest', 'FollowUps/ReviewRequest'],
  ...['Books/CloseBooks', 'Closing/FreezeAccess', 'Closing/Sweep', 'Decisions/DecideRequest'],
  ...['Deliveries/TrackDelivery', 'Drain/DrainGrants'],
  ...END_OF_GRANTS,
  ...['Applier', 'AskApprovers', 'CancelRequest', 'ClimbLadder', 'CreateRequest', 'DecideByLink'].map(
    name => `Elevation/${name}`,
  ),
]

/** Row → who may read and who may write it; nobody else. */
const ROWS: readonly { row: string; key: string; readers: readonly string[]; writers: readonly string[] }[] = [
  {
    row: 'request or event',
    key: REQUEST,
    readers: [
      ...TAKE_STEPS,
      ...SAY_WHAT_IS_LEFT,
      ...['Elevation/Issuer', 'Elevation/ListRequests', 'Elevation/ReadRequest', 'Reviews/ProduceReview'],
      ...['Archiving/RebuildArchive', 'Watch/WatchEvents'],
    ],
    writers: TAKE_STEPS,
  },
  {
    row: 'idempotency key',
    key: IDEMPOTENCY,
    readers: ASK,
    writers: ASK,
  },
  {
    row: 'count of what a person has had',
    key: USES,
    readers: [...ASK, ...SAY_WHAT_IS_LEFT],
    writers: ASK,
  },
  {
    row: 'debt of a review',
    key: DEBT,
    readers: [
      ...ASK,
      ...SAY_WHAT_IS_LEFT,
      ...['Elevation/AskApprovers', 'FollowUps/ReviewRequest', 'Measuring/MeasureHouse'],
    ],
    writers: ['Elevation/AskApprovers', 'FollowUps/ReviewRequest'],
  },
  ...[
    { row: 'what is known of a person of late', key: WATCH },
    { row: 'finding', key: FINDING },
  ].map(row => ({
    ...row,
    readers: [
      ...NOTICE,
      ...ASK,
      'Elevation/AskApprovers',
      'Elevation/PreviewRequest',
      ...(row.key === FINDING ? ['Findings/ListFindings', 'Reviews/ProduceReview'] : SEE_WHO_IS_HELD),
    ],
    writers: NOTICE,
  })),
  {
    row: 'link',
    key: LINK,
    readers: ['Elevation/AskApprovers', 'Elevation/DecideByLink'],
    writers: ['Elevation/AskApprovers', 'Elevation/DecideByLink'],
  },
  {
    row: 'task token',
    key: TASK,
    readers: [
      ...['Closing/Sweep', 'Decisions/DecideRequest', 'Deliveries/TrackDelivery', 'Drain/DrainGrants'],
      ...['Elevation/AskApprovers', 'Elevation/CancelRequest', 'Elevation/DecideByLink'],
    ],
    writers: ['Elevation/AskApprovers'],
  },
  {
    row: 'freeze',
    key: 'FREEZE',
    readers: [
      ...['Closing/FreezeAccess', 'Closing/Sweep', 'Drain/DrainGrants'],
      ...['Elevation/Applier', 'Elevation/AskApprovers', 'Elevation/Issuer'],
      ...['Measuring/MeasureHouse', ...ASK],
    ],
    writers: ['Closing/FreezeAccess', 'Drain/DrainGrants'],
  },
  {
    row: 'review',
    key: 'REVIEWS',
    readers: ['Reviews/OpenReview', 'Reviews/ProduceReview', 'Reviews/ReadReviews'],
    writers: ['Reviews/OpenReview', 'Reviews/ProduceReview'],
  },
]

function may({ arn, policies }: RoleView, action: string, ...keys: string[]): Promise<boolean> {
  const context = { 'dynamodb:LeadingKeys': keys }
  return isAllowed({ principal: arn, policies, action, resource: table ?? '', context })
}

async function holdersOf(action: string, ...keys: string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const role of roles) if (await may(role, action, ...keys)) found.push(role.name)
  return found.sort()
}

describe('the rows of the table', () => {
  it.each(ROWS)(
    'GRA-08 of a $row are read and written by those alone who need to',
    async ({ key, readers, writers }) => {
      expect(await holdersOf('dynamodb:GetItem', key)).toEqual(readers.toSorted())
      expect(await holdersOf('dynamodb:Query', key)).toEqual(readers.toSorted())
      expect(await holdersOf('dynamodb:PutItem', key)).toEqual(writers.toSorted())
      expect(await holdersOf('dynamodb:UpdateItem', key)).toEqual(writers.toSorted())
    },
  )

  it('GRA-08 of a kind that nobody has thought of are out of reach', async () => {
    expect(await holdersOf('dynamodb:GetItem', 'OTHER#1')).toEqual([])
    expect(await holdersOf('dynamodb:PutItem', 'OTHER#1')).toEqual([])
  })

  it('APP-10 are written in one transaction with a used link by the page of the link alone, however DynamoDB names the keys', async () => {
    expect(await holdersOf('dynamodb:PutItem', REQUEST, LINK)).toEqual([
      'Elevation/AskApprovers',
      'Elevation/DecideByLink',
    ])
    expect(await holdersOf('dynamodb:PutItem', REQUEST, 'REVIEWS')).toEqual([])
  })
})

describe('the key of the table', () => {
  it('AUD-01 encrypts for nobody who only reads', () => {
    const reading = roles.filter(role => mentions(role, 'dynamodb:GetItem') && !mentions(role, 'dynamodb:PutItem'))

    expect(reading.map(({ name }) => name).sort()).toEqual([
      'Archiving/RebuildArchive',
      'Elevation/Issuer',
      'Elevation/ListEntitlements',
      'Elevation/ListRequests',
      'Elevation/PreviewRequest',
      'Elevation/ReadRequest',
      'Findings/ListFindings',
      'Measuring/MeasureHouse',
      'Reviews/ReadReviews',
    ])
    expect(reading.filter(role => mentions(role, 'kms:Encrypt') || mentions(role, 'kms:GenerateDataKey'))).toEqual([])
  })
})
