import { expect, it } from 'vitest'
import { scenarios, scenarioNamed } from '../src/catalogue.ts'
import { profileNames } from '../src/load-profile.ts'
import { runThresholds } from '../src/thresholds/default-thresholds.ts'
import { brokenText, judge } from '../src/thresholds/judge.ts'
import { parseThresholds, thresholdsFor } from '../src/thresholds/read-thresholds.ts'

const figures = {
  offered: 1000,
  notOffered: 11,
  errors: 0,
  devices: 20,
  principals: 19,
  latencyMs: { p99: 120 },
  server: null,
}

it('a load that was not offered breaks a default threshold of every profile that holds a rate', () => {
  for (const profile of profileNames.filter((name) => name !== 'stress')) {
    const verdicts = judge(figures, runThresholds(scenarioNamed('authorize'), profile))
    expect(verdicts).toContainEqual(
      expect.objectContaining({ measure: 'notOffered', value: 11, held: false }),
    )
  }
})

it('the server must have seen as many principals as there are devices', () => {
  for (const scenario of scenarios) {
    const broken = judge(figures, runThresholds(scenario, 'smoke')).filter(({ held }) => !held)
    const texts = broken.map(brokenText)
    expect(texts).toContain('principals is 19, expected equal to devices (20)')
  }
})

it('bounds are by outcome, by share and by percentile; those of a scenario come last', () => {
  const file = parseThresholds(
    `errors: 3
notOffered: { maxShare: 0.02 }
latencyMs.p99: { max: 100 }
answeredPerSecond: { min: 5 }
scenarios:
  telemetry:
    latencyMs.p99: 200
`,
    'bounds.yaml',
  )
  const broken = (scenario: string): string[] =>
    judge(figures, thresholdsFor(scenario, [], file))
      .filter(({ held }) => !held)
      .map(brokenText)
  expect(broken('authorize')).toEqual([
    'latencyMs.p99 is 120, expected at most 100',
    // What is asked for and not measured has not held.
    'answeredPerSecond is not measured, expected at least 5',
  ])
  expect(broken('telemetry')).toEqual(['answeredPerSecond is not measured, expected at least 5'])
})

it('a threshold of a file takes the place of the default one', () => {
  const file = parseThresholds('notOffered: { maxShare: 0.5 }', 'bounds.yaml')
  const all = thresholdsFor('authorize', runThresholds(scenarioNamed('authorize'), 'smoke'), file)
  expect(all.filter(({ measure }) => measure === 'notOffered')).toHaveLength(1)
  expect(judge(figures, all).find(({ measure }) => measure === 'notOffered')?.held).toBe(true)
})

it.each([
  ['- a', 'bounds.yaml: expected a mapping of measures'],
  ['errors: lots', 'bounds.yaml: errors: expected a number, or max, min, maxShare, equals'],
  ['errors: { most: 3 }', 'bounds.yaml: errors: no bound `most`'],
  ['errors: { max: many }', 'bounds.yaml: errors: max: expected a number'],
  ['errors: {}', 'bounds.yaml: errors: expected max, min, maxShare, equals'],
  ['scenarios: { authorise: { errors: 1 } }', 'scenarios: authorise: no such scenario'],
  ['a: [', 'bounds.yaml: not YAML'],
])('a mistake is named with its place: %s', (text, message) => {
  expect(() => parseThresholds(text, 'bounds.yaml')).toThrow(message)
})
