import { describe, expect, it } from 'vitest'
import { assumeRole, identityKeys, type AssumeRoleInput, type Identity } from '../src/index.ts'
import { accountId, accountOf, document, trust } from './account.ts'
import { StsFixture } from './sts-fixture.ts'

const roleArn = (name: string): string => `arn:aws:iam::${accountId}:role/${name}`
const userArn = (name: string): string => `arn:aws:iam::${accountId}:user/${name}`
const mayAssume = document('Allow', ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'])

function world(roles: readonly object[], users: readonly object[] = []): StsFixture {
  return new StsFixture(
    accountOf({
      users: [{ userName: 'ann', policies: [mayAssume] }, { userName: 'bob' }, ...users],
      roles: roles.map((role) => ({ policies: [document('Allow', '*')], ...role })),
    }),
  )
}

function assume(
  fixture: StsFixture,
  caller: Identity,
  input: Partial<AssumeRoleInput> & { readonly RoleArn: string },
): string {
  const outcome = assumeRole(fixture.call(caller), { RoleSessionName: 's1', ...input })
  return outcome.ok ? 'ok' : `${outcome.error.code}: ${outcome.error.message}`
}

const refusal = (arn: string, action: string, role: string): string =>
  `AccessDenied: User: ${arn} is not authorized to perform: ${action} on resource: ${role}`

describe('identities I13, I38, I39: trust and caller', () => {
  it.each([
    ['the account: the caller needs its own Allow', { AWS: accountId }, 'ok', false],
    ['root of the account', { AWS: `arn:aws:iam::${accountId}:root` }, 'ok', false],
    ['another account', { AWS: '999999999999' }, false, false],
    ['the user’s ARN is enough by itself', { AWS: [userArn('ann'), userArn('bob')] }, 'ok', 'ok'],
    ['everyone is enough by itself', '*', 'ok', 'ok'],
    ['everyone under AWS', { AWS: '*' }, 'ok', 'ok'],
    ['a service is nobody who signs', { Service: 'iot.amazonaws.com' }, false, false],
  ])('%s', (_, principal, ann, bob) => {
    const fixture = world([{ roleName: 'r', trust: trust(principal) }])
    const wanted = (user: string, expected: string | boolean): string =>
      expected === 'ok' ? 'ok' : refusal(userArn(user), 'sts:AssumeRole', roleArn('r'))
    expect(assume(fixture, fixture.user('ann'), { RoleArn: roleArn('r') })).toBe(wanted('ann', ann))
    expect(assume(fixture, fixture.user('bob'), { RoleArn: roleArn('r') })).toBe(wanted('bob', bob))
  })

  it('a role named by its ARN needs no Allow of its own, but its session documents must allow', () => {
    const fixture = world([
      { roleName: 'first', policies: [], trust: trust({ AWS: userArn('ann') }) },
      { roleName: 'second', trust: trust({ AWS: roleArn('first') }) },
    ])
    expect(assume(fixture, fixture.user('ann'), { RoleArn: roleArn('first') })).toBe('ok')
    expect(assume(fixture, fixture.newest(), { RoleArn: roleArn('second') })).toBe('ok')
    const Policy = JSON.stringify(document('Allow', 'iot:*'))
    expect(assume(fixture, fixture.user('ann'), { RoleArn: roleArn('first'), Policy })).toBe('ok')
    const limited = fixture.newest()
    expect(assume(fixture, limited, { RoleArn: roleArn('second') })).toBe(
      refusal(limited.arn, 'sts:AssumeRole', roleArn('second')),
    )
  })

  it('an explicit Deny refuses always, and the caller’s own is told', () => {
    const fixture = world(
      [{ roleName: 'r', trust: trust('*') }],
      [{ userName: 'eve', policies: [document('Deny', 'sts:*')] }],
    )
    expect(assume(fixture, fixture.user('eve'), { RoleArn: roleArn('r') })).toBe(
      `${refusal(userArn('eve'), 'sts:AssumeRole', roleArn('r'))} with an explicit deny in an identity-based policy`,
    )
  })

  it('a role may assume itself only if its trust says so', () => {
    const fixture = world([{ roleName: 'r', trust: trust({ AWS: userArn('ann') }) }])
    expect(assume(fixture, fixture.user('ann'), { RoleArn: roleArn('r') })).toBe('ok')
    expect(assume(fixture, fixture.newest(), { RoleArn: roleArn('r') })).toMatch(/^AccessDenied/)
  })

  it('identities I42: a role that does not exist, or has no trust, is refused alike', () => {
    const fixture = world([{ roleName: 'untrusting' }])
    for (const name of ['none', 'untrusting']) {
      expect(assume(fixture, fixture.user('ann'), { RoleArn: roleArn(name) })).toBe(
        refusal(userArn('ann'), 'sts:AssumeRole', roleArn(name)),
      )
    }
    expect(assume(fixture, fixture.user('ann'), { RoleArn: userArn('ann') })).toBe(
      'ValidationError: ARN is invalid',
    )
  })

  it('identities I43: neither root nor a federated user assumes roles', () => {
    const fixture = world([{ roleName: 'r', trust: trust('*') }])
    expect(assume(fixture, fixture.root(), { RoleArn: roleArn('r') })).toBe(
      'AccessDenied: Roles may not be assumed by root accounts.',
    )
  })

  it('identities I40: a trust that demands an external id refuses a call without', () => {
    const condition = { StringEquals: { 'sts:ExternalId': 'x1' } }
    const fixture = world([
      { roleName: 'r', trust: trust({ AWS: accountId }, 'sts:AssumeRole', condition) },
    ])
    const ann = fixture.user('ann')
    expect(assume(fixture, ann, { RoleArn: roleArn('r') })).toMatch(/^AccessDenied/)
    expect(assume(fixture, ann, { RoleArn: roleArn('r'), ExternalId: 'x2' })).toMatch(
      /^AccessDenied/,
    )
    expect(assume(fixture, ann, { RoleArn: roleArn('r'), ExternalId: 'x1' })).toBe('ok')
  })
})

it('identities I45: authorization is looked at before duration, duration before tags', () => {
  const Tags = [
    { Key: 'a', Value: '1' },
    { Key: 'A', Value: '2' },
  ]
  const input = { RoleArn: roleArn('r'), DurationSeconds: 7200, Tags }
  const closed = world([{ roleName: 'r', trust: trust({ AWS: '999999999999' }) }])
  expect(assume(closed, closed.user('ann'), input)).toMatch(/^AccessDenied/)
  const open = world([{ roleName: 'r', trust: trust('*', ['sts:AssumeRole', 'sts:TagSession']) }])
  expect(assume(open, open.user('ann'), input)).toMatch(/^ValidationError: .*MaxSessionDuration/)
  expect(assume(open, open.user('ann'), { RoleArn: roleArn('r'), Tags })).toMatch(
    /^InvalidParameterValue/,
  )
})

describe('identities I44: duration', () => {
  it('up to the role’s maximum, an hour when chained', () => {
    const fixture = world([
      { roleName: 'r', maxSessionDuration: 7200, trust: trust({ AWS: accountId }) },
    ])
    const ann = fixture.user('ann')
    expect(assume(fixture, ann, { RoleArn: roleArn('r'), DurationSeconds: 7200 })).toBe('ok')
    const chained = fixture.newest()
    expect(assume(fixture, ann, { RoleArn: roleArn('r'), DurationSeconds: 7201 })).toBe(
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
    expect(assume(fixture, chained, { RoleArn: roleArn('r'), DurationSeconds: 3601 })).toBe(
      'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  })
})

describe('identities I41, I48 to I50: tags and source identity', () => {
  const roles = [
    {
      roleName: 'r',
      trust: trust({ AWS: accountId }, [
        'sts:AssumeRole',
        'sts:TagSession',
        'sts:SetSourceIdentity',
      ]),
    },
  ]

  it.each([
    [
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      { Tags: [{ Key: 'a', Value: '1' }], TransitiveTagKeys: ['b'] },
      'The specified transitive tag key must be included in the requested tags.',
    ],
  ])('refuses %j', (input, message) => {
    const fixture = world(roles)
    expect(assume(fixture, fixture.user('ann'), { RoleArn: roleArn('r'), ...input })).toBe(
      `InvalidParameterValue: ${message}`,
    )
  })

  it('tags need sts:TagSession of trust and caller', () => {
    const fixture = world([{ roleName: 'r', trust: trust({ AWS: accountId }) }])
    expect(
      assume(fixture, fixture.user('ann'), {
        RoleArn: roleArn('r'),
        Tags: [{ Key: 'a', Value: '1' }],
      }),
    ).toBe(refusal(userArn('ann'), 'sts:TagSession', roleArn('r')))
    expect(
      assume(fixture, fixture.user('ann'), { RoleArn: roleArn('r'), SourceIdentity: 'ann' }),
    ).toBe(refusal(userArn('ann'), 'sts:SetSourceIdentity', roleArn('r')))
  })

  it('transitive tags pass on and cannot be set again; others end with the session', () => {
    const fixture = world(roles)
    const Tags = [
      { Key: 'team', Value: 'red' },
      { Key: 'site', Value: 'x' },
    ]
    expect(
      assume(fixture, fixture.user('ann'), {
        RoleArn: roleArn('r'),
        Tags,
        TransitiveTagKeys: ['team'],
        SourceIdentity: 'ann',
      }),
    ).toBe('ok')
    const first = fixture.newest()
    expect(
      assume(fixture, first, { RoleArn: roleArn('r'), Tags: [{ Key: 'Team', Value: 'blue' }] }),
    ).toBe(
      "InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
    expect(assume(fixture, first, { RoleArn: roleArn('r'), SourceIdentity: 'eve' })).toBe(
      'AccessDenied: The source identity is already set for this assume role session',
    )
    expect(assume(fixture, first, { RoleArn: roleArn('r') })).toBe('ok')
    const keys = identityKeys(fixture.newest())
    expect(keys).toMatchObject({ 'aws:PrincipalTag/team': 'red', 'aws:SourceIdentity': 'ann' })
    expect(keys).not.toHaveProperty(['aws:PrincipalTag/site'])
  })
})

describe('identities I46, I47: session documents', () => {
  const fixture = world([{ roleName: 'r', trust: trust('*') }])
  const ann = fixture.user('ann')

  it.each([
    [{ Policy: '{}' }, 'MalformedPolicyDocument: Syntax errors in policy.'],
    [
      { PolicyArns: [{ arn: 'arn:aws:iam::123456789012:policy/none' }] },
      /^MalformedPolicyDocument: .*no managed policy/,
    ],
    [
      {
        Policy: JSON.stringify(
          document('Allow', 'iot:*', `arn:aws:iot:us-east-1:1:topic/${'x'.repeat(2048)}`),
        ),
      },
      /^ValidationError: .*less than or equal to 2048/,
    ],
    [
      {
        Tags: Array.from({ length: 10 }, (_, index) => ({
          Key: `k${index}`,
          Value: 'v'.repeat(250),
        })),
      },
      /^AccessDenied/,
    ],
    [
      { SerialNumber: 'arn:aws:iam::123456789012:mfa/x', TokenCode: '123456' },
      /^AccessDenied: There are no MFA devices here/,
    ],
    [{ ProvidedContexts: [{}] }, /^ValidationError/],
  ])('refuses %j', (input, expected) => {
    const answer = assume(fixture, ann, { RoleArn: roleArn('r'), ...input })
    if (typeof expected === 'string') expect(answer).toBe(expected)
    else expect(answer).toMatch(expected)
  })

  it('tells how much of the token they take, and refuses more than fits', () => {
    const tagged = world([
      { roleName: 'r', trust: trust('*', ['sts:AssumeRole', 'sts:TagSession']) },
    ])
    const Tags = (length: number): { Key: string; Value: string }[] =>
      Array.from({ length }, (_, index) => ({ Key: `k${index}`, Value: 'v'.repeat(250) }))
    const outcome = assumeRole(tagged.call(tagged.user('ann')), {
      RoleArn: roleArn('r'),
      RoleSessionName: 's1',
      Tags: Tags(2),
    })
    expect(outcome).toMatchObject({ ok: true, value: { PackedPolicySize: 25 } })
    expect(assume(tagged, tagged.user('ann'), { RoleArn: roleArn('r'), Tags: Tags(10) })).toMatch(
      /^PackedPolicyTooLarge: Packed size of session tags consumes \d+% of allotted space\.$/,
    )
  })
})

it('identities I51: the answer', () => {
  const fixture = world([{ roleName: 'r', trust: trust('*') }])
  const outcome = assumeRole(fixture.call(fixture.user('ann')), {
    RoleArn: roleArn('r'),
    RoleSessionName: 's1',
  })
  expect(outcome).toEqual({
    ok: true,
    value: {
      Credentials: {
        AccessKeyId: 'ASIA',
        SecretAccessKey: 's',
        SessionToken: 't',
        Expiration: new Date('2026-06-01T13:00:00Z'),
      },
      AssumedRoleUser: {
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:s1$/),
        Arn: `arn:aws:sts::${accountId}:assumed-role/r/s1`,
      },
    },
  })
})
