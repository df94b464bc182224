/**
 * The conformance scenarios against the engine alone, in memory.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseScenarios } from '../../testkit/src/scenario-format.ts'
import { runScenario } from '../../testkit/src/scenario-runner.ts'
import { MemoryJobsState } from '../src/index.ts'
import { EngineTarget } from './engine-target.ts'

const file = new URL('./scenarios/jobs.json', import.meta.url)
const scenarios = parseScenarios(readFileSync(file, 'utf8'))
const target = new EngineTarget({ newState: () => new MemoryJobsState() })

it.for(scenarios.map((scenario) => [scenario.id, scenario.title, scenario] as const))(
  '%s: %s',
  async ([, , scenario]) => {
    expect(await runScenario(scenario, target)).toMatchObject({ pass: true })
  },
)
