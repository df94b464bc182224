/**
 * Fleet provisioning over MQTT: certificates for keys, and registration by template
 * (gateway G100 to G107).
 */
import type { ReservedRequest } from '@muster/broker'
import { accept, refuse } from '@muster/model'
import type { FleetRegistration, ProvisioningOutcome, Registry } from '@muster/registry'
import type { KeyPairs } from './key-pairs.ts'
import type { PreProvisioningHook } from './pre-provisioning-hook.ts'
import {
  decodePayload,
  encodePayload,
  textMembersOf,
  type PayloadFormat,
  type PayloadMembers,
} from '../payload-format.ts'
import { provisioningRejection } from './provisioning-rejection.ts'

/** A request without its payload, which is not kept while others are served. */
export type ProvisioningCaller = { readonly operation: FleetOperation } & Pick<
  ReservedRequest,
  'clientId' | 'connectionId' | 'principalId' | 'sourceIp' | 'topic'
>

/** A reply to the connection that asked (gateway G47). */
export interface ProvisioningReply {
  readonly topic: string
  readonly payload: Uint8Array
}

/** What a request asks for, and its reply; one for a key pair may be long in coming. */
export interface ProvisioningAnswer {
  readonly operation: FleetOperation
  readonly reply: Promise<ProvisioningReply>
}

/** What {@link fleetProvisioning} works with. */
export interface FleetProvisioningPorts {
  readonly registry: Registry
  readonly hook: PreProvisioningHook
  readonly keyPairs: KeyPairs
  isConnected(connectionId: string): boolean
  /** Whether an operation is over its rate (gateway G123). */
  throttled(operation: FleetOperation): boolean
  /** Clock time, epoch milliseconds. */
  nowMs(): number
  /** Told why a device was rejected, for the log. */
  rejected(caller: ProvisioningCaller, refusal: { code: string; message: string }): void
}

/** AWS's names of the three APIs. */
export type FleetOperation =
  | 'CreateCertificateFromCsr'
  | 'CreateKeysAndCertificate'
  | 'RegisterThing'

/** What a topic asks for. */
interface ProvisioningRoute {
  readonly operation: FleetOperation
  readonly format: PayloadFormat
  /** Of RegisterThing. */
  readonly templateName: string
}

/** Takes the publishes to one topic; the reply never rejects for what a device sends. */
export type FleetCall = (request: ReservedRequest) => ProvisioningAnswer

/**
 * Makes the handler of the three provisioning APIs.
 *
 * @returns a function that gives what publishes to a topic call, undefined for another topic
 */
export function fleetProvisioning(
  ports: FleetProvisioningPorts,
): (topic: string) => FleetCall | undefined {
  return (topic) => {
    const route = routeOf(topic)
    if (route === undefined) return undefined
    const { format, operation } = route
    return ({ clientId, connectionId, payload, principalId, sourceIp }) => {
      const caller = { clientId, connectionId, principalId, sourceIp, topic, operation }
      const answered = answer(ports, caller, route, payload)
      return { operation, reply: reply(ports, caller, format, answered) }
    }
  }
}

function routeOf(topic: string): ProvisioningRoute | undefined {
  const [, service, name = '', last, ofThing] = topic.split('/')
  const isTemplate = service === 'provisioning-templates' && last === 'provision'
  const format = isTemplate ? ofThing : last
  if (format !== 'json' && format !== 'cbor') return undefined
  if (isTemplate) return { operation: 'RegisterThing', format, templateName: name }
  const operation = certificateOperations.get(name)
  return operation === undefined ? undefined : { operation, format, templateName: '' }
}

/** Operations below `$aws/certificates/`. */
const certificateOperations: ReadonlyMap<string, FleetOperation> = new Map([
  ['create', 'CreateKeysAndCertificate'],
  ['create-from-csr', 'CreateCertificateFromCsr'],
])

async function reply(
  ports: FleetProvisioningPorts,
  caller: ProvisioningCaller,
  format: PayloadFormat,
  answered: Promise<ProvisioningOutcome<object>>,
): Promise<ProvisioningReply> {
  const outcome = await answered
  if (outcome.ok) {
    return {
      topic: `${caller.topic}/accepted`,
      payload: encodePayload(format, outcome.value),
    }
  }
  const rejection = provisioningRejection(outcome.error)
  ports.rejected(caller, { code: rejection.errorCode, message: rejection.errorMessage })
  return {
    topic: `${caller.topic}/rejected`,
    payload: encodePayload(format, rejection),
  }
}

