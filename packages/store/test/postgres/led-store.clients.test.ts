/** The store on PostgreSQL: the contract of every store, and the way from one version to the next. */
import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { JobsState } from '@muster/jobs'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { RandomFleet, step } from '../../../jobs/test/random-fleet.ts'
import { SCHEMA_VERSION, type LedStore } from '../../src/index.ts'
import { openPostgresStore } from '../../src/postgres/index.ts'
import { DatabaseConnection } from '../../src/postgres/database-connection.ts'
import { LEADER_TABLE, makeTables, SCHEMA } from '../../src/postgres/database-schema.ts'
import { readShapes } from '../../src/postgres/table-shape.ts'
import { prepareSchema } from '../../src/schema.ts'
import { SCHEMA_VERSIONS } from '../../src/schema-versions.ts'
import { jobsStateContract, sampleExecution, sampleJob } from '../state-contract.ts'
import { connectionOf, contentIn, contentOf, ledStores, settled } from './led-stores.ts'

const { cluster, newFile, open } = ledStores()

it('what a leader committed is what the next one finds, text as text and bytes as bytes', async () => {
  const url = await cluster().newDatabase()
  const first = await open(url)
  expect(first.isNew).toBe(true)
  first.records.put('kind', 'text', 'ä "quoted" \\ \n 2 \u{1F600}')
  first.records.put('kind', 'bytes', new Uint8Array([0, 1, 255]))
  first.records.put('kind', 'empty', '')
  first.records.put('kind', 'gone', 'x')
  first.jobs.putJob(sampleJob('J1'))
  first.jobs.insertExecution(sampleExecution(1, 'J1', 'T1', { statusDetails: { step: 'ü' } }))
  first.jobs.putDue('timeout/J1/1/T1', 1_790_000_000_000)
  first.jobs.queueTargets('J1', ['T2', 'T3'])
  first.shadows.put('T1', '', { version: 3, state: '{}', metadata: '{}', delta: undefined })
  first.commit()
  first.records.delete('kind', 'gone')
  first.commit()
  await settled(first)
  await first.close()
  const second = await open(url)
  expect(second.isNew).toBe(false)
  expect([...second.records.load('kind')]).toEqual([
    { key: 'bytes', value: new Uint8Array([0, 1, 255]) },
    { key: 'empty', value: '' },
    { key: 'text', value: 'ä "quoted" \\ \n 2 \u{1F600}' },
  ])
  expect(second.jobs.job('J1')).toEqual(sampleJob('J1'))
  expect(second.jobs.pending('T1', undefined, 10)).toEqual([
    sampleExecution(1, 'J1', 'T1', { statusDetails: { step: 'ü' } }),
  ])
  expect(second.jobs.nextDueAtMs()).toBe(1_790_000_000_000)
  expect(second.jobs.countTargets('J1')).toBe(2)
  expect(second.shadows.get('T1', '')).toMatchObject({ version: 3 })
  expect(second.figures.epoch).toBe(2)
})

it('operators read the fleet with SQL, in the same tables', async () => {
  const url = await cluster().newDatabase()
  const store = await open(url)
  store.jobs.putJob(sampleJob('J1'))
  for (const order of [1, 2, 3]) {
    store.jobs.insertExecution(sampleExecution(order, 'J1', `T${order}`))
  }
  store.jobs.updateExecution({ ...sampleExecution(2, 'J1', 'T2'), status: 'SUCCEEDED' })
  store.commit()
  await settled(store)
  const text = 'SELECT status, count(*)::int FROM muster.executions GROUP BY status ORDER BY status'
  expect(await cluster().query(url, text)).toEqual([
    { status: 'QUEUED', count: 2 },
    { status: 'SUCCEEDED', count: 1 },
  ])
})

it('what a failed batch wrote is nowhere', async () => {
  const url = await cluster().newDatabase()
  const store = await open(url)
  store.records.put('kind', 'kept', '1')
  store.commit()
  store.records.put('kind', 'forgotten', '1')
  store.rollback()
  const failing = (): never => {
    throw new Error('in the middle')
  }
  expect(() =>
    store.jobs.wholly?.(() => {
      store.records.put('kind', 'half', '1')
      failing()
    }),
  ).toThrow('in the middle')
  store.records.put('kind', 'after', '1')
  store.commit()
  await settled(store)
  const rows = await cluster().query(
    url,
    "SELECT key FROM muster.records WHERE kind = 'kind' ORDER BY key",
  )
  expect(rows.map(({ key }) => key)).toEqual(['after', 'kept'])
})

