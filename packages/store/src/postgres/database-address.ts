import type { ClientConfig } from 'pg'
import { reasonOf } from '../sqlite-store.ts'

/** How a database is called in messages: without what is secret. */
export function addressOf({ host, port, database }: ClientConfig): string {
  return `postgres://${host ?? 'localhost'}:${port ?? 5432}/${database ?? ''}`
}

/** What whoever starts a core is told of a database that it cannot use. */
export function cannotBeUsed(config: ClientConfig, cause: unknown): Error {
  return new Error(`the database ${addressOf(config)} cannot be used: ${reasonOf(cause)}`, {
    cause,
  })
}
