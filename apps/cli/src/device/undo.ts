/** What a command has made so far, to be taken back when it cannot finish. */

interface Made {
  readonly what: string
  readonly takeBack: () => unknown
}

/** Things made, in their order. */
export class Undo {
  readonly #made: Made[] = []

  /** Remembers something and how it is taken back. */
  made(what: string, takeBack: () => unknown): void {
    this.#made.push({ what, takeBack })
  }

  /** Whether nothing was made. */
  get empty(): boolean {
    return this.#made.length === 0
  }

  /**
   * Takes everything back, the last first; one that fails does not keep the others.
   *
   * @returns what is left
   */
  async takeBack(): Promise<readonly string[]> {
    const left: string[] = []
    for (const { what, takeBack } of this.#made.splice(0).reverse()) {
      try {
        await takeBack()
      } catch {
        left.push(what)
      }
    }
    return left
  }
}
