/** An HTTP listener over stub handlers, for tests of the wire alone. */
import { AwsProtocol } from '@muster/aws-protocol'
import { VirtualClock } from '@muster/clock'
import type { Refusal } from '@muster/model'
import { pino } from 'pino'
import { defaultOperators } from '../../src/authentication/default-operators.ts'
import { IamUsers } from '../../src/authentication/iam-users.ts'
import { startHttp, type HttpOptions } from '../../src/listeners/http.ts'
import type { Mount } from '../../src/mount.ts'
import type { RunningListener } from '../../src/listeners/listen.ts'
import type { OperatorCall } from '../../src/listeners/http-signed.ts'
import { createDispatch } from '../../src/operations/dispatch.ts'
import type { OperationHandlers, OperationTable } from '../../src/operations/operation.ts'

/** What a test varies. */
export interface FixtureOptions {
  readonly iot?: OperationHandlers
  readonly iotdata?: OperationHandlers
  readonly jobs?: OperationHandlers
  readonly denial?: (call: OperatorCall) => Refusal | undefined
  readonly wallMs?: () => number
  readonly keys?: IamUsers
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

/** Starts a listener on a free port. */
export async function startFixture(options: FixtureOptions = {}): Promise<HttpFixture> {
  const table: OperationTable = {
    iot: options.iot ?? {},
    iotdata: options.iotdata ?? {},
    'iot-jobs-data': options.jobs ?? {},
  }
  const dispatch = createDispatch({
    protocol,
    table,
    turn: {
      durable: true,
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
      authority: { denial: options.denial ?? (() => undefined) },
      authentication: {
        region: 'us-east-1',
        keys: options.keys ?? new IamUsers(defaultOperators(accountId, true, undefined)),
        wallMs: options.wallMs ?? (() => Date.now()),
        knownHosts: ['localhost', '127.0.0.1'],
      },
    },
    guard: { knownHosts: ['localhost', '127.0.0.1'], adminToken: options.adminToken },
    mounts: options.mounts ?? [],
    ...(options.upgrade === undefined ? {} : { upgrade: options.upgrade }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  })
  return { ...running, endpoint: `http://127.0.0.1:${running.port}` }
}
