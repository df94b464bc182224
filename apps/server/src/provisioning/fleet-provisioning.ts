/**
 * Fleet provisioning over MQTT: certificates for keys, and registration by template
 * (gateway G100 to G107).
 */
import type { ReservedRequest } from '@muster/broker'
import { accept, refuse, type Outcome } from '@muster/model'
import { createRsaKeyPair } from '@muster/pki'
import type { FleetRegistration, Registry } from '@muster/registry'
import type { PreProvisioningHook } from './pre-provisioning-hook.ts'
import {
  decodePayload,
  encodePayload,
  textMembersOf,
  type PayloadFormat,
  type PayloadMembers,
} from './provisioning-payload.ts'
import { provisioningRejection } from './provisioning-rejection.ts'

/** A reply to the connection that asked (gateway G47). */
export interface ProvisioningReply {
  readonly topic: string
  readonly payload: Uint8Array
}

/** What {@link fleetProvisioning} works with. */
export interface FleetProvisioningPorts {
  readonly registry: Registry
  readonly hook: PreProvisioningHook
  /** Whether an operation is over its rate (gateway G123). */
  throttled(operation: FleetOperation): boolean
  /** Clock time, epoch milliseconds. */
  nowMs(): number
  /** Told why a device was rejected, for the log. */
  rejected(request: ReservedRequest, refusal: { code: string; message: string }): void
}

/** AWS's names of the three APIs. */
export type FleetOperation =
  | 'CreateCertificateFromCsr'
  | 'CreateKeysAndCertificate'
  | 'RegisterThing'

/** Key pairs under way at once: each holds a thread of libuv's pool for 65 ms and more. */
const keyPairsMax = 64

const certificateTopic = /^\$aws\/certificates\/(create|create-from-csr)\/(json|cbor)$/
const provisionTopic = /^\$aws\/provisioning-templates\/([^/]+)\/provision\/(json|cbor)$/

/**
 * Makes the handler of the three provisioning APIs.
 *
 * @returns a function that answers undefined for a topic of another service, and otherwise
 *   resolves with the accepted or rejected reply; it never rejects for what a device sends
 */
export function fleetProvisioning(
  ports: FleetProvisioningPorts,
): (request: ReservedRequest) => Promise<ProvisioningReply> | undefined {
  let keyPairs = 0
  const createKeys = async (request: ReservedRequest): Promise<Outcome<object>> => {
    if (keyPairs >= keyPairsMax) return refuse('Throttled', 'Too many key pairs are being made')
    keyPairs += 1
    try {
      const { privateKeyPem, publicKeyPem } = await createRsaKeyPair()
      if (hasGone(ports.registry, request.principalId)) {
        return refuse('AccessDenied', 'The certificate of the connection was deleted meanwhile')
      }
      const owned = ports.registry.createOwnedCertificate(
        { publicKeyPem },
        request.principalId,
        ports.nowMs(),
      )
      return owned.ok ? accept({ ...owned.value, privateKey: privateKeyPem }) : owned
    } finally {
      keyPairs -= 1
    }
  }
  return (request) => {
    const { topic } = request
    const certificates = certificateTopic.exec(topic)
    if (certificates !== null) {
      const [, action, format] = certificates
      return action === 'create'
        ? reply(ports, request, 'CreateKeysAndCertificate', format, () => createKeys(request))
        : reply(ports, request, 'CreateCertificateFromCsr', format, (members) =>
            createFromCsr(ports, request, members),
          )
    }
    const provision = provisionTopic.exec(topic)
    if (provision === null) return undefined
    const [, templateName = '', format] = provision
    return reply(ports, request, 'RegisterThing', format, (members) =>
      registerThing(ports, request, templateName, members),
    )
  }
}

/** Whether a connection's certificate is there no more, by a reset for example. */
function hasGone(registry: Registry, principalId: string): boolean {
  return /^[0-9a-f]{64}$/.test(principalId) && registry.certificate(principalId) === undefined
}

async function reply(
  ports: FleetProvisioningPorts,
  request: ReservedRequest,
  operation: FleetOperation,
  formatSegment: string | undefined,
  handle: (members: PayloadMembers) => Promise<Outcome<object>> | Outcome<object>,
): Promise<ProvisioningReply> {
  const format: PayloadFormat = formatSegment === 'cbor' ? 'cbor' : 'json'
  const outcome = await answer(ports, request, operation, format, handle)
  if (outcome.ok) {
    return {
      topic: `${request.topic}/accepted`,
      payload: encodePayload(format, outcome.value),
    }
  }
  ports.rejected(request, outcome.error)
  return {
    topic: `${request.topic}/rejected`,
    payload: encodePayload(format, provisioningRejection(outcome.error)),
  }
}

function answer(
  ports: FleetProvisioningPorts,
  request: ReservedRequest,
  operation: FleetOperation,
  format: PayloadFormat,
  handle: (members: PayloadMembers) => Promise<Outcome<object>> | Outcome<object>,
): Promise<Outcome<object>> | Outcome<object> {
  if (ports.throttled(operation)) {
    return refuse('Throttled', `The rate of ${operation} is exceeded`)
  }
  const members = decodePayload(format, request.payload)
  return members === undefined
    ? refuse('InvalidRequestException', `The payload is not an object in ${format}`)
    : handle(members)
}

function createFromCsr(
  ports: FleetProvisioningPorts,
  request: ReservedRequest,
  members: PayloadMembers,
): Outcome<object> {
  const certificateSigningRequest = members.get('certificateSigningRequest')
  if (typeof certificateSigningRequest !== 'string') {
    return refuse('InvalidRequestException', 'certificateSigningRequest must be a string')
  }
  return ports.registry.createOwnedCertificate(
    { certificateSigningRequest },
    request.principalId,
    ports.nowMs(),
  )
}

async function registerThing(
  ports: FleetProvisioningPorts,
  request: ReservedRequest,
  templateName: string,
  members: PayloadMembers,
): Promise<Outcome<object>> {
  const token = members.get('certificateOwnershipToken') ?? ''
  const parameters = textMembersOf(members.get('parameters') ?? {})
  if (parameters === undefined) {
    return refuse('InvalidRequestException', 'parameters must be an object of strings')
  }
  const registration: FleetRegistration = {
    templateName,
    certificateOwnershipToken: typeof token === 'string' ? token : '',
    parameters,
    ownerCertificateId: request.principalId,
  }
  const begun = ports.registry.beginFleetRegistration(registration, ports.nowMs())
  if (!begun.ok) return begun
  const { certificate, hook, templateArn } = begun.value
  let overrides: ReadonlyMap<string, string> = new Map()
  if (hook !== undefined) {
    const answer = await ports.hook(hook.targetArn, {
      claimCertificateId: request.principalId,
      certificateId: certificate.certificateId,
      certificatePem: certificate.certificatePem,
      templateArn,
      clientId: request.clientId,
      parameters: Object.fromEntries(parameters),
    })
    if (!answer.ok) return answer
    overrides = answer.value
  }
  return ports.registry.completeFleetRegistration(registration, overrides, ports.nowMs())
}
