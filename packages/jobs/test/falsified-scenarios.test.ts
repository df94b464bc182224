/**
 * The runner reports what is wrong: every scenario of a file is made false in one place and must
 * then fail there.
 */
import { readFileSync } from 'node:fs'
import { parseScenarios, runScenario, type Scenario, type Step } from '@muster/conformance'
import { describe, expect, it } from 'vitest'
import { MemoryJobsState } from '../src/index.ts'
import { EngineTarget } from './engine-target.ts'

const file = new URL('./scenarios/jobs.json', import.meta.url)
const scenarios = parseScenarios(readFileSync(file, 'utf8'))
const target = new EngineTarget({ newState: () => new MemoryJobsState() })

function spoiled(step: Step): Step | undefined {
  const { expect: wanted } = step
  if (wanted.messages !== undefined) {
    const [first] = wanted.messages
    const stranger = { thing: first?.thing ?? 'T1', topic: 'notify', payload: { never: true } }
    return { ...step, expect: { ...wanted, messages: [...wanted.messages, stranger] } }
  }
  if (wanted.messages_include !== undefined) {
    const doubled = [...wanted.messages_include, ...wanted.messages_include]
    return { ...step, expect: { ...wanted, messages_include: doubled } }
  }
  if (wanted.received !== undefined) {
    const [client = ''] = Object.keys(wanted.received)
    const message = { thing: 'T1', topic: 'notify', payload: {} }
    return { ...step, expect: { ...wanted, received: { [client]: [message, message] } } }
  }
  if (wanted.body !== undefined) {
    return { ...step, expect: { ...wanted, body: { never: '$present' } } }
  }
  if (wanted.error !== undefined) return { ...step, expect: { ...wanted, error: 'Other' } }
  if (wanted.http !== undefined) return { ...step, expect: { ...wanted, http: 418 } }
  return undefined
}

function cases(): readonly (readonly [string, number, Scenario])[] {
  return scenarios.flatMap((scenario) =>
    scenario.steps.flatMap((step, index) => {
      const bad = spoiled(step)
      if (bad === undefined) return []
      const steps = scenario.steps.with(index, bad)
      return [[scenario.id, index + 1, { ...scenario, steps }] as const]
    }),
  )
}

describe('a false expectation', () => {
  it.for(cases())('%s fails at step %i', async ([, number, scenario]) => {
    expect(await runScenario(scenario, target)).toMatchObject({ pass: false, step: number })
  })
})
