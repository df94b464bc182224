/**
 * Whose server a case runs against: one that is started for it, or one that is there.
 */
import type { Json, JsonObject } from '../scenario-format.ts'
import type { CallResult } from '../scenario-target.ts'
import type { ObjectSetup } from './case-format.ts'
import type { SdkValue } from './case-values.ts'

/** An account of others behind the endpoints: every name in it is one of the run's own. */
export interface CaseElsewhere {
  /** Silence that counts as quiet, milliseconds. */
  readonly quietMs: number
  /** How long a step may take to bring about what it must, milliseconds. */
  readonly patienceMs: number
  /** What every device shows. */
  readonly certificatePem: string
  readonly privateKeyPem: string
  /** Calls as the account's own operator, with names and answers in the words of the case. */
  call(
    service: string,
    operation: string,
    args: { readonly [member: string]: SdkValue },
  ): Promise<CallResult>
  /** Epoch milliseconds. @throws Error once the run is to stop */
  nowMs(): number
  clientId(client: string): string
  topic(topic: string): string
  path(path: string): string
  /** What the account said, in the words of the case. */
  back(value: Json): Json
}

/** Where a server is, for operators and devices. */
export interface CaseEndpoints {
  readonly region: string
  /** The server is asked where it is not known. */
  readonly accountId?: string
  /** `http://127.0.0.1:4566`: everything SigV4, MQTT over WebSocket, the admin API. */
  readonly httpUrl: string
  readonly adminToken?: string
  /** Host of the device listeners. */
  readonly dataHost: string
  readonly mqttPort: number
  readonly httpsPort: number
  /** PEM of the server's authority; the system's when absent. */
  readonly caPem: string | undefined
  /** Absent: the account is the case's own. */
  readonly elsewhere?: CaseElsewhere
}

/** What a case needs of its server beside an empty account. */
export interface CaseWorld {
  /** The IAM file; undefined where the case says nothing of one. */
  readonly iam: JsonObject | undefined
  /** Objects of the folder that stands for S3. */
  readonly files: readonly ObjectSetup[]
}

/** A server for cases. */
export interface CaseHost {
  /**
   * Gives an empty account.
   *
   * @throws Error when the server cannot be had so, with its reason
   */
  start(world: CaseWorld): Promise<CaseEndpoints>
  /** Replaces the IAM file. @returns whether the server took it */
  replaceIam(iam: JsonObject): Promise<boolean>
  /** Stops and starts on the same data, files and ports. */
  restart(): Promise<void>
  /** Ends what `start` began; a case may follow. */
  stop(): Promise<void>
}
