/**
 * What the runner puts into a case: placeholders, keys for users, tokens of its login providers.
 */
import { createPublicKey, verify, type webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { fillJson, fillSdk, type CaseValues } from '../src/cases/case-values.ts'
import { keyOf, userKey, withAdditions } from '../src/cases/iam-additions.ts'
import { LoginProviders } from '../src/cases/login-tokens.ts'
import type { Json } from '../src/scenario-format.ts'

const nowMs = Date.UTC(2026, 10, 29, 12)
const providers = new LoginProviders({
  idp: { url: 'https://idp.example.com', clientIds: ['app'] },
})
const values: CaseValues = {
  region: 'eu-west-1',
  accountId: '1',
  nowMs,
  saved: new Map<string, Json>([
    ['id', 'eu:1'],
    ['c', { AccessKeyId: 'A' }],
  ]),
  pools: new Map([['a', 'eu-west-1:pool']]),
  jwt: (wanted, atMs) => providers.token(wanted, atMs),
}

describe('placeholders', () => {
  it.for<readonly [Json, Json]>([
    ['thing:T1', 'arn:aws:iot:eu-west-1:1:thing/T1'],
    ['group:G', 'arn:aws:iot:eu-west-1:1:thinggroup/G'],
    ['$saved(c)', { AccessKeyId: 'A' }],
    ['x/$saved(id)/y', 'x/eu:1/y'],
    ['$pool(a)', 'eu-west-1:pool'],
    ['${pool}', '${pool}'],
    ['$dateTime(-30s)', '2026-11-29T11:59:30.000Z'],
    ['$epoch(-400)', nowMs / 1000 - 400],
    ['$text(ab,3)', 'ababab'],
    [{ $text: '$saved(id)' }, '$saved(id)'],
    ['$epoch', '$epoch'],
    ['$package', '$package'],
    ['$oneOf(a,b)', '$oneOf(a,b)'],
    [[{ a: 'thing:T' }], [{ a: 'arn:aws:iot:eu-west-1:1:thing/T' }]],
  ])('%j becomes %j', ([given, wanted]) => {
    expect(fillJson(given, values)).toEqual(wanted)
  })

  it('arguments of an SDK get bytes and dates', () => {
    const filled = fillSdk({ content: '$blob(AQI=)', at: '$dateTime(+2d)' }, values)
    expect(filled).toEqual({ content: Buffer.from([1, 2]), at: new Date('2026-12-01T12:00:00Z') })
  })
})

describe('the IAM file', () => {
  const ann = { userName: 'ann' }
  const own = { userName: 'bob', accessKeys: [{ accessKeyId: 'B', secretAccessKey: 'b' }] }
  const file = { users: [ann, own], root: {} }

  it('has the runner, and a key for each user without one, and for root', () => {
    const { accessKeyId } = keyOf('ann')
    expect(accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/)
    expect(withAdditions(file, [], [])).toMatchObject({
      root: { accessKeys: [keyOf('root')] },
      users: [{ accessKeys: [keyOf('ann')] }, own, { userName: 'runner' }],
    })
    expect(userKey(file, 'ann')).toEqual(keyOf('ann'))
    expect(userKey(file, 'bob')).toEqual(own.accessKeys[0])
  })

  it('keeps what is faulty, and declares roles and providers', () => {
    expect(withAdditions({ users: 7 }, [], [])).toEqual({ users: 7 })
    expect(withAdditions({}, [{ roleName: 'r' }], providers.declarations())).toMatchObject({
      roles: [{ roleName: 'r', policies: [{ Version: '2012-10-17' }] }],
      oidcProviders: [{ url: 'https://idp.example.com', clientIds: ['app'] }],
    })
  })
})

describe('login tokens', () => {
  const [declared] = providers.declarations() as unknown as readonly [
    { jwks: { keys: webcrypto.JsonWebKey[] } },
  ]
  const parts = (wanted: Json): readonly [string, Record<string, unknown>, boolean] => {
    const [header = '', body = '', signature = ''] = providers.token(wanted, nowMs).split('.')
    const key = createPublicKey({
      key: declared.jwks.keys[0] as webcrypto.JsonWebKey,
      format: 'jwk',
    })
    const read = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString())
    const isSigned = verify(
      'sha256',
      Buffer.from(`${header}.${body}`),
      key,
      Buffer.from(signature, 'base64url'),
    )
    return [(read(header) as { alg: string }).alg, read(body) as Record<string, unknown>, isSigned]
  }

  it('are signed by the declared key, and live an hour unless their claims say otherwise', () => {
    const iat = nowMs / 1000
    expect(parts({ provider: 'idp', claims: { sub: 'u' } })).toEqual([
      'RS256',
      { iss: 'https://idp.example.com', iat, exp: iat + 3600, sub: 'u' },
      true,
    ])
    expect(parts({ provider: 'idp', claims: { exp: 1 } })[1]).toMatchObject({ exp: 1 })
  })

  it('of a stranger are signed by another key, and of nobody by none', () => {
    expect(parts({ provider: 'idp', signedBy: 'stranger' })[2]).toBe(false)
    expect(parts({ provider: 'idp', alg: 'none' })).toMatchObject({ 0: 'none', 2: false })
    expect(providers.token({ provider: 'idp', alg: 'none' }, nowMs)).toMatch(/\.$/)
    expect(() => providers.token({ provider: 'x' }, nowMs)).toThrow('no login provider `x`')
  })
})
