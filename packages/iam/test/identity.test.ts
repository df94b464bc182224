import { describe, expect, it } from 'vitest'
import { identityKeys, refusalEnding, sessionIdentity, type Session } from '../src/index.ts'
import { accountId, accountOf, document, trust } from './account.ts'
import { StsFixture, nowMs } from './sts-fixture.ts'

const file = {
  users: [
    {
      userName: 'ann',
      path: '/team/',
      tags: { Team: 'red' },
      policies: [document('Allow', ['iot:*'])],
      permissionsBoundary: `arn:aws:iam::${accountId}:policy/limit`,
    },
    { userName: 'bob' },
  ],
  policies: [
    { policyName: 'limit', document: document('Allow', ['iot:ListThings', 'iot:CreateThing']) },
  ],
  roles: [
    {
      roleName: 'r',
      path: '/deep/',
      tags: { team: 'blue', site: 'x' },
      trust: trust('*'),
      policies: [document('Allow', 'iot:*')],
    },
  ],
}

const base: Session = {
  kind: 'role-session',
  principal: 'r',
  principalId: '',
  name: 's1',
  issuedAtMs: nowMs,
  expiresAtMs: nowMs + 3_600_000,
  tags: {},
  transitiveTagKeys: [],
}

function sessionOf(members: Partial<Session>): Session {
  const { users, roles } = accountOf(file)
  const { kind = 'role-session', principal = 'r' } = members
  const owner =
    kind === 'user-session' || kind === 'federated' ? users.get(principal) : roles.get(principal)
  return { ...base, principalId: owner?.uniqueId ?? '', ...members }
}

function identityOfSession(
  members: Partial<Session>,
): NonNullable<ReturnType<typeof sessionIdentity>> {
  const identity = sessionIdentity(accountOf(file), sessionOf(members))
  if (identity === undefined) throw new Error('no identity')
  return identity
}

describe('identities I17, I18: ARN and keys by kind', () => {
  it('user', () => {
    const ann = new StsFixture(accountOf(file)).user('ann')
    expect(ann.arn).toBe(`arn:aws:iam::${accountId}:user/team/ann`)
    const keys = identityKeys(ann)
    expect(keys).toMatchObject({
      'aws:userid': expect.stringMatching(/^AIDA/),
      'aws:username': 'ann',
      'aws:PrincipalType': 'User',
      'aws:PrincipalArn': ann.arn,
      'aws:PrincipalTag/Team': 'red',
    })
    expect(keys).not.toHaveProperty('aws:TokenIssueTime')
    expect(keys).not.toHaveProperty(['aws:MultiFactorAuthPresent'])
  })

  it('root', () => {
    const root = new StsFixture(accountOf(file)).root()
    expect(root.arn).toBe(`arn:aws:iam::${accountId}:root`)
    expect(identityKeys(root)).toMatchObject({
      'aws:userid': accountId,
      'aws:PrincipalType': 'Account',
    })
    expect(new StsFixture(accountOf(file)).may(root, 'iot:Anything')).toBe('allow')
  })

  it('identities I20: role session: the ARN is the session’s, the principal’s ARN is the role’s, with path', () => {
    const identity = identityOfSession({ tags: { Team: 'green' }, sourceIdentity: 'ann' })
    expect(identity.arn).toBe(`arn:aws:sts::${accountId}:assumed-role/r/s1`)
    expect(identityKeys(identity)).toMatchObject({
      'aws:userid': expect.stringMatching(/^AROA\w+:s1$/),
      'aws:PrincipalType': 'AssumedRole',
      'aws:PrincipalArn': `arn:aws:iam::${accountId}:role/deep/r`,
      'aws:PrincipalTag/Team': 'green',
      'aws:PrincipalTag/site': 'x',
      'aws:SourceIdentity': 'ann',
      'aws:MultiFactorAuthPresent': 'false',
      'aws:TokenIssueTime': '2026-06-01T12:00:00.500Z',
    })
    expect(identityKeys(identity)).not.toHaveProperty(['aws:PrincipalTag/team'])
    expect(identityKeys(identity)).not.toHaveProperty(['aws:username'])
  })

  it('federated user', () => {
    const identity = identityOfSession({ kind: 'federated', principal: 'ann', name: 'fred' })
    expect(identity.arn).toBe(`arn:aws:sts::${accountId}:federated-user/fred`)
    expect(identityKeys(identity)).toMatchObject({
      'aws:userid': `${accountId}:fred`,
      'aws:PrincipalType': 'FederatedUser',
      'aws:PrincipalTag/Team': 'red',
    })
  })

  it('identities I19, I21: a web session keeps its claims and names its provider', () => {
    const identity = identityOfSession({
      kind: 'web-session',
      web: {
        issuer: 'idp.example.com',
        provider: 'arn:p',
        subject: 'u',
        audience: 'azp1',
        originalAudience: 'aud1',
        azp: 'azp1',
        amr: ['a', 'b'],
      },
    })
    expect(identityKeys(identity)).toMatchObject({
      'aws:FederatedProvider': 'arn:p',
      'idp.example.com:sub': 'u',
      'idp.example.com:aud': 'azp1',
      'idp.example.com:oaud': 'aud1',
      'idp.example.com:amr': ['a', 'b'],
    })
  })
})