/** Reads the payload and is done with it, however long the outcome takes. */
async function answer(
  ports: FleetProvisioningPorts,
  caller: ProvisioningCaller,
  { format, operation, templateName }: ProvisioningRoute,
  payload: Uint8Array,
): Promise<ProvisioningOutcome<object>> {
  if (ports.throttled(operation)) {
    return refuse('Throttled', `The rate of ${operation} is exceeded`)
  }
  const members = decodePayload(format, payload)
  if (members === undefined) {
    return refuse('InvalidRequestException', `The payload is not an object in ${format}`)
  }
  switch (operation) {
    case 'CreateKeysAndCertificate':
      return createKeys(ports, caller)
    case 'CreateCertificateFromCsr':
      return createFromCsr(ports, caller, members)
    case 'RegisterThing':
      return registerThing(ports, caller, templateName, members)
  }
}

async function createKeys(
  ports: FleetProvisioningPorts,
  { connectionId, principalId }: ProvisioningCaller,
): Promise<ProvisioningOutcome<object>> {
  const { keyPairs, registry } = ports
  const isGone = (): boolean => !ports.isConnected(connectionId) || isDeleted(registry, principalId)
  const keyPair = await keyPairs.next({ name: connectionId, isGone })
  if (keyPair === 'full') return refuse('Throttled', 'Too many key pairs are waited for')
  if (keyPair === 'gone' || isGone()) {
    return refuse('AccessDenied', 'The connection ended, or its certificate was deleted')
  }
  const { privateKeyPem, publicKeyPem } = keyPair
  const owned = registry.createOwnedCertificate({ publicKeyPem }, principalId, ports.nowMs())
  return owned.ok ? accept({ ...owned.value, privateKey: privateKeyPem }) : owned
}

/** Whether a connection's certificate is there no more, by a reset for example. */
function isDeleted(registry: Registry, principalId: string): boolean {
  return /^[0-9a-f]{64}$/.test(principalId) && registry.certificate(principalId) === undefined
}

function createFromCsr(
  ports: FleetProvisioningPorts,
  { principalId }: ProvisioningCaller,
  members: PayloadMembers,
): ProvisioningOutcome<object> {
  const certificateSigningRequest = members.get('certificateSigningRequest')
  if (typeof certificateSigningRequest !== 'string') {
    return refuse('InvalidRequestException', 'certificateSigningRequest must be a string')
  }
  return ports.registry.createOwnedCertificate(
    { certificateSigningRequest },
    principalId,
    ports.nowMs(),
  )
}

async function registerThing(
  ports: FleetProvisioningPorts,
  { clientId, principalId }: ProvisioningCaller,
  templateName: string,
  members: PayloadMembers,
): Promise<ProvisioningOutcome<object>> {
  const token = members.get('certificateOwnershipToken') ?? ''
  const parameters = textMembersOf(members.get('parameters') ?? {})
  if (parameters === undefined) {
    return refuse('InvalidRequestException', 'parameters must be an object of strings')
  }
  const registration: FleetRegistration = {
    templateName,
    certificateOwnershipToken: typeof token === 'string' ? token : '',
    parameters,
    ownerCertificateId: principalId,
  }
  const begun = ports.registry.beginFleetRegistration(registration, ports.nowMs())
  if (!begun.ok) return begun
  const { certificate, hook, templateArn } = begun.value
  let overrides: ReadonlyMap<string, string> = new Map()
  if (hook !== undefined) {
    const answer = await ports.hook(hook.targetArn, {
      claimCertificateId: principalId,
      certificateId: certificate.certificateId,
      certificatePem: certificate.certificatePem,
      templateArn,
      clientId,
      parameters: Object.fromEntries(parameters),
    })
    if (!answer.ok) return answer
    overrides = answer.value
  }
  return ports.registry.completeFleetRegistration(registration, overrides, ports.nowMs())
}
