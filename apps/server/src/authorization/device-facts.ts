/**
 * What a device's decisions rest on: the thing it stands for, the targets whose policies count, and
 * the context (authz E2, E3, F4 to F6, X12).
 */
import { iotArn, type Account } from '@muster/model'
import { connectionThing, type CertificateAttributes, type PolicyContext } from '@muster/policy'

import type { DeviceConnection } from './authorizer.ts'
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
  /** ARNs of the certificate and of the groups whose policies count, ancestors included. */
  readonly targets: readonly string[]
}

/** Looks the facts of a connection up. */
export function deviceFacts(ports: DeviceFactsPorts, connection: DeviceConnection): DeviceFacts {
  const { account, registry } = ports
  const { certificateId, clientId, protocol } = connection
  const principalArn = iotArn(account, 'cert', certificateId)
  const attached = registry.thingsOfPrincipal(principalArn)
  const chosen = connectionThing(attached, clientId)
  const thing = chosen === undefined ? undefined : registry.thing(chosen.thingName)
  const groupsCount = protocol === 'mqtt' && thing !== undefined && thing.thingName === clientId
  return {
    targets: groupsCount ? [principalArn, ...groupArns(registry, thing.thingName)] : [principalArn],
    context: {
      protocol,
      clientId,
      thing,
      attachedThingNames: attached.map(({ thingName }) => thingName),
      certificate: { certificateId, attributes: () => attributesOf(ports, certificateId) },
      sourceIp: connection.sourceIp,
      domainName: connection.domainName,
      connectAttributes: connection.connectAttributes,
      lastWillTopic: connection.lastWillTopic,
    },
  }
}

/** ARNs of a thing's static groups and all their ancestors. */
export function groupArns(registry: AuthorizationRegistry, thingName: string): readonly string[] {
  return registry.staticGroupsOfThing(thingName).map((name) => registry.groupArn(name))
}

function attributesOf(
  { registry, certificateAttributes }: DeviceFactsPorts,
  certificateId: string,
): CertificateAttributes | undefined {
  const certificate = registry.certificate(certificateId)
  if (certificate === undefined) return undefined
  try {
    return certificateAttributes(certificate.certificatePem)
  } catch {
    return undefined
  }
}
