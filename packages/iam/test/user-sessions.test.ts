import { describe, expect, it } from 'vitest'
import {
  getFederationToken,
  getSessionToken,
  type GetFederationTokenInput,
  type Identity,
} from '../src/index.ts'
import { accountId, accountOf, document } from './account.ts'
import { StsFixture } from './sts-fixture.ts'

const fixture = (): StsFixture =>
  new StsFixture(
    accountOf({
      users: [
        { userName: 'ann', policies: [document('Allow', ['iot:*', 'sts:GetFederationToken'])] },
        { userName: 'bob', policies: [document('Allow', 'iot:*')] },
      ],
    }),
  )

const federate = (
  world: StsFixture,
  caller: Identity,
  input: Partial<GetFederationTokenInput> = {},
): string => {
  const outcome = getFederationToken(world.call(caller), { Name: 'fred', ...input })
  return outcome.ok ? 'ok' : `${outcome.error.code}: ${outcome.error.message}`
}

describe('identities I53: GetSessionToken', () => {
  it('is the user, without asking for a permission', () => {
    const world = fixture()
    expect(getSessionToken(world.call(world.user('bob')), {})).toMatchObject({
      ok: true,
      value: { Credentials: { Expiration: new Date('2026-06-02T00:00:00Z') } },
    })
    const session = world.newest()
    expect(session).toMatchObject({
      kind: 'user-session',
      arn: world.user('bob').arn,
      userName: 'bob',
    })
    expect(world.may(session, 'iot:Publish')).toBe('allow')
    expect(getSessionToken(world.call(session), {})).toMatchObject({
      ok: false,
      error: {
        code: 'AccessDenied',
        message: 'Cannot call GetSessionToken with session credentials',
      },
    })
  })

  it('root’s session is root, for an hour at most', () => {
    const world = fixture()
    getSessionToken(world.call(world.root()), { DurationSeconds: 43_200 })
    expect(world.newest()).toMatchObject({
      arn: `arn:aws:iam::${accountId}:root`,
      layers: { everything: true },
    })
    expect(world.sessions[0]?.expiresAtMs).toBe(Date.parse('2026-06-01T13:00:00Z'))
  })

  it('identities I52: a second factor is never ignored', () => {
    const world = fixture()
    expect(getSessionToken(world.call(world.user('bob')), { TokenCode: '123456' })).toMatchObject({
      ok: false,
    })
  })
})

describe('identities I54, I55: GetFederationToken', () => {
  it('needs its permission, and TagSession for tags', () => {
    const world = fixture()
    const arn = `arn:aws:sts::${accountId}:federated-user/fred`
    expect(federate(world, world.user('bob'))).toBe(
      `AccessDenied: User: arn:aws:iam::${accountId}:user/bob is not authorized to perform: sts:GetFederationToken on resource: ${arn}`,
    )
    expect(federate(world, world.user('ann'), { Tags: [{ Key: 'a', Value: 'b' }] })).toMatch(
      /sts:TagSession on resource/,
    )
  })

  it('grants the user’s rights cut by the documents passed, and none without', () => {
    const world = fixture()
    const Policy = JSON.stringify(document('Allow', ['iot:Publish', 'iotjobsdata:*']))
    expect(federate(world, world.user('ann'), { Policy })).toBe('ok')
    const limited = world.newest()
    expect(world.may(limited, 'iot:Publish')).toBe('allow')
    expect(world.may(limited, 'iot:ListThings')).toBe('implicitDeny session')
    expect(world.may(limited, 'iotjobsdata:DescribeJobExecution')).toBe('implicitDeny identity')
    expect(federate(world, limited)).toBe(
      'AccessDenied: Cannot call GetFederationToken with session credentials',
    )
    expect(federate(world, world.user('ann'))).toBe('ok')
    expect(world.may(world.newest(), 'iot:Publish')).toBe('implicitDeny session')
  })
})
