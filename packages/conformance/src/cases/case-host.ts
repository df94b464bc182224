/**
 * Whose server a case runs against: one that is started for it, or one that is there.
 */
import type { JsonObject } from '../scenario-format.ts'
import type { ObjectSetup } from './case-format.ts'

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
  /** PEM of the server's authority. */
  readonly caPem: string
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
