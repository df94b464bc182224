/**
 * What a device's decisions rest on: the thing it stands for, the targets whose policies count, and
 * the context (authz E2, E3, F4 to F6, X12).
 */
import { iotArn, type Account } from '@muster/model'
import { connectionThing, type CertificateAttributes, type PolicyContext } from '@muster/policy'

import type { DeviceConnection, IdentityConnection } from './authorizer.ts'
import type { RecordedDevice } from '../decisions/request-record.ts'
import type { AuthorizationRegistry } from './registry-ports.ts'

/** Where the facts come from. */
export interface DeviceFactsPorts {
  readonly account: Account
  readonly registry: AuthorizationRegistry
  /** Subject, issuer and alternative names; may throw for text that is no certificate. */
  readonly certificateAttributes: (certificatePem: string) => CertificateAttributes
}

/** The facts about one connection, as they are now. */
export interface DeviceFacts {
  readonly context: PolicyContext
  /** The certificate's ARN or the identity's id, and ARNs of the groups whose policies count, ancestors included. */
  readonly targets: readonly string[]
}

/** Looks the facts of a connection up. */
export function deviceFacts(
  ports: DeviceFactsPorts,
  connection: DeviceConnection | IdentityConnection,
): DeviceFacts {
  const { account, registry } = ports
  const { clientId, protocol } = connection
  const certificateId = 'identityId' in connection ? undefined : connection.certificateId
  const principal =
    'identityId' in connection
      ? connection.identityId
      : iotArn(account, 'cert', connection.certificateId)
  const attached = registry.thingsOfPrincipal(principal)
  const named = attached.find(({ thingName }) => thingName === connection.thingName)
  const chosen = named ?? connectionThing(attached, clientId)
  const certificate = certificateId === undefined ? undefined : registry.certificate(certificateId)
  const thing = chosen === undefined ? undefined : registry.thing(chosen.thingName)
  const groupsCount = protocol === 'mqtt' && thing !== undefined && thing.thingName === clientId
  return {
    targets: groupsCount ? [principal, ...groupArns(registry, thing.thingName)] : [principal],
    context: {
      protocol,
      clientId,
      thing,
      thingNamed: named !== undefined,
      attachedThingNames: attached.map(({ thingName }) => thingName),
      certificate:
        certificateId === undefined
          ? undefined
          : { certificateId, attributes: () => attributesOf(ports, certificate) },
      sourceIp: connection.sourceIp,
      domainName: connection.domainName,
      connectAttributes: connection.connectAttributes,
      lastWillTopic: connection.lastWillTopic,
    },
  }
}

/** A device as a recording of its requests knows it. */
export function recordedDevice(
  ports: DeviceFactsPorts,
  connection: DeviceConnection,
): Omit<RecordedDevice, 'device'> {
  const { certificateId, clientId, protocol } = connection
  const { context } = deviceFacts(ports, connection)
  const thingNames = context.attachedThingNames ?? []
  const groups = thingNames.flatMap((name) => ports.registry.staticGroupsOfThing(name))
  const commonName = context.certificate?.attributes?.()?.subject?.['CommonName']?.[0]
  const { thing } = context
  const { account } = ports
  return { account, certificateId, clientId, protocol, thingNames, thing, commonName, groups }
}

/** ARNs of a thing's static groups and all their ancestors. */
export function groupArns(registry: AuthorizationRegistry, thingName: string): readonly string[] {
  return registry.staticGroupsOfThing(thingName).map((name) => registry.groupArn(name))
}

function attributesOf(
  { certificateAttributes }: DeviceFactsPorts,
  certificate: ReturnType<AuthorizationRegistry['certificate']>,
): CertificateAttributes | undefined {
  if (certificate === undefined) return undefined
  try {
    return certificateAttributes(certificate.certificatePem)
  } catch {
    return undefined
  }
}