describe('the contract, and after each case the database holds what the copy does', () => {
  let url: string
  let store: LedStore
  let copyFile: string
  beforeAll(async () => {
    url = await cluster().newDatabase()
    copyFile = newFile()
    store = (await openPostgresStore({ connection: connectionOf(url), copyFile })).store
  })
  afterAll(() => store.close())
  afterEach(async () => {
    store.commit()
    await settled(store)
    expect(await contentIn(url, newFile())).toEqual(contentOf(copyFile))
  })
  const emptied = (): JobsState => {
    store.reset()
    return store.jobs
  }
  jobsStateContract('PostgreSQL', emptied)
})

it('random steps with another leader between them keep every invariant', async () => {
  const led = fc.record({ one: step, next: fc.integer({ min: 0, max: 5 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(led, { minLength: 5, maxLength: 30 }), async (steps) => {
      const url = await cluster().newDatabase()
      const opened = { connection: connectionOf(url), bounds: { leaseMs: 100 } }
      let copyFile = newFile()
      let { store } = await openPostgresStore({ ...opened, copyFile })
      const fleet = new RandomFleet(store.jobs, 2)
      for (const { one, next } of steps) {
        fleet.take(one)
        store.commit()
        if (next > 0) continue
        const before = contentOf(copyFile)
        await store.close()
        copyFile = newFile()
        store = (await openPostgresStore({ ...opened, copyFile })).store
        expect(contentOf(copyFile)).toEqual(before)
        fleet.restart(store.jobs)
      }
      await store.close()
    }),
    { numRuns: 5 },
  )
})

describe.each(SCHEMA_VERSIONS.slice(1).map((_, index) => index + 1))('version %i', (version) => {
  const sql = readFileSync(new URL(`../versions/${version}.sql`, import.meta.url), 'utf8')

  it('of a file is taken over by an empty database, moved forward', async () => {
    const url = await cluster().newDatabase()
    const formerFile = newFile()
    const old = new DatabaseSync(formerFile)
    old.exec(sql)
    old.close()
    const store = await open(url, { formerFile })
    expect([store.isNew, store.records.get('thing', 'T1')]).toEqual([
      false,
      '{"thingName":"T1","version":1}',
    ])
    expect([existsSync(formerFile), existsSync(`${formerFile}-former`)]).toEqual([false, true])
    await store.close()
    const again = await open(url)
    expect(again.records.get('thing', 'T1')).toBe('{"thingName":"T1","version":1}')
  })

  it('of a database moves forward with all that it holds', async () => {
    const url = await cluster().newDatabase()
    const file = newFile()
    const old = new DatabaseSync(file)
    prepareSchema(old, file, SCHEMA_VERSIONS.slice(0, version))
    const connection = await DatabaseConnection.open(connectionOf(url))
    await connection.run(LEADER_TABLE)
    await connection.run(makeTables(readShapes(old)))
    await connection.run(
      `UPDATE ${SCHEMA}.leader SET schema_version = ${version};
       INSERT INTO ${SCHEMA}.records VALUES ('thing', 'T1', '{"version":1}', NULL)`,
    )
    await connection.close()
    old.close()
    const store = await open(url)
    expect(store.records.get('thing', 'T1')).toBe('{"version":1}')
    store.shadows.put('T1', '', { version: 1, state: '{}', metadata: '{}', delta: undefined })
    store.commit()
    await settled(store)
    const rows = await cluster().query(url, 'SELECT schema_version FROM muster.leader')
    expect(rows).toEqual([{ schema_version: SCHEMA_VERSION }])
  })
})

it('a database of a newer program is refused, and its leader’s row stays as it is', async () => {
  const url = await cluster().newDatabase()
  await (await open(url)).close()
  await cluster().query(url, `UPDATE muster.leader SET schema_version = ${SCHEMA_VERSION + 1}`)
  await expect(open(url)).rejects.toThrow(
    `has schema version ${SCHEMA_VERSION + 1}, newer than ${SCHEMA_VERSION}`,
  )
  const rows = await cluster().query(url, 'SELECT epoch::int, released FROM muster.leader')
  expect(rows).toEqual([{ epoch: 1, released: true }])
})

it('a database that cannot be used is named, without what is secret', async () => {
  const url = await cluster().newDatabase()
  const connection = { ...connectionOf(url), database: 'nowhere', password: 'secret' }
  const opening = openPostgresStore({ connection, copyFile: newFile() })
  await expect(opening).rejects.toThrow(
    /^the database postgres:\/\/127\.0\.0\.1:\d+\/nowhere cannot be used: database "nowhere" does not exist$/,
  )
})
