/**
 * Several operations as one: all of them apply, or none (gateway G113).
 */
import type { Outcome } from '@muster/model'
import type { RegistryChange } from './change.ts'

/** Collects how to undo what is being done, and holds back the changes until it is certain. */
export class Transaction {
  readonly #emit: (change: RegistryChange) => void
  #undo: (() => void)[] | undefined
  #changes: RegistryChange[] = []

  constructor(emit: (change: RegistryChange) => void) {
    this.#emit = emit
  }

  /** Whether undo steps are being collected. */
  get open(): boolean {
    return this.#undo !== undefined
  }

  /** How to undo the step about to be done; only while {@link Transaction.open}. */
  undo(step: () => void): void {
    this.#undo?.push(step)
  }

  /** Tells of a change: now, or when the open transaction succeeds. */
  emit(change: RegistryChange): void {
    if (this.open) this.#changes.push(change)
    else this.#emit(change)
  }

  /** Runs `steps`; when they refuse or throw, everything they did is undone and nobody is told. */
  run<Value, Code extends string>(steps: () => Outcome<Value, Code>): Outcome<Value, Code> {
    if (this.open) return steps()
    this.#undo = []
    let succeeded = false
    try {
      const outcome = steps()
      succeeded = outcome.ok
      return outcome
    } finally {
      const undo = this.#undo
      const changes = this.#changes
      this.#undo = undefined
      this.#changes = []
      if (succeeded) for (const change of changes) this.#emit(change)
      else for (const step of undo.reverse()) step()
    }
  }
}
