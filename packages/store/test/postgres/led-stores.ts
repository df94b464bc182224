/** Stores of leaders on one server, for the tests of one file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { startPostgres, type PostgresCluster } from '@muster/store/testkit'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import type { LedStore } from '../../src/index.ts'
import { openPostgresStore, type PostgresStoreOptions } from '../../src/postgres/index.ts'
import { DatabaseConnection } from '../../src/postgres/database-connection.ts'
import { readShapes } from '../../src/postgres/table-shape.ts'
import { fillCopy } from '../../src/postgres/working-copy.ts'
import { SCHEMA_VERSION } from '../../src/schema.ts'

/** A server and what leads on it. */
export interface LedStores {
  cluster(): PostgresCluster
  newFile(): string
  open(url: string, more?: Partial<PostgresStoreOptions>): Promise<LedStore>
}

/** Declares a server for the file; stores are closed with their tests. */
export function ledStores(): LedStores {
  let cluster: PostgresCluster
  let folder: string
  let files = 0
  beforeAll(async () => {
    cluster = await startPostgres()
    folder = mkdtempSync(join(tmpdir(), 'led-store-'))
  })
  afterAll(async () => {
    await cluster.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const newFile = (): string => {
    files += 1
    return join(folder, `${files}.db`)
  }
  return {
    cluster: () => cluster,
    newFile,
    open: async (url, more = {}) => {
      const { store } = await openPostgresStore({
        connection: connectionOf(url),
        copyFile: newFile(),
        ...more,
      })
      onTestFinished(() => store.close())
      return store
    },
  }
}

/** The parts of an address. */
export function connectionOf(url: string): {
  host: string
  port: number
  user: string
  database: string
} {
  const { hostname, port, username, pathname } = new URL(url)
  return { host: hostname, port: Number(port), user: username, database: pathname.slice(1) }
}

/** Resolves once all that was committed is durable. */
export function settled(store: LedStore): Promise<void> {
  return new Promise((resolve, reject) => {
    store.whenSettled((fault) => {
      if (fault === undefined) resolve()
      else reject(fault.cause instanceof Error ? fault.cause : new Error(String(fault.cause)))
    })
  })
}

/** Every row of every table of a file. */
export function contentOf(file: string): unknown {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const tables = readShapes(database).map(({ name, key }) => [
      name,
      database.prepare(`SELECT * FROM ${name} ORDER BY ${key.join(', ')}`).all(),
    ])
    return Object.fromEntries(tables) as unknown
  } finally {
    database.close()
  }
}

/** Every row of every table that the next leader would load. */
export async function contentIn(url: string, file: string): Promise<unknown> {
  const connection = await DatabaseConnection.open(connectionOf(url))
  try {
    await fillCopy(connection, file, SCHEMA_VERSION)
    return contentOf(file)
  } finally {
    await connection.close()
  }
}
