/** An HTTP listener over stub handlers, for tests of the wire alone. */
import { randomBytes } from 'node:crypto'
import { AwsProtocol } from '@muster/aws-protocol'
import { VirtualClock } from '@muster/clock'
import type { Outcome, Refusal } from '@muster/model'
import { pino } from 'pino'
import { defaultOperators } from '../../src/authentication/default-operators.ts'
import { accessKeys, type AccessKeys } from '../../src/authentication/access-keys.ts'
import { sessionTokens } from '../../src/authentication/session-seal.ts'
import type { CognitoServices } from '../../src/cognito/answer-cognito.ts'
import type { StsServices } from '../../src/sts/answer-sts.ts'
import type { IamAccount } from '@muster/iam'
import { startHttp, type HttpOptions } from '../../src/listeners/http.ts'
import { Refusals } from '../../src/decisions/refusals.ts'
import type { Mount } from '../../src/mount.ts'
import { RequestBodies } from '../../src/listeners/request-bodies.ts'
import type { RunningListener } from '../../src/listeners/listen.ts'
import type { OperatorCall } from '../../src/authorization/operator-authorization.ts'
import { createDispatch } from '../../src/operations/dispatch.ts'
import type { Call } from '../../src/operations/call.ts'
import type { AnyOperationRow } from '../../src/operations/operation-row.ts'
import type { OperationServices } from '../../src/operations/operation-services.ts'

/** What a stub is given. */
export interface StubCall extends Call {
  readonly input: Readonly<Record<string, unknown>>
}

/** Answers an operation's calls in place of its rule. */
export type Stub = (call: StubCall) => Outcome<object> | Promise<Outcome<object>>

/** Stubs by operation. */
export type Stubs = Readonly<Record<string, Stub>>

/** What a test varies. */
export interface FixtureOptions {
  readonly iot?: Stubs
  readonly iotdata?: Stubs
  readonly jobs?: Stubs
  readonly denial?: (call: OperatorCall) => Refusal | undefined
  readonly wallMs?: () => number
  readonly keys?: AccessKeys
  readonly mounts?: readonly Mount[]
  readonly adminToken?: string
  readonly commit?: () => Promise<void>
  readonly upgrade?: HttpOptions['upgrade']
  readonly limits?: HttpOptions['limits']
}

/** A running fixture. */
export interface HttpFixture extends RunningListener {
  readonly endpoint: string
}

export const accountId = '123456789012'

/** Compiled once for all tests of a file. */
export const protocol: AwsProtocol = new AwsProtocol()

/** Takes refusals and keeps none. */
export const refusals: Refusals = new Refusals(
  { region: 'us-east-1', accountId },
  { record: () => '' },
)

/** Starts a listener on a free port. */
export async function startFixture(options: FixtureOptions = {}): Promise<HttpFixture> {
  const dispatch = createDispatch({
    protocol,
    account: { region: 'us-east-1', accountId },
    operations: {
      iot: rows(options.iot),
      iotdata: rows(options.iotdata),
      'iot-jobs-data': rows(options.jobs),
    },
    services: {} as OperationServices,
    turn: {
      durable: true,
      number: 1,
      afterCommit: (effect) => effect(),
      committed: options.commit ?? (() => Promise.resolve()),
    },
    clock: new VirtualClock(0),
    log: pino({ level: 'silent' }),
  })
  const running = await startHttp({
    address: { bind: '127.0.0.1', port: 0 },
    signed: {
      protocol,
      dispatch,
      cognito: {} as CognitoServices,
      sts: () => ({}) as StsServices,
      bodies: new RequestBodies(),
      refusals,
      authority: { denial: options.denial ?? (() => undefined) },
      authentication: {
        region: 'us-east-1',
        keys: options.keys ?? keysOf(defaultOperators(accountId, true, undefined)),
        wallMs: options.wallMs ?? (() => Date.now()),
        knownHosts: ['localhost', '127.0.0.1'],
        corsOrigins: [],
      },
    },
    guard: { knownHosts: ['localhost', '127.0.0.1'], adminToken: options.adminToken },
    mounts: options.mounts ?? [],
    ...(options.upgrade === undefined ? {} : { upgrade: options.upgrade }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  return { ...running, endpoint: `http://127.0.0.1:${running.port}` }
}

/** Keys of an account that is read anew for each request. */
export function keysOf(account: IamAccount | (() => IamAccount)): AccessKeys {
  return accessKeys({
    account: typeof account === 'function' ? account : () => account,
    tokens: sessionTokens({ key: randomBytes(32), epoch: () => '' }),
    nowMs: () => Date.now(),
  })
}

function rows(stubs: Stubs = {}): Readonly<Record<string, AnyOperationRow>> {
  return Object.fromEntries(
    Object.entries(stubs).map(([name, stub]) => [
      name,
      { rule: () => (input, _nowMs, call) => stub({ ...call, input }), devices: true },
    ]),
  )
}
