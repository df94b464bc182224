/**
 * The conformance scenarios against the engine alone, in memory.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseScenarios, runScenario } from '@muster/conformance'
import { expect, it } from 'vitest'
import { MemoryJobsState } from '../src/index.ts'
import { EngineTarget } from './engine-target.ts'

const folder = new URL('./scenarios/', import.meta.url)
const scenarios = readdirSync(folder).flatMap((file) =>
  parseScenarios(readFileSync(new URL(file, folder), 'utf8')),
)
const target = new EngineTarget({ newState: () => new MemoryJobsState() })

it.for(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
  '%s: %s',
  async ([, , scenario]) => {
    expect(await runScenario(scenario, target)).toMatchObject({ pass: true })
  },
)
