/**
 * What every AWS operation of this server looks like, whichever listener its request came by.
 */
import type { Outcome } from '@muster/model'

/** The AWS services whose operations the server routes. */
export type ServiceName = 'iot' | 'iotdata' | 'iot-jobs-data'

/** Who calls: an operator that signed (SigV4) or a device that showed a certificate. */
export type Caller =
  | {
      readonly kind: 'operator'
      /** `arn:aws:iam::123456789012:user/ops`. */
      readonly arn: string
      readonly userName: string
      readonly accessKeyId: string
    }
  | {
      readonly kind: 'device'
      /** 64 hex characters; the certificate is registered and ACTIVE. */
      readonly certificateId: string
    }

/** One request, parsed by the SDK's schema, validated and authorized. */
export interface OperationCall<Input = Readonly<Record<string, unknown>>> {
  readonly service: ServiceName
  /** AWS's name: `CreateThing`. */
  readonly operation: string
  /** Members named and typed as in the SDK's request type; blobs are `Uint8Array`. */
  readonly input: Input
  readonly caller: Caller
  /** Clock time of the request, epoch milliseconds. */
  readonly nowMs: number
  readonly sourceIp: string
  /** Whether the caller's connection has ended, so that nobody waits for the answer. */
  readonly isGone: () => boolean
}

/**
 * Applies one operation. Runs synchronously where it can, inside the current turn; the listener
 * answers after the turn is committed. The value's members are named and typed as in the SDK's
 * response type (`Date` for timestamps).
 */
export type OperationHandler = (call: OperationCall) => Outcome<object> | Promise<Outcome<object>>

/** Handlers by AWS operation name; an operation without one answers 501 naming itself. */
export type OperationHandlers = Readonly<Record<string, OperationHandler>>

/** All handlers of the server. */
export type OperationTable = Readonly<Record<ServiceName, OperationHandlers>>
