/**
 * Names, inputs and outputs of AWS's operations as types, derived from the SDK's commands: a
 * misspelt operation or a member that AWS does not have fails the type check.
 */
import type * as control from '@aws-sdk/client-iot'
import type * as data from '@aws-sdk/client-iot-data-plane'
import type * as jobsData from '@aws-sdk/client-iot-jobs-data-plane'
import type { BlobPayloadInputTypes, GetOutputType, MetadataBearer } from '@smithy/types'
import type { AwsService } from './service.ts'

/** The SDK package of each service. */
interface SdkPackages {
  readonly iot: typeof control
  readonly iotdata: typeof data
  readonly 'iot-jobs-data': typeof jobsData
}

type CommandNames<Exports> = keyof Exports extends infer Name
  ? Name extends `${infer Operation}Command`
    ? Operation extends '$'
      ? never
      : Operation
    : never
  : never

/** AWS's names of a service's operations: `'CreateThing' | 'DeleteThing' | …`. */
export type OperationName<Service extends AwsService> = CommandNames<SdkPackages[Service]>

/** The command that the SDK sends for an operation. */
type CommandOf<
  Service extends AwsService,
  Name extends string,
> = `${Name}Command` extends keyof SdkPackages[Service]
  ? SdkPackages[Service][`${Name}Command`] extends abstract new (...input: never) => infer Sent
    ? Sent
    : never
  : never

/** The SDK's clients take payloads in several forms; what has been read is bytes. */
type WithBytes<Input> = {
  [Member in keyof Input]: BlobPayloadInputTypes extends Input[Member]
    ? Uint8Array | undefined
    : Input[Member]
}

/** An operation's input as it is read: timestamps are `Date`, blobs `Uint8Array`. */
export type OperationInput<Service extends AwsService, Name extends OperationName<Service>> =
  CommandOf<Service, Name> extends { readonly input: infer Input } ? WithBytes<Input> : never

/** The SDK gives a body that is one blob with methods of its own; what is written is bytes. */
type AsBytes<Output> = {
  [Member in keyof Output]: NonNullable<Output[Member]> extends Uint8Array
    ? Uint8Array | Exclude<Output[Member], Uint8Array>
    : Output[Member]
}

/** What the SDK gives for an operation, without what it adds of the HTTP response. */
export type OperationOutput<
  Service extends AwsService,
  Name extends OperationName<Service>,
> = AsBytes<Omit<GetOutputType<CommandOf<Service, Name>>, keyof MetadataBearer>>

/** A structure's name as the SDK exports its schema: `CreateThingRequest`. */
export type StructureName<Service extends AwsService> =
  keyof SdkPackages[Service] extends infer Name
    ? Name extends `${infer Structure}$`
      ? // A name that JavaScript has already is spelt `_Stream`.
        Structure extends `_${infer Own}`
        ? Own
        : Structure
      : never
    : never
