/** The conformance scenarios against the engine on PostgreSQL, in slices of two executions. */
import { readdirSync, readFileSync } from 'node:fs'
import { parseScenarios, runScenario } from '@muster/conformance'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EngineTarget } from '../../../jobs/test/engine-target.ts'
import type { LedStore } from '../../src/index.ts'
import { openPostgresStore } from '../../src/postgres/index.ts'
import { connectionOf, contentIn, contentOf, ledStores, settled } from './led-stores.ts'

const folder = new URL('../../../jobs/test/scenarios/', import.meta.url)
const scenarios = readdirSync(folder).flatMap((file) =>
  parseScenarios(readFileSync(new URL(file, folder), 'utf8')),
)
const { cluster, newFile } = ledStores()
let store: LedStore
let url: string
let copyFile: string
beforeAll(async () => {
  url = await cluster().newDatabase()
  copyFile = newFile()
  store = (await openPostgresStore({ connection: connectionOf(url), copyFile })).store
})
afterAll(() => store.close())

it.for(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
  '%s: %s',
  async ([, , scenario]) => {
    const target = new EngineTarget({
      newState: () => {
        store.reset()
        return store.jobs
      },
      limits: { sliceExecutions: 2 },
    })
    expect(await runScenario(scenario, target)).toMatchObject({ pass: true })
    store.commit()
    await settled(store)
    expect(await contentIn(url, newFile())).toEqual(contentOf(copyFile))
  },
)
