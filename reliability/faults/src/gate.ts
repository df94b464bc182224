/** Holds everybody back while the server is held against the account. */

/** Open at first. */
export class Gate {
  #closed: Promise<void> | undefined
  #reopen = (): void => {}

  /** Resolves when whoever comes may go on; at once where nobody holds them back. */
  passed(): Promise<void> {
    return this.#closed ?? Promise.resolve()
  }

  close(): void {
    if (this.#closed !== undefined) return
    this.#closed = new Promise((resolve) => (this.#reopen = resolve))
  }

  open(): void {
    this.#closed = undefined
    this.#reopen()
  }
}
