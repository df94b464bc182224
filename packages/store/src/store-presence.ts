/** Whether the files of an open store are still where they were opened. */
import { existsSync, statSync } from 'node:fs'
import { StoreGoneError } from './store-mark.ts'

/**
 * The files of one open store. Systems let go of a name while the file behind it stays open: commits
 * would succeed, and nobody would find what they kept.
 */
export class StorePresence {
  readonly #file: string
  readonly #identity: string

  constructor(file: string) {
    this.#file = file
    this.#identity = identityOf(file) ?? ''
  }

  /** @throws StoreGoneError when the file or its log was removed or replaced */
  check(): void {
    if (this.isThere) return
    throw new StoreGoneError(
      `the database ${this.#file} was removed or replaced while it was open: nothing can be kept in it`,
    )
  }

  get isThere(): boolean {
    return identityOf(this.#file) === this.#identity && existsSync(`${this.#file}-wal`)
  }
}

function identityOf(file: string): string | undefined {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat && `${stat.dev}/${stat.ino}`
}
