/** Who may what by the policies of the moment, as the model has them: now, and since the turn began. */
import {
  copyFacts,
  isAllowed,
  noFacts,
  type PolicyFacts,
  type Statement,
} from '../model/policies.ts'
import { copyRegistry, type ModelRegistry } from '../model/state.ts'
import type { PolicyView } from './policy-taps.ts'

/** Policies, attachments and certificates of a world. */
export class Permissions {
  /** Documents that operators sent last, by policy. */
  readonly documents: Map<string, readonly Statement[]> = new Map()
  facts: PolicyFacts = noFacts()
  readonly #registry: () => ModelRegistry
  readonly #certificateOf: (clientId: string) => string
  /** Facts as they were at moments of this turn. */
  #recent: PolicyView[] = []

  /**
   * @param registry - things and groups as they are
   * @param certificateOf - the certificate of a client ID, empty when it has none
   */
  constructor(registry: () => ModelRegistry, certificateOf: (clientId: string) => string) {
    this.#registry = registry
    this.#certificateOf = certificateOf
  }

  get now(): PolicyView {
    return { facts: this.facts, registry: this.#registry() }
  }

  /** Something of it changes: until the turn ends, what holds now counts too. */
  changing(): void {
    this.#recent.push({
      facts: copyFacts(this.facts),
      registry: copyRegistry(this.#registry()),
    })
  }

  turnEnded(): void {
    this.#recent = []
  }

  /** Whether a device may now, or could since the turn began. */
  may(clientId: string, action: string, resource: string): boolean {
    return this.#views().some((view) => this.#allows(view, clientId, action, resource))
  }

  /** Whether a device may receive by what holds now. */
  mayReceiveNow(clientId: string, topic: string): boolean {
    return this.#allows(this.now, clientId, 'iot:Receive', `topic/${topic}`)
  }

  /** Whether a device may receive now, and could all the while since the turn began. */
  mayReceiveThroughout(clientId: string, topic: string): boolean {
    return this.#views().every((view) =>
      this.#allows(view, clientId, 'iot:Receive', `topic/${topic}`),
    )
  }

  /** Whether a certificate is ACTIVE now, or was since the turn began. */
  isActive(certificate: string): boolean {
    return this.#views().some(({ facts }) => facts.statuses.get(certificate) === 'ACTIVE')
  }

  /** The same of the certificate of a device. */
  isActiveClient(clientId: string): boolean {
    return this.isActive(this.#certificateOf(clientId))
  }

  #views(): readonly PolicyView[] {
    return [this.now, ...this.#recent]
  }

  #allows(
    { facts, registry }: PolicyView,
    clientId: string,
    action: string,
    resource: string,
  ): boolean {
    const asker = { certificate: this.#certificateOf(clientId), clientId }
    return isAllowed(facts, registry, asker, action, resource)
  }
}
