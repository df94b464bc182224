/** A view that redraws itself on a terminal, in the pieces that all of them have. */

const BAR_WIDTH = 30

/** Where a view is drawn. */
export interface ViewStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Lines that take the place of those drawn before. */
export class RedrawnLines {
  readonly #stream: ViewStream
  #drawn = 0

  constructor(stream: ViewStream) {
    this.#stream = stream
  }

  draw(lines: readonly string[]): void {
    const width = (this.#stream.columns ?? 100) - 1
    const erase = this.#drawn > 0 ? `\u001B[${this.#drawn}A\u001B[J` : ''
    this.#stream.write(`${erase}${lines.map((line) => line.slice(0, width)).join('\n')}\n`)
    this.#drawn = lines.length
  }

  /** What is drawn now stays. */
  leave(): void {
    this.#drawn = 0
  }
}

/** A name and what is said of it. */
export function viewRow(name: string, ...cells: readonly string[]): string {
  return `${name.padEnd(11)} ${cells.filter((cell) => cell !== '').join('  ')}`
}

/** @param share - from 0 to 1 */
export function progressBar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH)
  return `[${'█'.repeat(full)}${'·'.repeat(BAR_WIDTH - full)}]`
}
