/** An account with identity pools, real keys, and sessions laid open. */
import { randomUUID } from 'node:crypto'
import { readIamAccount, sessionIdentity, type IamAccount, type Session } from '@muster/iam'
import { IdentityProvider, verifySignature } from '../../iam/test/identity-provider.ts'
import {
  openState,
  type CognitoCall,
  type CognitoOutcome,
  type CognitoState,
  type RefusedRole,
} from '../src/index.ts'

export const accountId = '123456789012'
export const host = 'idp.example.com/realm'
export const providerArn: string = `arn:aws:iam::${accountId}:oidc-provider/${host}`
export const userPool = 'cognito-idp.us-east-1.amazonaws.com/us-east-1_abc'
export const nowMs: number = Date.parse('2026-06-01T12:00:00Z')
export const roleArn = (name: string): string => `arn:aws:iam::${accountId}:role/${name}`

export const provider: IdentityProvider = new IdentityProvider()
const own = new IdentityProvider('RS512', 'us-east-1-1')

const trust = (amr: string): object => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
      Condition: { 'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': amr } },
    },
  ],
})

/** Pools over an IAM account. */
export class World {
  readonly sessions: Session[] = []
  readonly refusedRoles: RefusedRole[] = []
  readonly records: Map<string, string> = new Map()
  readonly iam: IamAccount
  state: CognitoState
  call: CognitoCall = { nowMs, sourceIp: '127.0.0.1', transport: {} }

  constructor() {
    const read = readIamAccount(
      {
        oidcProviders: [
          { url: `https://${host}`, clientIds: ['app1'], jwks: { keys: [provider.jwk] } },
          { url: `https://${userPool}`, clientIds: ['client1'], jwks: { keys: [provider.jwk] } },
        ],
        roles: [
          { roleName: 'Guest', trust: trust('unauthenticated') },
          { roleName: 'Auth', trust: trust('authenticated') },
          { roleName: 'Ops', trust: trust('authenticated') },
          { roleName: 'Untrusting' },
        ],
      },
      { accountId, readKeySet: () => '' },
    )
    if (!read.ok) throw new Error(read.error.message)
    this.iam = read.value
    this.state = this.open()
  }

  /** Reads the records anew, as a restart does. */
  open(): CognitoState {
    const key = (kind: string, id: string): string => JSON.stringify([kind, id])
    return openState({
      account: { region: 'us-east-1', accountId },
      records: {
        put: (kind, id, value) => void this.records.set(key(kind, id), value),
        delete: (kind, id) => void this.records.delete(key(kind, id)),
        load: (kind) =>
          [...this.records]
            .map(([id, value]) => ({ kind: (JSON.parse(id) as string[])[0], key: id, value }))
            .filter((record) => record.kind === kind),
      },
      iam: () => this.iam,
      newUuid: () => randomUUID(),
      verify: verifySignature,
      sign: (claims) => own.token(claims),
      ownKeys: () => [own.jwk],
      seal: {
        issue: (session) => {
          this.sessions.push(session)
          return { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't' }
        },
        issued: () => true,
        packedBytes: (text) => text.length,
      },
      onRefusedRole: (why) => void this.refusedRoles.push(why),
    })
  }

  /** Who the newest session is. */
  newest(): ReturnType<typeof sessionIdentity> {
    const session = this.sessions.at(-1)
    return session && sessionIdentity(this.iam, session)
  }
}

/** A login of the OIDC provider. */
export function login(sub: string, claims: object = {}): Readonly<Record<string, string>> {
  const seconds = nowMs / 1000
  return {
    [host]: provider.token({
      iss: `https://${host}`,
      sub,
      aud: 'app1',
      iat: seconds,
      exp: seconds + 60,
      ...claims,
    }),
  }
}

/** The value, or an error with the refusal. */
export function value<T>(outcome: CognitoOutcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
}

/** `Code: message` of a refusal. */
export function refusal(outcome: CognitoOutcome<unknown>): string {
  return outcome.ok ? 'ok' : `${outcome.error.code}: ${outcome.error.message}`
}
