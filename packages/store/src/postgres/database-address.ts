import type { ClientConfig } from 'pg'

/** How a database is called in messages: without what is secret. */
export function addressOf({ host, port, database }: ClientConfig): string {
  return `postgres://${host ?? 'localhost'}:${port ?? 5432}/${database ?? ''}`
}
