/**
 * Requests over MQTT that a service answered on `…/rejected`, for the decision log.
 */
import { iotArn, type Account } from '@muster/model'
import type { Denial, DecisionKind, Reasons } from './decision.ts'
import { hintFor } from './request-refusals.ts'

/** A request that was rejected. */
export interface RejectedRequest {
  readonly kind: Extract<DecisionKind, 'jobs' | 'provisioning' | 'shadow' | 'stream'>
  /** `iotjobsdata:UpdateJobExecution`; undefined where the topic names no API. */
  readonly action: string | undefined
  readonly topic: string
  readonly code: string
  readonly message: string
  readonly clientId?: string | undefined
  readonly principalId?: string | undefined
  readonly thingName?: string | undefined
  readonly sourceIp: string
}

const hints: Readonly<Record<string, string>> = {
  InvalidTopic:
    'publish to a topic of the Jobs API: …/jobs/get, start-next, JOBID/get or JOBID/update',
  InvalidJson: 'send a JSON object as payload, or nothing',
  JustInTimeProvisioningFailed:
    'mend the template of the authority: the certificate stays PENDING_ACTIVATION until it is activated',
  InvalidCertificateOwnershipToken:
    'use the token of the certificate that this connection was given, within the hour',
}

/** What mends a request for blocks. */
const streamHints: Readonly<Record<string, string>> = {
  InvalidTopic: 'publish to …/streams/STREAMID/describe or get, then json or cbor',
  InvalidCbor: 'send a map in CBOR, or ask on …/json',
  ResourceNotFound:
    'create the stream, and put its file below the folder of --s3-folder: BUCKET/KEY',
  VersionMismatch: 'ask for the version that the stream has now, or for none',
  ETagMismatch: 'call UpdateStream: the file has changed since the stream was made',
  BlockSizeOutOfBounds:
    'ask for blocks of 256 to 131,072 bytes; in JSON up to 98,000, for base64 makes them longer',
  OffsetOutOfBounds: 'ask for blocks that the file has: `describe` tells its size',
}

/** A rejected request as a denial with its reasons. */
export function deviceRequestRefusal(
  account: Account,
  rejected: RejectedRequest,
): [Denial, Reasons] {
  const { kind, action = 'iot:Publish', topic, code, message, principalId, ...who } = rejected
  const isCertificate = principalId !== undefined && /^[0-9a-f]{64}$/.test(principalId)
  const denial: Denial = {
    ...who,
    kind,
    effect: 'deny',
    action,
    reason: code,
    protocol: 'mqtt',
    principalId,
    principal: isCertificate ? iotArn(account, 'cert', principalId) : undefined,
    resource: topic,
  }
  return [denial, { summary: `${code}: ${message}`, hint: hintOf(rejected) }]
}

function hintOf({ action = '', code, kind }: RejectedRequest): string {
  const own = kind === 'stream' ? streamHints[code] : undefined
  return own ?? hints[code] ?? hintFor(code, action.split(':')[1])
}
