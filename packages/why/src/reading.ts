/** Operations whose refusal is a fact too: what could not be read. */

/** One gathering of facts. */
export class Reading {
  readonly #notRead = new Map<string, string>()

  /** What was refused, once an operation: `DescribeJob: AccessDeniedException`. */
  get notRead(): readonly string[] {
    return [...this.#notRead].map(([operation, why]) => `${operation}: ${why}`)
  }

  /**
   * @returns undefined where there is no such resource
   * @throws whatever else goes wrong
   */
  async orAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer
    } catch (cause) {
      if (nameOf(cause) === 'ResourceNotFoundException') return undefined
      throw cause
    }
  }

  /**
   * @param operation - its name, for {@link notRead}
   * @returns undefined where the service refuses
   * @throws what the SDK throws when it does not answer
   */
  async orNone<T>(operation: string, answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      const name = nameOf(cause)
      if (name !== 'ResourceNotFoundException') this.#notRead.set(operation, name)
      return undefined
    }
  }
}

function isRefusal(cause: unknown): boolean {
  const { $metadata } = cause as { readonly $metadata?: { readonly httpStatusCode?: number } }
  return $metadata?.httpStatusCode !== undefined
}

function nameOf(cause: unknown): string {
  return cause instanceof Error ? cause.name : String(cause)
}
