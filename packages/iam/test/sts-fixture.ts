/** Calls of STS over an account, with the sealed sessions laid open. */
import {
  layeredDecider,
  identityKeys,
  keysOfRequest,
  rootIdentity,
  sessionIdentity,
  userIdentity,
  type IamAccount,
  type Identity,
  type Session,
  type SignedStsCall,
} from '../src/index.ts'
import { accountId } from './account.ts'

export const nowMs: number = Date.parse('2026-06-01T12:00:00.500Z')
const account = { region: 'us-east-1', accountId }

/** An account with the sessions that were made in it. */
export class StsFixture {
  iam: IamAccount
  readonly sessions: Session[] = []

  constructor(iam: IamAccount) {
    this.iam = iam
  }

  user(name: string): Identity {
    const user = this.iam.users.get(name)
    if (user === undefined) throw new Error(`no user ${name}`)
    return userIdentity(this.iam, user)
  }

  root(): Identity {
    return rootIdentity(this.iam)
  }

  /** Who the newest session is. */
  newest(): Identity {
    const session = this.sessions.at(-1)
    const identity = session && sessionIdentity(this.iam, session)
    if (identity === undefined) throw new Error('no session')
    return identity
  }

  call(caller: Identity): SignedStsCall {
    return {
      iam: this.iam,
      account,
      caller,
      nowMs,
      sourceIp: '127.0.0.1',
      transport: { secureTransport: true, userAgent: 'aws-cli/2.30' },
      seal: {
        issue: (session) => {
          this.sessions.push(session)
          return { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't' }
        },
        issued: () => true,
        packedBytes: (text) => text.length,
      },
    }
  }

  /** Whether the identity may; with the layer that refuses. */
  may(identity: Identity, action: string, resource = '*'): string {
    const keys = Object.fromEntries(
      Object.entries({ ...identityKeys(identity), ...keysOfRequest(account, {}) }).map(
        ([name, value]) => [name.toLowerCase(), value],
      ),
    )
    const context = { protocol: 'https', nowMs: () => nowMs, keys } as const
    const verdict = layeredDecider(identity.layers, context, account).verdict(action, resource)
    return verdict.layer === undefined ? verdict.decision : `${verdict.decision} ${verdict.layer}`
  }
}
