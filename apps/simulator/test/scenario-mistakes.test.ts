/**
 * Each kind of mistake in a scenario file: where it is said to be, and what was expected.
 */
import { expect, it } from 'vitest'
import { loadScenario, parseScenario, readyScenarios, ScenarioError } from '../src/index.ts'

const head = 'name: x\ngroups:\n  - name: a\n'

// [what is wrong, text, message]
it.each([
  ['not YAML', 'name: [x\n', /^s\.yaml:\d+:\d+: not YAML: /],
  ['an alias of nothing', 'name: x\ngroups: *all\n', /^s\.yaml:2:9: not YAML: Unresolved alias/],
  [
    'aliases of aliases',
    `name: x
a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
d: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
`,
    /^s\.yaml:1:1: not YAML: Excessive alias count/,
  ],
  ['a list instead of a map', '- a\n', 's.yaml:1:1: scenario: expected object'],
  ['a missing member', 'name: x\n', 's.yaml:1:1: scenario lacks `groups`'],
  [
    'an unknown member',
    `${head}    colour: red\n`,
    /^s\.yaml:4:5: unknown member `colour` in `groups\.0`: expected one of name, share, thingType/,
  ],
  [
    'a wrong type',
    `${head}devices: many\n`,
    's.yaml:4:1: `devices`: expected integer, found `many`',
  ],
  [
    'a word that is not one of',
    `${head}    jobs: [{ behaviour: explode }]\n`,
    /^s\.yaml:4:14: `groups\.0\.jobs\.0\.behaviour`: expected one of succeed, fail, .*, found `explode`/,
  ],
  [
    'a number out of range',
    `${head}    share: 0\n`,
    's.yaml:4:5: `groups.0.share`: expected a number > 0, found `0`',
  ],
  [
    'a bad name',
    'name: Über\ngroups: [{ name: a }]\n',
    /^s\.yaml:1:1: `name`: expected text like .*, found `Über`/,
  ],
  ['no groups', 'name: x\ngroups: []\n', 's.yaml:2:1: `groups`: expected at least one entry'],
  [
    'an unknown distribution',
    `${head}    jobs: [{ behaviour: succeed, durationSeconds: { distribution: pareto } }]\n`,
    /expected one of uniform, normal, lognormal, exponential, found `pareto`/,
  ],
  [
    'a distribution that lacks a parameter',
    `${head}    jobs: [{ behaviour: succeed, durationSeconds: { distribution: uniform, min: 1 } }]\n`,
    /durationSeconds` lacks `max`/,
  ],
  [
    'an MQTT version that is none',
    `${head}    connection: { mqttVersion: 4 }\n`,
    /mqttVersion`: expected one of 3\.1\.1, 5, found `4`$/,
  ],
  [
    'a misspelt member',
    `${head}    conection: { protocol: mqtt }\n`,
    /^s\.yaml:4:5: unknown member `conection` in .*; did you mean `connection`\?$/,
  ],
  [
    'a misspelt word',
    `${head}    jobs: [{ behaviour: succed }]\n`,
    /found `succed`; did you mean `succeed`\?$/,
  ],
  [
    'a misspelt group',
    'name: x\ngroups:\n  - name: gateways\nphases:\n  - connect: {}\n  - storm: { groups: [gateway] }\n',
    's.yaml:6:23: no group `gateway`: expected one of gateways; did you mean `gateways`?',
  ],
  [
    'fractions of groups above the whole',
    'name: x\ngroups:\n  - { name: a, share: 0.7 }\n  - { name: b, share: 0.4 }\n',
    's.yaml:4:16: expected fractions that sum to at most 1, or whole numbers as weights: these sum to 1.1',
  ],
  [
    'fractions of behaviours above the whole',
    `${head}    jobs: [{ behaviour: succeed, share: 0.9 }, { behaviour: fail, share: 0.2 }]\n`,
    's.yaml:4:67: expected fractions that sum to at most 1, or whole numbers as weights: these sum to 1.1',
  ],
  ['two groups of one name', `${head}  - name: a\n`, 's.yaml:4:5: a second group named `a`'],
  [
    'two steps in a phase',
    `${head}phases:\n  - connect: {}\n    storm: {}\n`,
    's.yaml:5:5: expected exactly one step in a phase, found 2',
  ],
  [
    'an unknown group in a phase',
    `${head}phases:\n  - connect: {}\n  - storm: { groups: [b] }\n`,
    's.yaml:6:23: no group `b`: expected one of a',
  ],
  [
    'a storm before anything connects',
    `${head}phases:\n  - storm: {}\n`,
    's.yaml:5:5: expected a `connect` phase before `storm`',
  ],
  [
    'waiting for a job that is not',
    `${head}phases:\n  - await: { what: job }\n`,
    's.yaml:5:5: expected a `job` phase before this',
  ],
  [
    'waiting for all targets of a job that is not',
    `${head}phases:\n  - await: { what: executed }\n`,
    's.yaml:5:5: expected a `job` phase before this',
  ],
  [
    'a job on groups and on a version',
    `${head}phases:\n  - job: { document: {}, groups: [a], reportedVersion: 1.0.0 }\n`,
    's.yaml:5:5: expected either `groups` or `reportedVersion`, not both',
  ],
  [
    'a version reported over HTTPS',
    `${head}    reportedVersion: 1.0.0\n    connection: { protocol: https }\n`,
    's.yaml:4:5: expected a group over MQTT: shadows are not reported over HTTPS',
  ],
  [
    'a job on a version and on a package',
    `${head}phases:\n  - job: { document: {}, package: { name: a, from: '1', to: '2' }, reportedVersion: 1.0.0 }\n`,
    's.yaml:5:5: expected either `reportedVersion` or `package`, not both',
  ],
  [
    'waiting for a package that no job brings',
    `${head}phases:\n  - job: { document: {} }\n  - await: { what: installed }\n`,
    's.yaml:6:5: expected a `job` phase with `package` before this',
  ],
  [
    'packages reported over HTTPS',
    `${head}    installed: { package: a, version: '1' }\n    connection: { protocol: https }\n`,
    's.yaml:4:5: expected a group over MQTT: shadows are not reported over HTTPS',
  ],
  [
    'waiting for how many',
    `${head}phases:\n  - await: { what: denials }\n`,
    's.yaml:5:5: expected `count` with `what: denials`',
  ],
  [
    'an assertion of the wrong kind',
    `${head}assertions:\n  - { metric: failed, equals: FAILED }\n`,
    's.yaml:5:23: expected a number or `planned` for `failed`',
  ],
  [
    'a time that is none',
    `duration: a while\n${head}`,
    's.yaml:1:1: expected seconds, or a time such as 90s, 30m or 8h, found `a while`',
  ],
  [
    'telemetry that nothing begins',
    `${head}    telemetry: [{ topic: t, rate: { perSecond: 1 } }]\n`,
    's.yaml:4:5: expected a `telemetry` phase that lets `a` publish',
  ],
  [
    'telemetry without a rate',
    `${head}    telemetry: [{ topic: t }]\n`,
    's.yaml:4:17: `groups.0.telemetry.0` lacks `rate`',
  ],
  [
    'a misspelt placeholder',
    `${head}    telemetry: [{ topic: 't/\${thin}', rate: { perSecond: 1 } }]\n`,
    /^s\.yaml:4:19: no placeholder `\$\{thin\}`: expected one of thing, group, .*; did you mean `thing`\?/,
  ],
  [
    'a placeholder with too little behind it',
    `${head}    telemetry: [{ topic: t, payload: { a: '\${random 3}' }, rate: { perSecond: 1 } }]\n`,
    's.yaml:4:29: `${random 3}`: expected nothing, or LOWEST HIGHEST, or LOWEST HIGHEST DECIMALS after `random`',
  ],
  [
    'a distribution of a rate that is none',
    `${head}    telemetry: [{ topic: t, rate: { perSecond: 1, distribution: normal } }]\n`,
    /`groups\.0\.telemetry\.0\.rate\.distribution`: expected one of constant, poisson, bursts, found `normal`/,
  ],
  [
    'user properties over MQTT 3.1.1',
    `${head}    telemetry: [{ topic: t, userProperties: { a: b }, rate: { perSecond: 1 } }]\n`,
    "s.yaml:4:29: expected `connection: { mqttVersion: '5' }` in a group with user properties",
  ],
  [
    'a topic with wildcards',
    `${head}    telemetry: [{ topic: a/+, rate: { perSecond: 1 } }]\n`,
    /`groups\.0\.telemetry\.0\.topic`: expected text like .*, found `a\/\+`/,
  ],
  [
    'a topic of nine levels',
    `${head}    telemetry: [{ topic: 1/2/3/4/5/6/7/8/9, rate: { perSecond: 1 } }]\n`,
    's.yaml:4:19: expected at most 7 slashes in a topic',
  ],
  [
    'a filter that is none',
    `${head}    subscriptions: [{ filter: 'a/#/b' }]\n`,
    's.yaml:4:23: expected `+` as one whole level, and `#` as the last one',
  ],
  [
    'chance in a filter',
    `${head}    subscriptions: [{ filter: 'a/\${counter}' }]\n`,
    's.yaml:4:23: expected no placeholder but `${thing}` and `${group}` in a filter',
  ],
  [
    'subscriptions over HTTPS',
    `${head}    connection: { protocol: https }\n    subscriptions: [{ filter: a }]\n`,
    's.yaml:5:5: expected devices over MQTT: nothing is delivered over HTTPS',
  ],
  [
    'a shape that is none',
    `${head}phases:\n  - connect: { overSeconds: 1, shape: { kind: square } }\n`,
    's.yaml:5:41: `phases.0.connect.shape.kind`: expected one of linear, steps, spike, sine, found `square`',
  ],
  [
    'a shape that lacks what it is made of',
    `${head}phases:\n  - connect: { overSeconds: 1, shape: { kind: spike, atSeconds: 1 } }\n`,
    /`phases\.0\.connect\.shape` lacks `forSeconds`/,
  ],
  [
    'a shape of connecting all at once',
    `${head}phases:\n  - connect: { shape: { kind: sine } }\n`,
    's.yaml:5:16: expected `overSeconds` beside `shape`: all at once has none',
  ],
  [
    'a rate of connecting beside a time',
    `${head}phases:\n  - connect: { overSeconds: 1, perSecond: 5 }\n`,
    's.yaml:5:32: expected either `perSecond` or `overSeconds`',
  ],
  [
    'a shape of a rate without a length',
    `${head}    telemetry: [{ topic: t, rate: { perSecond: 1, shape: { kind: sine } } }]\n`,
    's.yaml:4:51: expected `overSeconds` with `kind: sine` of a rate',
  ],
  [
    'telemetry before anything connects',
    `${head}phases:\n  - telemetry: {}\n`,
    's.yaml:5:5: expected a `connect` phase before `telemetry`',
  ],
  [
    'telemetry that stops for a while',
    `${head}phases:\n  - connect: {}\n  - telemetry: { stop: true, forSeconds: 1 }\n`,
    's.yaml:6:18: expected either `stop` or `forSeconds`',
  ],
])('%s', (_what, text, message) => {
  expect(() => parseScenario(text, 's.yaml')).toThrow(message)
})