describe('identities I24 to I27: layers', () => {
  const fixture = new StsFixture(accountOf(file))

  it('a boundary grants nothing and limits everything', () => {
    const ann = fixture.user('ann')
    expect(fixture.may(ann, 'iot:ListThings')).toBe('allow')
    expect(fixture.may(ann, 'iot:Publish')).toBe('implicitDeny boundary')
    expect(fixture.may(fixture.user('bob'), 'iot:ListThings')).toBe('implicitDeny identity')
  })

  it('a session document limits, and a Deny in it refuses explicitly', () => {
    const limited = identityOfSession({
      policy: JSON.stringify(document('Allow', 'iot:ListThings')),
    })
    expect(fixture.may(limited, 'iot:ListThings')).toBe('allow')
    expect(fixture.may(limited, 'iot:Publish')).toBe('implicitDeny session')
    const denied = identityOfSession({ policy: JSON.stringify(document('Deny', 'iot:*')) })
    expect(fixture.may(denied, 'iot:ListThings')).toBe('explicitDeny session')
  })

  it('inline and managed session documents are one union', () => {
    const both = identityOfSession({
      policy: JSON.stringify(document('Allow', 'iot:Publish')),
      policyArns: [`arn:aws:iam::${accountId}:policy/limit`],
    })
    expect(fixture.may(both, 'iot:Publish')).toBe('allow')
    expect(fixture.may(both, 'iot:CreateThing')).toBe('allow')
    expect(fixture.may(both, 'iot:DeleteThing')).toBe('implicitDeny session')
  })

  it('identities I55: a federated user without session documents may do nothing', () => {
    const federated = identityOfSession({ kind: 'federated', principal: 'ann', name: 'fred' })
    expect(fixture.may(federated, 'iot:ListThings')).toBe('implicitDeny session')
  })

  it('identities I25: a boundary limits the user’s federated and own sessions too', () => {
    const policy = JSON.stringify(document('Allow', 'iot:*'))
    expect(
      fixture.may(
        identityOfSession({ kind: 'federated', principal: 'ann', name: 'f', policy }),
        'iot:Publish',
      ),
    ).toBe('implicitDeny boundary')
    expect(
      fixture.may(
        identityOfSession({ kind: 'user-session', principal: 'ann', name: '' }),
        'iot:Publish',
      ),
    ).toBe('implicitDeny boundary')
  })

  it('identities I27: endings of the sentence, explicit before implicit', () => {
    expect(refusalEnding({ decision: 'implicitDeny', layer: 'boundary' }, 'iot:X')).toBe(
      'because no permissions boundary allows the iot:X action',
    )
    expect(refusalEnding({ decision: 'implicitDeny', layer: 'session' }, 'iot:X')).toBe(
      'because no session policy allows the iot:X action',
    )
    expect(refusalEnding({ decision: 'implicitDeny', layer: 'identity' }, 'iot:X')).toBe(
      'because no identity-based policy allows the iot:X action',
    )
    expect(refusalEnding({ decision: 'explicitDeny', layer: 'boundary' }, 'iot:X')).toBe(
      'with an explicit deny in a permissions boundary',
    )
    expect(refusalEnding({ decision: 'explicitDeny', layer: 'session' }, 'iot:X')).toBe(
      'with an explicit deny in a session policy',
    )
    const denied = identityOfSession({
      principal: 'r',
      policy: JSON.stringify(document('Deny', 'sts:*')),
    })
    expect(fixture.may(denied, 'sts:AssumeRole')).toBe('explicitDeny session')
  })
})

describe('identities I14, I15: sessions follow the account', () => {
  it('a role that is gone ends its sessions; declared again under the same ARN they work', () => {
    const session = sessionOf({})
    expect(sessionIdentity(accountOf({}), session)).toBeUndefined()
    expect(sessionIdentity(accountOf(file), session)?.arn).toContain('assumed-role/r/s1')
  })

  it('a managed session document that is gone grants nothing any more', () => {
    const session = sessionOf({ policyArns: [`arn:aws:iam::${accountId}:policy/limit`] })
    const without = accountOf({ roles: file.roles })
    const identity = sessionIdentity(without, session)
    expect(identity && new StsFixture(without).may(identity, 'iot:ListThings')).toBe(
      'implicitDeny session',
    )
  })
})
