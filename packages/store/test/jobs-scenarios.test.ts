/**
 * The conformance scenarios against the engine on SQLite, in slices of two executions.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseScenarios, runScenario } from '@muster/conformance'
import { afterAll, expect, it } from 'vitest'
import { EngineTarget } from '../../jobs/test/engine-target.ts'
import { openStore } from '../src/index.ts'

const folder = new URL('../../jobs/test/scenarios/', import.meta.url)
const scenarios = readdirSync(folder).flatMap((file) =>
  parseScenarios(readFileSync(new URL(file, folder), 'utf8')),
)
const store = openStore()
const target = new EngineTarget({
  newState: () => {
    store.reset()
    return store.jobs
  },
  limits: { sliceExecutions: 2 },
})

afterAll(() => store.close())

it.for(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
  '%s: %s',
  async ([, , scenario]) => {
    expect(await runScenario(scenario, target)).toMatchObject({ pass: true })
  },
)