it('lists every mistake, a line each, in order', () => {
  const text = `name: x\ncolour: red\ngroups:\n  - name: a\n    share: -1\n`
  try {
    parseScenario(text, 's.yaml')
    expect.unreachable()
  } catch (cause) {
    expect(cause).toBeInstanceOf(ScenarioError)
    expect((cause as ScenarioError).mistakes.map(({ line }) => line)).toEqual([2, 5])
  }
})

it('names the ready scenarios when there is no such file, and the one that was meant', () => {
  expect(() => loadScenario('no-such')).toThrow(/no scenario `no-such`: expected .* ota-wave/)
  expect(() => loadScenario('no-such')).not.toThrow(/did you mean/)
  expect(() => loadScenario('ota-wav')).toThrow(/did you mean ota-wave\?$/)
})

it('an MQTT version may be a number, as YAML reads an unquoted 5', () => {
  const versionOf = (text: string): unknown =>
    parseScenario(`${head}    connection: { mqttVersion: ${text} }\n`, 's.yaml').groups[0]
      ?.connection?.mqttVersion
  expect([versionOf('5'), versionOf("'5'"), versionOf('3.1.1')]).toEqual(['5', '5', '3.1.1'])
})

it('shares may be whole numbers as weights, fractions of the whole, or left out', () => {
  const groups = (...shares: string[]): string =>
    `name: x\ngroups:\n${shares.map((share, place) => `  - { name: g${place}${share} }\n`).join('')}`
  const fine = [
    groups(', share: 3', ', share: 1'),
    groups(', share: 0.1', ', share: 0.2', ', share: 0.7'),
    groups('', ', share: 0.25'),
  ]
  for (const text of fine) expect(parseScenario(text, 's.yaml').groups.length).toBeGreaterThan(1)
})

it.each(readyScenarios())('ready scenario `%s` is valid and says what it is', (name) => {
  const scenario = loadScenario(name)
  expect(scenario.name).toBe(name)
  expect(scenario.description).toBeTruthy()
})
