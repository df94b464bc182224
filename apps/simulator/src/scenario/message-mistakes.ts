/** What the schema cannot say of telemetry, subscriptions and shapes. */
import { DEFAULT_PAYLOAD } from './messages.ts'
import type { DeviceGroup, Phase, Scenario } from './scenario.ts'
import type { Shape } from './shape.ts'
import type { StoryMistake } from './story-mistake.ts'
import { parseTemplate, payloadText, type Template } from './template.ts'
import { filterMistake } from './topic-filter.ts'

type Path = readonly (string | number)[]

/** A topic has at most so many slashes (gateway G30). */
const SLASHES_MAX = 7

/** Finds the mistakes. */
export function messageMistakes({ groups, phases = [] }: Scenario): StoryMistake[] {
  return [
    ...groups.flatMap((group, index) => groupMistakes(group, ['groups', index])),
    ...unstarted(groups, phases),
    ...phases.flatMap((phase, index) => phaseMistakes(phase, ['phases', index])),
  ]
}

function groupMistakes(group: DeviceGroup, path: Path): StoryMistake[] {
  const { connection, module, subscriptions = [], telemetry = [] } = group
  const mistakes: StoryMistake[] = []
  for (const [index, { payload, rate, topic, userProperties }] of telemetry.entries()) {
    const at = [...path, 'telemetry', index]
    mistakes.push(...topicMistakes(topic, [...at, 'topic']))
    mistakes.push(...templateMistakes(payloadText(payload ?? DEFAULT_PAYLOAD), [...at, 'payload']))
    for (const [name, value] of Object.entries(userProperties ?? {})) {
      mistakes.push(...templateMistakes(value, [...at, 'userProperties', name]))
    }
    if (userProperties !== undefined && String(connection?.mqttVersion) !== '5') {
      const message = "expected `connection: { mqttVersion: '5' }` in a group with user properties"
      mistakes.push({ path: [...at, 'userProperties'], message })
    }
    mistakes.push(...unlimited(rate.shape, [...at, 'rate', 'shape']))
  }
  for (const [index, { filter }] of subscriptions.entries()) {
    mistakes.push(...filterMistakes(filter, [...path, 'subscriptions', index, 'filter']))
  }
  if (subscriptions.length > 0 && connection?.protocol === 'https') {
    const message = 'expected devices over MQTT: nothing is delivered over HTTPS'
    mistakes.push({ path: [...path, 'subscriptions'], message })
  }
  for (const [index, topic] of (module?.topics ?? []).entries()) {
    mistakes.push(...topicMistakes(topic, [...path, 'module', 'topics', index]))
  }
  return mistakes
}

function topicMistakes(topic: string, path: Path): StoryMistake[] {
  const levels = topic.startsWith('$') && !topic.startsWith('${') ? 0 : topic.split('/').length
  if (levels <= SLASHES_MAX + 1) return templateMistakes(topic, path)
  return [{ path, message: `expected at most ${SLASHES_MAX} slashes in a topic` }]
}

function filterMistakes(filter: string, path: Path): StoryMistake[] {
  const template = templateOf(filter)
  if (typeof template === 'string') return [{ path, message: template }]
  if (!template.isFixed) {
    return [{ path, message: 'expected no placeholder but `${thing}` and `${group}` in a filter' }]
  }
  const expected = filterMistake(template.pattern('group', 'thing', ''))
  return expected === undefined ? [] : [{ path, message: `expected ${expected}` }]
}

function templateMistakes(text: string, path: Path): StoryMistake[] {
  const template = templateOf(text)
  return typeof template === 'string' ? [{ path, message: template }] : []
}

/** The template, or what is wrong with it. */
function templateOf(text: string): Template | string {
  try {
    return parseTemplate(text)
  } catch (cause) {
    return (cause as Error).message
  }
}

/** A rate has no end of its own that a shape could take its length from. */
function unlimited(shape: Shape | undefined, path: Path): StoryMistake[] {
  if (shape === undefined || shape.kind === 'spike' || shape.overSeconds !== undefined) return []
  return [{ path, message: `expected \`overSeconds\` with \`kind: ${shape.kind}\` of a rate` }]
}

/** Telemetry that nothing begins. */
function unstarted(groups: readonly DeviceGroup[], phases: readonly Phase[]): StoryMistake[] {
  const started = phases.flatMap((phase) =>
    'telemetry' in phase ? [phase.telemetry.groups ?? groups.map(({ name }) => name)] : [],
  )
  return groups.flatMap(({ name, telemetry }, index) => {
    if (telemetry === undefined || started.some((names) => names.includes(name))) return []
    const message = `expected a \`telemetry\` phase that lets \`${name}\` publish`
    return [{ path: ['groups', index, 'telemetry'], message }]
  })
}

function phaseMistakes(phase: Phase, path: Path): StoryMistake[] {
  if ('telemetry' in phase && phase.telemetry.stop === true) {
    if (phase.telemetry.forSeconds === undefined) return []
    const message = 'expected either `stop` or `forSeconds`'
    return [{ path: [...path, 'telemetry', 'stop'], message }]
  }
  if (!('connect' in phase)) return []
  const { overSeconds = 0, perSecond, shape } = phase.connect
  if (perSecond !== undefined && overSeconds > 0) {
    const message = 'expected either `perSecond` or `overSeconds`'
    return [{ path: [...path, 'connect', 'perSecond'], message }]
  }
  if (shape === undefined || overSeconds > 0 || perSecond !== undefined) return []
  const message = 'expected `overSeconds` beside `shape`: all at once has none'
  return [{ path: [...path, 'connect', 'shape'], message }]
}
