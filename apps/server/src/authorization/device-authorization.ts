/**
 * Devices by their certificates' IoT Core policies (authz A2, A3, E2, E3). Each connection keeps a
 * bound evaluator; a change of the registry drops exactly those it concerns, so the next decision
 * sees it.
 */
import { iotArn } from '@muster/model'
import { bindEvaluator, type Evaluator, type NamedPolicy } from '@muster/policy'

import type {
  ConnectionAuthorizer,
  DeviceAuthorization,
  DeviceConnection,
  IdentityConnection,
} from './authorizer.ts'
import { CompiledPolicies } from './compiled-policies.ts'
import {
  ConnectionDecisions,
  type ConnectionDecisionsPorts,
  type JudgeSource,
} from './connection-decisions.ts'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { RequestRecord } from '../decisions/request-record.ts'
import { Dependents } from './dependents.ts'
import { deviceFacts, recordedDevice, type DeviceFactsPorts } from './device-facts.ts'
import type { AuthorizationChange } from './registry-ports.ts'

/** What {@link deviceAuthorization} is made of. */
export interface DeviceAuthorizationPorts extends DeviceFactsPorts {
  readonly decisions: DecisionLog
  /** Where allowed requests are recorded, when that is asked for. */
  readonly record?: RequestRecord | undefined
}

/** Authorization of devices, and what keeps it up to date. */
export interface DeviceAuthorizer extends DeviceAuthorization {
  /** Takes every change of the registry, after it is applied. */
  onRegistryChange(change: AuthorizationChange): void
  /** Forgets everything cached (`/_muster/reset`: the registry tells of no single change then). */
  reset(): void
  /**
   * The IoT policies' side of a Cognito identity (identities I93): whoever judges by it asks the
   * identity's role too.
   */
  identity(connection: IdentityConnection): IdentityPolicies
  /** Default version of a policy; undefined for an absent one. */
  policy(policyName: string): NamedPolicy | undefined
  /** Default versions of the policies attached to certificates and groups (ARNs), each once. */
  policiesOf(targets: readonly string[]): readonly NamedPolicy[]
}

/** IoT policies of a Cognito identity, up to date with attachments, groups and things. */
export interface IdentityPolicies extends JudgeSource {
  /** Another one when a fact behind it changes. */
  judge(): Evaluator
}

/** Makes the server's device authorization. */
export function deviceAuthorization(ports: DeviceAuthorizationPorts): DeviceAuthorizer {
  return new Devices(ports)
}

class Devices implements DeviceAuthorizer {
  readonly #ports: DeviceAuthorizationPorts
  readonly #policies: CompiledPolicies
  readonly #byTarget = new Dependents<BoundDevice>()
  readonly #byPolicy = new Dependents<BoundDevice>()
  readonly #byThing = new Dependents<BoundDevice>()
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
      principal: () => ({
        principal: iotArn(this.#ports.account, 'cert', connection.certificateId),
        principalKind: 'certificate',
      }),
      principalId: connection.certificateId,
      connection,
      source: device,
      recorded: this.#recorder(connection),
    })
  }

  #recorder(connection: DeviceConnection): ConnectionDecisionsPorts['recorded'] {
    const { record } = this.#ports
    if (record === undefined) return undefined
    const { certificateId, clientId, protocol } = connection
    const name = `${certificateId.slice(0, 16)} ${protocol} ${clientId ?? ''}`
    const lookup = (): ReturnType<typeof recordedDevice> => recordedDevice(this.#ports, connection)
    return {
      isOn: () => record.on,
      note: (action, resource) => record.note(name, lookup, action, resource),
    }
  }

  identity(connection: IdentityConnection): IdentityPolicies {
    return new BoundDevice(this, connection)
  }

  onRegistryChange(change: AuthorizationChange): void {
    switch (change.kind) {
      case 'policy':
        if (this.#policies.refresh(change.policyName)) drop(this.#byPolicy.of(change.policyName))
        break
      case 'policyAttachment':
        drop(this.#byTarget.of(change.target))
        break
      case 'thingPrincipal':
        drop(this.#byTarget.of(change.principal))
        break
      case 'thing':
      case 'thingGroupMembership':
        drop(this.#byThing.of(change.thingName))
        break
      case 'thingGroup':
        drop(this.#byTarget.of(this.#ports.registry.groupArn(change.thingGroupName)))
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
    return this.#named(this.#policyNames(targets))
  }

  /** Builds a connection's evaluator and remembers what it was built from. */
  build(device: BoundDevice): Built {
    const { context, targets } = deviceFacts(this.#ports, device.connection)
    const policyNames = this.#policyNames(targets)
    const thingName = context.thing?.thingName
    for (const target of targets) this.#byTarget.add(target, device)
    for (const name of policyNames) this.#byPolicy.add(name, device)
    if (thingName !== undefined) this.#byThing.add(thingName, device)
    const evaluator = bindEvaluator(this.#named(policyNames), context, this.#ports.account)
    return { evaluator, targets, policyNames, generation: this.#generation }
  }

  /** Forgets what an evaluator was built from. */
  forget(device: BoundDevice, { evaluator, targets, policyNames }: Built): void {
    const thingName = evaluator.context.thing?.thingName
    for (const target of targets) this.#byTarget.delete(target, device)
    for (const name of policyNames) this.#byPolicy.delete(name, device)
    if (thingName !== undefined) this.#byThing.delete(thingName, device)
  }

  /** One target's own list where there is only one: it is shared with the registry. */
  #policyNames(targets: readonly string[]): readonly string[] {
    const { registry } = this.#ports
    const [only, ...more] = targets
    if (only !== undefined && more.length === 0) return registry.policiesOfTarget(only)
    return [...new Set(targets.flatMap((target) => registry.policiesOfTarget(target)))]
  }

  #named(policyNames: readonly string[]): readonly NamedPolicy[] {
    return policyNames.flatMap((name) => this.#policies.get(name) ?? [])
  }
}

function drop(devices: readonly BoundDevice[]): void {
  for (const device of devices) device.drop()
}

/** An evaluator and the facts behind it. */
interface Built {
  readonly evaluator: Evaluator
  readonly targets: readonly string[]
  readonly policyNames: readonly string[]
  readonly generation: number
}

/** One connection's judge: built when first asked, dropped when a fact behind it changes. */
class BoundDevice implements IdentityPolicies {
  readonly connection: DeviceConnection | IdentityConnection
  /** A device's context has no clock. */
  readonly constant = true
  readonly #devices: Devices
  #built: Built | undefined
  #released = false

  constructor(devices: Devices, connection: DeviceConnection | IdentityConnection) {
    this.#devices = devices
    this.connection = connection
  }

  judge(): Evaluator {
    if (this.#built?.generation === this.#devices.generation) return this.#built.evaluator
    this.drop()
    const built = this.#devices.build(this)
    if (this.#released) this.#devices.forget(this, built)
    else this.#built = built
    return built.evaluator
  }

  thingName(): string | undefined {
    return this.judge().context.thing?.thingName
  }

  /** The next decision builds a new evaluator. */
  drop(): void {
    if (this.#built !== undefined) this.#devices.forget(this, this.#built)
    this.#built = undefined
  }

  /** The connection closed: nothing is kept any more. */
  release(): void {
    this.#released = true
    this.drop()
  }
}
