/** Sessions that stand in the file itself, for tests that need a token without asking STS. */
import { expect, it } from 'vitest'
import { accountOf, document, faultOf } from './account.ts'

const withKey = (members: object): object => ({
  users: [
    {
      userName: 'ann',
      accessKeys: [{ accessKeyId: 'ASIA1', secretAccessKey: 's', ...members }],
    },
  ],
})

const sessionOf = (members: object): unknown =>
  accountOf(withKey(members)).users.get('ann')?.accessKeys[0]?.session

it('identities I2: a key without a session token has no session', () => {
  expect(sessionOf({})).toBeUndefined()
})

it('identities I2: a session without policies has all that its user has, and no end', () => {
  expect(sessionOf({ sessionToken: 't' })).toEqual({
    sessionToken: 't',
    expiresAtMs: undefined,
    policies: undefined,
  })
})

it('identities I2: the policies of a session narrow it, and it ends', () => {
  const sessionPolicies = [document('Allow', 'iot:Publish'), document('Deny', 'iot:Connect')]
  const expiration = '2026-06-01T12:00:00Z'
  expect(sessionOf({ sessionToken: 't', expiration, sessionPolicies })).toMatchObject({
    expiresAtMs: Date.parse(expiration),
    policies: [{ policyName: 'session-0' }, { policyName: 'session-1' }],
  })
})

it.each([
  [{ sessionToken: 't', sessionPolicies: {} }, /^users\[0\]\.accessKeys\[0\]\.sessionPolicies: /],
  [{ sessionToken: 't', sessionPolicies: [7] }, /\.sessionPolicies\[0\]: expected an object/],
  [{ sessionToken: 't', expiration: 'soon' }, /\.expiration: expected an ISO 8601 time/],
  [{ sessionPolicies: [] }, /need a `sessionToken`/],
])('identities I1: %j is told with its place', (members, fault) => {
  expect(faultOf(withKey(members))).toMatch(fault)
})
