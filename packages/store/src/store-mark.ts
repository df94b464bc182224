/**
 * What is known of a store beside it: that there was one, and whether it was closed in good order. So a
 * store that is missing, emptied or cut is told from a new one.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'

/** A store that is not where it was. */
export class StoreGoneError extends Error {
  override readonly name = 'StoreGoneError'
}

/** The mark of one store file. */
export class StoreMark {
  readonly #file: string
  readonly #mark: string

  constructor(file: string) {
    this.#file = file
    this.#mark = `${file}-mark`
  }

  /**
   * Looks at the files before anybody opens them.
   *
   * @returns what was lost of the last commits, for the user; undefined when nothing is known to be
   * @throws StoreGoneError when there was a store and it is missing or empty
   */
  check(): string | undefined {
    if (!existsSync(this.#mark)) return undefined
    const bytes = existsSync(this.#file) ? statSync(this.#file).size : undefined
    if (bytes === undefined || bytes === 0) {
      throw new StoreGoneError(
        `the database ${this.#file} is ${bytes === 0 ? 'empty' : 'missing'}, but there was one: put ` +
          `it back, or remove ${this.#mark} to start with nothing`,
      )
    }
    return this.#wasClosed() ? undefined : lostOfLog(this.#file)
  }

  /** The store is open: from now on it has a log, until {@link closed}. */
  opened(): void {
    this.#write('open')
  }

  /** The store was closed in good order: all of it is in its file. */
  closed(): void {
    this.#write('closed')
  }

  #wasClosed(): boolean {
    return readFileSync(this.#mark, 'utf8').trim() === 'closed'
  }

  #write(state: 'open' | 'closed'): void {
    const unfinished = `${this.#mark}.new`
    const descriptor = openSync(unfinished, 'w', 0o600)
    try {
      writeSync(descriptor, `${state}\n`)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(unfinished, this.#mark)
  }
}

/** Of a log and of its index: https://www.sqlite.org/walformat.html */
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const LOG_SALT_AT = 16
const INDEX_HEADER_BYTES = 48
const INDEX_PAGE_BYTES_AT = 14
const INDEX_FRAMES_AT = 16
const INDEX_SALT_AT = 32
const SALT_BYTES = 8

/**
 * What a store that was not closed lost of its log. Its index, which outlives the process, says how
 * long the log was.
 */
function lostOfLog(file: string): string | undefined {
  const log = `${file}-wal`
  if (!existsSync(log)) return `its log ${log} is missing`
  const logBytes = statSync(log).size
  const header = firstBytes(log, LOG_HEADER_BYTES)
  const index = firstBytes(`${file}-shm`, INDEX_HEADER_BYTES)
  if (index === undefined) return undefined
  const frames = index.readUInt32LE(INDEX_FRAMES_AT)
  if (frames === 0) return undefined
  if (header === undefined) return `its log ${log} is cut`
  const salt = (bytes: Buffer, at: number): Buffer => bytes.subarray(at, at + SALT_BYTES)
  // Another salt: the log was begun anew, and the index is of the one before.
  if (!salt(index, INDEX_SALT_AT).equals(salt(header, LOG_SALT_AT))) return undefined
  const page = index.readUInt16LE(INDEX_PAGE_BYTES_AT)
  // 65,536 does not fit.
  const pageBytes = page === 1 ? 65_536 : page
  const wholeBytes = LOG_HEADER_BYTES + frames * (FRAME_HEADER_BYTES + pageBytes)
  return logBytes < wholeBytes ? `its log ${log} is cut` : undefined
}

/** undefined when the file is missing or shorter. */
function firstBytes(file: string, byteLength: number): Buffer | undefined {
  if (!existsSync(file)) return undefined
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(byteLength)
    return readSync(descriptor, bytes) === byteLength ? bytes : undefined
  } finally {
    closeSync(descriptor)
  }
}
