import { describe, expect, it } from 'vitest'
import {
  fromAuthorizationDetails,
  inDetailNames,
  isAuthorizationDetails,
  roleByArn,
  withAccessKeys,
} from '../src/index.ts'
import { accountOf, accountId, document, faultOf, trust } from './account.ts'

const user = (members: object): object => ({ users: [{ userName: 'ann', ...members }] })
const role = (members: object): object => ({ roles: [{ roleName: 'r', ...members }] })

describe('faults name their place', () => {
  it.each([
    ['identities I1: an unknown member', { user: [] }, /the file: unknown member `user`/],
    ['identities I1: no object', [], /the file: expected an object/],
    [
      'identities I5: a policy without a document',
      { policies: [{ policyName: 'p' }] },
      /^policies\[0\]\.document: expected an object/,
    ],
    [
      'identities I1: an unknown member of a user',
      user({ policy: [] }),
      /^users\[0\]: unknown member `policy`/,
    ],
    [
      'identities I1: a name twice',
      { users: [{ userName: 'a' }, { userName: 'A' }] },
      /^users\[1\]\.userName: `A` stands twice/,
    ],
    [
      'identities I3: a group without tags',
      { groups: [{ groupName: 'g', tags: {} }] },
      /^groups\[0\]: unknown member `tags`/,
    ],
    [
      'identities I3: an unknown group',
      user({ groups: ['g'] }),
      /^users\[0\]\.groups\[0\]: there is no group `g`/,
    ],
    [
      'identities I3: more than 10 groups',
      user({ groups: Array.from({ length: 11 }, () => 'g') }),
      /at most 10 groups/,
    ],
    [
      'identities I4: a session too long',
      role({ maxSessionDuration: 43_201 }),
      /^roles\[0\]\.maxSessionDuration: expected a whole number from 3600 to 43200/,
    ],
    [
      'identities I5: an ARN that is not declared',
      user({ managedPolicies: [`arn:aws:iam::${accountId}:policy/x`] }),
      /is not declared under policies/,
    ],
    [
      'identities I5: an ARN of AWS that is not built in',
      user({ managedPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
      /declare it under policies with its own document/,
    ],
    [
      'identities I6: a provider that is no https',
      { oidcProviders: [{ url: 'http://a.b', clientIds: ['x'], jwks: { keys: [] } }] },
      /^oidcProviders\[0\]\.url: expected an https url/,
    ],
    [
      'identities I6: a provider without client ids',
      { oidcProviders: [{ url: 'https://a.b', clientIds: [], jwks: { keys: [] } }] },
      /expected 1 to 100 client ids/,
    ],
    [
      'identities I6: a key set that cannot be read',
      { oidcProviders: [{ url: 'https://a.b', clientIds: ['x'], jwksFile: 'k.json' }] },
      /`k\.json` cannot be read: no file k\.json/,
    ],
    [
      'identities I6: Cognito cannot be declared',
      {
        oidcProviders: [
          { url: 'https://cognito-identity.amazonaws.com', clientIds: ['x'], jwks: { keys: [] } },
        ],
      },
      /is built in/,
    ],
    [
      'identities I6: a private key',
      {
        oidcProviders: [
          { url: 'https://a.b', clientIds: ['x'], jwks: { keys: [{ kty: 'RSA', d: 'x' }] } },
        ],
      },
      /expected a public key/,
    ],
    [
      'identities I8: a blank in a name',
      { users: [{ userName: 'a b' }] },
      /^users\[0\]\.userName: expected a name of 1 to 64/,
    ],
    [
      'identities I8: a path without slashes',
      user({ path: 'team' }),
      /^users\[0\]\.path: expected a path/,
    ],
    [
      'identities I8: tag keys that differ in case',
      user({ tags: { Team: 'a', team: 'b' } }),
      /`team` stands twice/,
    ],
    ['identities I8: a tag of AWS', user({ tags: { 'aws:x': 'a' } }), /may not begin with `aws:`/],
    [
      'identities I10: inline policies beyond 2,048 characters',
      user({
        policies: [
          document('Allow', 'iot:Publish', `arn:aws:iot:us-east-1:1:topic/${'x'.repeat(2048)}`),
        ],
      }),
      /^users\[0\]\.policies: expected at most 2048/,
    ],
    [
      'identities I11: Principal in an identity document',
      user({ policies: [trust('*', 'iot:Publish')] }),
      /`Principal` never stands/,
    ],
    [
      'identities I11: Resource in a trust',
      role({
        trust: {
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' }],
        },
      }),
      /Has prohibited field Resource/,
    ],
    [
      'identities I11: a trust without Principal',
      role({ trust: { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] } }),
      /Missing required field Principal/,
    ],
    [
      'identities I11: an action of another service in a trust',
      role({ trust: trust('*', 'iot:Publish') }),
      /may only specify STS/,
    ],
    [
      'identities I12: NotPrincipal',
      role({
        trust: { Statement: [{ Effect: 'Deny', NotPrincipal: '*', Action: 'sts:AssumeRole' }] },
      }),
      /Has prohibited field NotPrincipal/,
    ],
    [
      'identities I12: a wildcard within an ARN',
      role({ trust: trust({ AWS: `arn:aws:iam::${accountId}:user/*` }) }),
      /Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user\/\*"/,
    ],
    [
      'identities I12: a group as principal',
      role({ trust: trust({ AWS: `arn:aws:iam::${accountId}:group/g` }) }),
      /Invalid principal in policy/,
    ],
    [
      'identities I12: a canonical user',
      role({ trust: trust({ CanonicalUser: 'x' }) }),
      /unknown member `CanonicalUser`/,
    ],
    [
      'identities I12: a user that does not exist',
      role({ trust: trust({ AWS: `arn:aws:iam::${accountId}:user/none` }) }),
      /Invalid principal in policy: "AWS"/,
    ],
    [
      'identities I12: a provider that does not exist',
      role({
        trust: trust(
          { Federated: `arn:aws:iam::${accountId}:oidc-provider/a.b` },
          'sts:AssumeRoleWithWebIdentity',
        ),
      }),
      /Invalid principal in policy: "Federated"/,
    ],
    [
      'identities I1: an access key twice',
      {
        root: { accessKeys: [{ accessKeyId: 'AK', secretAccessKey: 's' }] },
        ...user({ accessKeys: [{ accessKeyId: 'AK', secretAccessKey: 's' }] }),
      },
      /^users\[0\]\.accessKeys\[0\]\.accessKeyId: `AK` stands twice/,
    ],
    [
      'identities I1: an expiration without a token',
      user({
        accessKeys: [
          { accessKeyId: 'AK', secretAccessKey: 's', expiration: '2030-01-01T00:00:00Z' },
        ],
      }),
      /need a `sessionToken`/,
    ],
  ])('%s', (_, file, fault) => {
    expect(faultOf(file)).toMatch(fault)
  })
})

it('identities I2, I3, I5: a user holds its own, its managed and its groups’ policies once', () => {
  const { users } = accountOf({
    users: [
      {
        userName: 'ann',
        path: '/team/',
        policies: [{ policyName: 'own', document: document('Allow', 'iot:Publish') }],
        managedPolicies: ['arn:aws:iam::aws:policy/AWSIoTDataAccess'],
        groups: ['g'],
      },
    ],
    groups: [
      {
        groupName: 'g',
        policies: [document('Allow', 'iot:Connect')],
        managedPolicies: ['arn:aws:iam::aws:policy/AWSIoTDataAccess'],
      },
    ],
  })
  const ann = users.get('ann')
  expect(ann?.arn).toBe(`arn:aws:iam::${accountId}:user/team/ann`)
  expect(ann?.policies.map(({ policyName }) => policyName)).toEqual([
    'own',
    'AWSIoTDataAccess',
    'inline-0',
  ])
})

it('identities I9: unique ids come from the ARN and stay, unless the file states them', () => {
  const file = {
    users: [{ userName: 'ann' }],
    roles: [{ roleName: 'ann', roleId: 'AROAEXAMPLEEXAMPLE12' }],
  }
  const first = accountOf(file)
  expect(first.users.get('ann')?.uniqueId).toMatch(/^AIDA[A-Z2-7]{17}$/)
  expect(accountOf(file).users.get('ann')?.uniqueId).toBe(first.users.get('ann')?.uniqueId)
  expect(first.roles.get('ann')?.uniqueId).toBe('AROAEXAMPLEEXAMPLE12')
})

it('identities I10: what a raised quota allows is accepted with a warning', () => {
  const policies = Array.from({ length: 11 }, (_, index) => ({
    policyName: `p${index}`,
    document: document('Allow', 'iot:Publish'),
  }))
  const { warnings } = accountOf({
    policies,
    users: [
      {
        userName: 'ann',
        managedPolicies: policies.map(
          ({ policyName }) => `arn:aws:iam::${accountId}:policy/${policyName}`,
        ),
      },
    ],
    roles: [
      {
        roleName: 'r',
        trust: trust({
          AWS: Array.from({ length: 120 }, (_, index) => String(100_000_000_000 + index)),
        }),
      },
    ],
  })
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toMatch(/^users\[0\]\.managedPolicies: 11 managed policies/)
})

it('identities I12: a principal that was deleted is known by its id, and matches nobody else', () => {
  expect(accountOf(role({ trust: trust({ AWS: 'AIDAEXAMPLEEXAMPLE123' }) })).roles.size).toBe(1)
})

describe('identities I16: what aws iam get-account-authorization-details prints', () => {
  const details = {
    UserDetailList: [
      {
        Path: '/team/',
        UserName: 'ann',
        UserId: 'AIDAEXAMPLEEXAMPLE123',
        Arn: `arn:aws:iam::${accountId}:user/team/ann`,
        CreateDate: '2024-01-01T00:00:00Z',
        GroupList: ['g'],
        AttachedManagedPolicies: [
          { PolicyName: 'm', PolicyArn: `arn:aws:iam::${accountId}:policy/m` },
        ],
        Tags: [{ Key: 'team', Value: 'a' }],
      },
    ],
    GroupDetailList: [
      {
        GroupName: 'g',
        Path: '/',
        GroupPolicyList: [
          {
            PolicyName: 'inline',
            PolicyDocument: encodeURIComponent(JSON.stringify(document('Allow', 'iot:Connect'))),
          },
        ],
        AttachedManagedPolicies: [],
      },
    ],
    RoleDetailList: [
      {
        RoleName: 'r',
        Path: '/',
        RoleId: 'AROAEXAMPLEEXAMPLE123',
        AssumeRolePolicyDocument: trust({ Service: 'iot.amazonaws.com' }),
        InstanceProfileList: [],
        RolePolicyList: [],
        AttachedManagedPolicies: [],
        Tags: [],
      },
    ],
    Policies: [
      {
        PolicyName: 'm',
        Arn: `arn:aws:iam::${accountId}:policy/m`,
        Path: '/',
        PolicyVersionList: [
          { Document: document('Deny', '*'), VersionId: 'v1', IsDefaultVersion: false },
          { Document: document('Allow', 'iot:Publish'), VersionId: 'v2', IsDefaultVersion: true },
        ],
      },
    ],
  }

  it('reads as an IAM file, keys from a second one', () => {
    expect(isAuthorizationDetails(details)).toBe(true)
    const imported = fromAuthorizationDetails(details)
    if (!imported.ok) throw new Error(imported.error.message)
    const joined = withAccessKeys(imported.value, {
      users: [{ userName: 'ann', accessKeys: [{ accessKeyId: 'AK', secretAccessKey: 's' }] }],
    })
    if (!joined.ok) throw new Error(joined.error.message)
    const account = accountOf(joined.value)
    const ann = account.users.get('ann')
    expect(ann).toMatchObject({
      uniqueId: 'AIDAEXAMPLEEXAMPLE123',
      path: '/team/',
      tags: { team: 'a' },
      accessKeys: [{ accessKeyId: 'AK' }],
    })
    expect(ann?.policies.map(({ policyName }) => policyName)).toEqual(['m', 'inline'])
    expect(account.roles.get('r')).toMatchObject({ maxSessionSeconds: 3600 })
  })

  it('names an unknown user of the key file, and a fault by the output’s own names', () => {
    const imported = fromAuthorizationDetails(details)
    if (!imported.ok) throw new Error(imported.error.message)
    expect(
      withAccessKeys(imported.value, { users: [{ userName: 'bob', accessKeys: [] }] }),
    ).toMatchObject({
      ok: false,
      error: { message: 'users: there is no imported user `bob`' },
    })
    expect(inDetailNames('users[0].path: expected a path')).toBe(
      'UserDetailList[0].path: expected a path',
    )
    expect(fromAuthorizationDetails({ UserDetailList: [], IsTruncated: true })).toMatchObject({
      ok: false,
    })
  })
})

it('a role is found by its whole ARN, path included', () => {
  const account = accountOf({ roles: [{ roleName: 'ops', path: '/team/' }, { roleName: 'web' }] })
  const arn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`
  expect(roleByArn(account, arn('team/ops'))?.roleName).toBe('ops')
  expect(roleByArn(account, arn('web'))?.roleName).toBe('web')
  expect(roleByArn(account, arn('ops'))).toBeUndefined()
  expect(roleByArn(account, arn('other/web'))).toBeUndefined()
})
