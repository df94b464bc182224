/**
 * Devices by their certificates' IoT Core policies (authz A2, A3, E2, E3). Each connection keeps a
 * bound evaluator; a change of the registry drops exactly those it concerns, so the next decision
 * sees it.
 */
import { iotArn, type Account } from '@muster/model'
import {
  bindEvaluator,
  connectionThing,
  type CertificateAttributes,
  type Evaluator,
  type NamedPolicy,
  type PolicyContext,
} from '@muster/policy'

import type { ConnectionAuthorizer, DeviceAuthorization, DeviceConnection } from './authorizer.ts'
import { CompiledPolicies } from './compiled-policies.ts'
import { ConnectionDecisions } from './connection-decisions.ts'
import type { DecisionLog } from './decision-log.ts'
import { Dependents } from './dependents.ts'
import type { AuthorizationChange, AuthorizationRegistry } from './registry-ports.ts'

/** What {@link deviceAuthorization} is made of. */
export interface DeviceAuthorizationPorts {
  readonly account: Account
  readonly registry: AuthorizationRegistry
  readonly decisions: DecisionLog
  /** Subject, issuer and alternative names; may throw for text that is no certificate. */
  readonly certificateAttributes: (certificatePem: string) => CertificateAttributes
}

/** Authorization of devices, and what keeps it up to date. */
export interface DeviceAuthorizer extends DeviceAuthorization {
  /** Takes every change of the registry, after it is applied. */
  onRegistryChange(change: AuthorizationChange): void
  /** Forgets everything cached (`/_muster/reset`: the registry tells of no single change then). */
  reset(): void
  /** The policies that judge a connection, named; authz E2, E3. */
  policiesOf(principalArn: string, thingName: string | undefined): readonly NamedPolicy[]
}

/** Makes the server's device authorization. */
export function deviceAuthorization(ports: DeviceAuthorizationPorts): DeviceAuthorizer {
  return new Devices(ports)
}

class Devices implements DeviceAuthorizer {
  readonly #ports: DeviceAuthorizationPorts
  readonly #policies: CompiledPolicies
  readonly #dependents = new Dependents<BoundDevice>()
  #generation = 0

  constructor(ports: DeviceAuthorizationPorts) {
    this.#ports = ports
    this.#policies = new CompiledPolicies(ports.registry)
  }

  bind(connection: DeviceConnection): ConnectionAuthorizer {
    const device = new BoundDevice(this, connection)
    return new ConnectionDecisions({
      account: this.#ports.account,
      decisions: this.#ports.decisions,
      principal: iotArn(this.#ports.account, 'cert', connection.certificateId),
      connection,
      source: device,
      release: () => device.release(),
    })
  }

  onRegistryChange(change: AuthorizationChange): void {
    switch (change.kind) {
      case 'policy':
        if (this.#policies.refresh(change.policyName)) this.#drop(`policy:${change.policyName}`)
        break
      case 'policyAttachment':
        this.#drop(`target:${change.target}`)
        break
      case 'thingPrincipal':
        this.#drop(`target:${change.principal}`)
        break
      case 'thing':
      case 'thingGroupMembership':
        this.#drop(`thing:${change.thingName}`)
        break
      case 'thingGroup':
        this.#drop(`target:${this.#ports.registry.groupArn(change.thingGroupName)}`)
        break
      default:
    }
  }

  reset(): void {
    this.#policies.clear()
    this.#generation += 1
  }

  get generation(): number {
    return this.#generation
  }

  policiesOf(principalArn: string, thingName: string | undefined): readonly NamedPolicy[] {
    return this.#named(this.#targets(principalArn, thingName))
  }

  /**
   * Builds a connection's evaluator and remembers what it was built from.
   *
   * @param facts - receives the names of the facts it depends on
   */
  evaluator(device: BoundDevice, facts: string[]): Evaluator {
    const { account, registry } = this.#ports
    const { connection } = device
    const principalArn = iotArn(account, 'cert', connection.certificateId)
    const attached = registry.thingsOfPrincipal(principalArn)
    const chosen = connectionThing(attached, connection.clientId)
    const thing = chosen === undefined ? undefined : registry.thing(chosen.thingName)
    const groupThing =
      thing !== undefined &&
      connection.protocol === 'mqtt' &&
      thing.thingName === connection.clientId
        ? thing.thingName
        : undefined
    const targets = this.#targets(principalArn, groupThing)
    const policies = this.#named(targets)
    facts.push(...targets.map((target) => `target:${target}`))
    for (const target of targets) {
      facts.push(...registry.policiesOfTarget(target).map((name) => `policy:${name}`))
    }
    if (thing !== undefined) facts.push(`thing:${thing.thingName}`)
    for (const fact of facts) this.#dependents.add(fact, device)
    const context: PolicyContext = {
      protocol: connection.protocol,
      clientId: connection.clientId,
      thing,
      attachedThingNames: attached.map(({ thingName }) => thingName),
      certificate: {
        certificateId: connection.certificateId,
        attributes: () => this.#attributes(connection.certificateId),
      },
      sourceIp: connection.sourceIp,
      domainName: connection.domainName,
      connectAttributes: connection.connectAttributes,
      lastWillTopic: connection.lastWillTopic,
    }
    return bindEvaluator(policies, context, account)
  }

  forget(device: BoundDevice, facts: readonly string[]): void {
    for (const fact of facts) this.#dependents.delete(fact, device)
  }

  #drop(fact: string): void {
    for (const device of this.#dependents.of(fact)) device.drop()
  }

  /** What policies can be attached to that count here: the principal, and its thing's groups. */
  #targets(principalArn: string, thingName: string | undefined): readonly string[] {
    if (thingName === undefined) return [principalArn]
    const { registry } = this.#ports
    const groups = registry.staticGroupsOfThing(thingName)
    return [principalArn, ...groups.map((name) => registry.groupArn(name))]
  }

  #named(targets: readonly string[]): readonly NamedPolicy[] {
    const names = new Set(
      targets.flatMap((target) => this.#ports.registry.policiesOfTarget(target)),
    )
    const policies: NamedPolicy[] = []
    for (const name of names) {
      const policy = this.#policies.get(name)
      if (policy !== undefined) policies.push(policy)
    }
    return policies
  }

  #attributes(certificateId: string): CertificateAttributes | undefined {
    const certificate = this.#ports.registry.certificate(certificateId)
    if (certificate === undefined) return undefined
    try {
      return this.#ports.certificateAttributes(certificate.certificatePem)
    } catch {
      return undefined
    }
  }
}

/** One connection's evaluator: built when first asked, dropped when a fact behind it changes. */
class BoundDevice {
  readonly connection: DeviceConnection
  readonly #devices: Devices
  #evaluator: Evaluator | undefined
  #facts: string[] = []
  #generation = 0
  #released = false

  constructor(devices: Devices, connection: DeviceConnection) {
    this.#devices = devices
    this.connection = connection
  }

  evaluator(): Evaluator {
    if (this.#evaluator !== undefined && this.#generation === this.#devices.generation) {
      return this.#evaluator
    }
    this.drop()
    this.#generation = this.#devices.generation
    const evaluator = this.#devices.evaluator(this, this.#facts)
    if (this.#released) this.drop()
    else this.#evaluator = evaluator
    return evaluator
  }

  /** The next decision builds a new evaluator. */
  drop(): void {
    this.#devices.forget(this, this.#facts)
    this.#facts = []
    this.#evaluator = undefined
  }

  /** The connection closed: nothing is kept any more. */
  release(): void {
    this.#released = true
    this.drop()
  }
}
