/**
 * Compiled default versions of the account's policies, each compiled once.
 */
import { compilePolicy, parsePolicy, type NamedPolicy } from '@muster/policy'

import type { AuthorizationRegistry } from './registry-ports.ts'

interface Compiled {
  readonly document: string
  readonly named: NamedPolicy | undefined
}

/** Compiled policies by name. */
export class CompiledPolicies {
  readonly #registry: Pick<AuthorizationRegistry, 'defaultPolicyDocument'>
  readonly #byName = new Map<string, Compiled>()

  constructor(registry: Pick<AuthorizationRegistry, 'defaultPolicyDocument'>) {
    this.#registry = registry
  }

  /** undefined for an absent policy. */
  get(policyName: string): NamedPolicy | undefined {
    const known = this.#byName.get(policyName)
    if (known !== undefined) return known.named
    const document = this.#registry.defaultPolicyDocument(policyName)
    if (document === undefined) return undefined
    const parsed = parsePolicy(document, 'iot')
    // Creation refuses malformed documents, so what does not parse was never enforced either.
    const named = parsed.ok ? { policyName, compiled: compilePolicy(parsed.value) } : undefined
    this.#byName.set(policyName, { document, named })
    return named
  }

  /**
   * Looks at a policy again.
   *
   * @returns whether its default document is another one, or gone
   */
  refresh(policyName: string): boolean {
    const known = this.#byName.get(policyName)
    if (known?.document === this.#registry.defaultPolicyDocument(policyName)) return false
    this.#byName.delete(policyName)
    return true
  }

  clear(): void {
    this.#byName.clear()
  }
}
