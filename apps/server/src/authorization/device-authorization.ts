/**
 * Devices by their certificates' IoT Core policies (authz A2, A3, E2, E3). Each connection keeps a
 * bound evaluator; a change of the registry drops exactly those it concerns, so the next decision
 * sees it.
 */
import { iotArn } from '@muster/model'
import { bindEvaluator, type Evaluator, type NamedPolicy } from '@muster/policy'

import type { ConnectionAuthorizer, DeviceAuthorization, DeviceConnection } from './authorizer.ts'
import { CompiledPolicies } from './compiled-policies.ts'
import { ConnectionDecisions, type JudgeSource } from './connection-decisions.ts'
import type { DecisionLog } from './decision-log.ts'
import { Dependents } from './dependents.ts'
import { deviceFacts, type DeviceFactsPorts } from './device-facts.ts'
import type { AuthorizationChange } from './registry-ports.ts'

/** What {@link deviceAuthorization} is made of. */
export interface DeviceAuthorizationPorts extends DeviceFactsPorts {
  readonly decisions: DecisionLog
}

/** Authorization of devices, and what keeps it up to date. */
export interface DeviceAuthorizer extends DeviceAuthorization {
  /** Takes every change of the registry, after it is applied. */
  onRegistryChange(change: AuthorizationChange): void
  /** Forgets everything cached (`/_muster/reset`: the registry tells of no single change then). */
  reset(): void
  /** Default version of a policy; undefined for an absent one. */
  policy(policyName: string): NamedPolicy | undefined
  /** Default versions of the policies attached to certificates and groups (ARNs), each once. */
  policiesOf(targets: readonly string[]): readonly NamedPolicy[]
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

  policy(policyName: string): NamedPolicy | undefined {
    return this.#policies.get(policyName)
  }

  policiesOf(targets: readonly string[]): readonly NamedPolicy[] {
    const names = new Set(
      targets.flatMap((target) => this.#ports.registry.policiesOfTarget(target)),
    )
    return [...names].flatMap((name) => this.#policies.get(name) ?? [])
  }

  /**
   * Builds a connection's evaluator and remembers what it was built from.
   *
   * @param facts - receives the names of the facts it depends on
   */
  evaluator(device: BoundDevice, facts: string[]): Evaluator {
    const { account, registry } = this.#ports
    const { context, targets } = deviceFacts(this.#ports, device.connection)
    facts.push(...targets.map((target) => `target:${target}`))
    for (const target of targets) {
      facts.push(...registry.policiesOfTarget(target).map((name) => `policy:${name}`))
    }
    if (context.thing !== undefined) facts.push(`thing:${context.thing.thingName}`)
    for (const fact of facts) this.#dependents.add(fact, device)
    return bindEvaluator(this.policiesOf(targets), context, account)
  }

  forget(device: BoundDevice, facts: readonly string[]): void {
    for (const fact of facts) this.#dependents.delete(fact, device)
  }

  #drop(fact: string): void {
    for (const device of this.#dependents.of(fact)) device.drop()
  }
}

/** One connection's judge: built when first asked, dropped when a fact behind it changes. */
class BoundDevice implements JudgeSource {
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

  judge(): Evaluator {
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
