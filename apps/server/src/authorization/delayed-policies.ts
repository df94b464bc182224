/**
 * Policies as they were a while ago (authz G16, X24): AWS applies a change only after its caches
 * have forgotten the state before. Held here is only what changed within that time.
 */
import type { CancelAlarm, Clock } from '@muster/clock'
import type { AuthorizationChange, AuthorizationRegistry } from './registry-ports.ts'

/** What a policy or a target is held at until its changes count. */
interface Held<T> {
  value: T
  /** Changes that do not count yet. */
  pending: number
}

/** A registry whose policies and attachments change late; everything else is as it is. */
export class DelayedPolicies {
  readonly #registry: AuthorizationRegistry
  readonly #clock: Pick<Clock, 'nowMs' | 'setAlarm'>
  readonly #delayMs: number
  readonly #documents = new Map<string, Held<string | undefined>>()
  readonly #attachments = new Map<string, Held<readonly string[]>>()
  readonly #alarms = new Set<CancelAlarm>()

  /** @param delayMs - on the account's clock */
  constructor(
    registry: AuthorizationRegistry,
    clock: Pick<Clock, 'nowMs' | 'setAlarm'>,
    delayMs: number,
  ) {
    this.#registry = registry
    this.#clock = clock
    this.#delayMs = delayMs
  }

  /** What evaluators are built from. */
  get registry(): AuthorizationRegistry {
    const registry = this.#registry
    return {
      certificate: (certificateId) => registry.certificate(certificateId),
      thing: (thingName) => registry.thing(thingName),
      thingsOfPrincipal: (principal) => registry.thingsOfPrincipal(principal),
      staticGroupsOfThing: (thingName) => registry.staticGroupsOfThing(thingName),
      groupArn: (thingGroupName) => registry.groupArn(thingGroupName),
      policiesOfTarget: (target) =>
        this.#attachments.get(target)?.value ?? registry.policiesOfTarget(target),
      defaultPolicyDocument: (policyName) => {
        const held = this.#documents.get(policyName)
        return held === undefined ? registry.defaultPolicyDocument(policyName) : held.value
      },
    }
  }

  /**
   * Takes a change of the registry, after it is applied there.
   *
   * @param counts - called when it counts: at once for what is not delayed
   */
  onRegistryChange(change: AuthorizationChange, counts: () => void): void {
    if (this.#delayMs === 0) counts()
    else if (change.kind === 'policy') {
      const { policyName, documentBefore } = change
      const after = this.#registry.defaultPolicyDocument(policyName)
      this.#hold(this.#documents, policyName, documentBefore, () => after, counts)
    } else if (change.kind === 'policyAttachment') {
      const { target, policyName, attached } = change
      const now = this.#registry.policiesOfTarget(target)
      const step = attached ? added : removed
      const back = attached ? removed : added
      const before = back(now, policyName)
      this.#hold(this.#attachments, target, before, (held) => step(held, policyName), counts)
    } else counts()
  }

  /** Forgets what is held; nothing held before counts any more. */
  reset(): void {
    for (const cancel of this.#alarms) cancel()
    this.#alarms.clear()
    this.#documents.clear()
    this.#attachments.clear()
  }

  #hold<T>(
    all: Map<string, Held<T>>,
    key: string,
    before: T,
    next: (value: T) => T,
    counts: () => void,
  ): void {
    const held = all.get(key) ?? { value: before, pending: 0 }
    held.pending += 1
    all.set(key, held)
    const cancel = this.#clock.setAlarm(this.#clock.nowMs() + this.#delayMs, () => {
      this.#alarms.delete(cancel)
      held.value = next(held.value)
      held.pending -= 1
      if (held.pending === 0) all.delete(key)
      counts()
    })
    this.#alarms.add(cancel)
  }
}

function added(names: readonly string[], name: string): readonly string[] {
  return names.includes(name) ? names : [...names, name].toSorted()
}

function removed(names: readonly string[], name: string): readonly string[] {
  return names.filter((one) => one !== name)
}
