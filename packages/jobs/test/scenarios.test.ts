/**
 * The conformance scenarios against the engine alone, in memory.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseScenarios } from '../../testkit/src/scenario-format.ts'
import { runScenario } from '../../testkit/src/scenario-runner.ts'
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
