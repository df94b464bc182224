/**
 * Named records in memory, each change written through to the durable records and undone with the
 * transaction it belongs to.
 */
import { keptJson } from '@muster/model'
import type { Records } from './ports.ts'
import type { Transaction } from './transaction.ts'

/** Told of every change of a row, undone ones included, so that indexes follow. */
export type RowIndex<Row> = (key: string, before: Row | undefined, after: Row | undefined) => void

/** A table as a whole. */
export interface KeptTable {
  /** Reads all rows from the durable records into the empty table. */
  load(): void
}

/** One kind of record. */
export class RecordTable<Row> implements KeptTable {
  readonly #kind: string
  readonly #records: Records
  readonly #transaction: Transaction
  readonly #index: RowIndex<Row> | undefined
  readonly #rows = new Map<string, Row>()

  /**
   * @param kind - name of the kind in the durable records
   * @param index - keeps whatever is derived from the rows in step with them
   */
  constructor(kind: string, records: Records, transaction: Transaction, index?: RowIndex<Row>) {
    this.#kind = kind
    this.#records = records
    this.#transaction = transaction
    this.#index = index
  }

  get size(): number {
    return this.#rows.size
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key)
  }

  has(key: string): boolean {
    return this.#rows.has(key)
  }

  keys(): IterableIterator<string> {
    return this.#rows.keys()
  }

  values(): IterableIterator<Row> {
    return this.#rows.values()
  }

  /** Adds or replaces a row. */
  set(key: string, row: Row): void {
    this.#write(key, this.#rows.get(key), row)
  }

  /** Removes a row; an absent one is no change. */
  delete(key: string): void {
    const before = this.#rows.get(key)
    if (before !== undefined) this.#write(key, before, undefined)
  }

  /** Reads all rows from the durable records into the empty table. */
  load(): void {
    for (const { key, value } of this.#records.load(this.#kind)) {
      const row = keptJson<Row & NonNullable<unknown>>(value, `record ${this.#kind} ${key}`)
      this.#rows.set(key, row)
      this.#index?.(key, undefined, row)
    }
  }

  #write(key: string, before: Row | undefined, after: Row | undefined): void {
    if (this.#transaction.open) this.#transaction.undo(() => this.#apply(key, after, before))
    this.#apply(key, before, after)
  }

  #apply(key: string, before: Row | undefined, after: Row | undefined): void {
    if (after === undefined) {
      this.#rows.delete(key)
      this.#records.delete(this.#kind, key)
    } else {
      this.#rows.set(key, after)
      this.#records.put(this.#kind, key, JSON.stringify(after))
    }
    this.#index?.(key, before, after)
  }
}
