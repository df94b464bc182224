/**
 * What the schema cannot say of a scenario: names that refer to each other, shares that add up, an
 * order that makes sense.
 */
import { messageMistakes } from './message-mistakes.ts'
import { parseDuration } from '@muster/clock'
import type { Assertion, Phase, Scenario } from './scenario.ts'
import { shareMistake } from './share-mistakes.ts'
import type { StoryMistake } from './story-mistake.ts'
import { suggestion } from './suggestion.ts'

/** Finds the mistakes of a scenario that its schema takes. */
export function storyMistakes(scenario: Scenario): StoryMistake[] {
  return [
    ...durationMistakes(scenario),
    ...groupMistakes(scenario),
    ...phaseMistakes(scenario),
    ...messageMistakes(scenario),
    ...(scenario.assertions ?? []).flatMap(assertionMistake),
  ]
}

function durationMistakes({ duration }: Scenario): StoryMistake[] {
  if (duration === undefined) return []
  try {
    parseDuration(String(duration))
    return []
  } catch {
    const message = `expected seconds, or a time such as 90s, 30m or 8h, found \`${duration}\``
    return [{ path: ['duration'], message }]
  }
}

function groupMistakes({ groups }: Scenario): StoryMistake[] {
  const mistakes: StoryMistake[] = []
  const names = new Set<string>()
  const shares = (
    path: readonly (string | number)[],
    entries: readonly { readonly share?: number }[],
  ): void => {
    const wrong = shareMistake(entries)
    if (wrong === undefined) return
    mistakes.push({ path: [...path, wrong.index, 'share'], message: wrong.message })
  }
  shares(['groups'], groups)
  for (const [index, { connection, installed, jobs, name, reportedVersion }] of groups.entries()) {
    if (installed !== undefined && connection?.protocol === 'https') {
      const message = 'expected a group over MQTT: shadows are not reported over HTTPS'
      mistakes.push({ path: ['groups', index, 'installed'], message })
    }
    if (reportedVersion !== undefined && connection?.protocol === 'https') {
      const message = 'expected a group over MQTT: shadows are not reported over HTTPS'
      mistakes.push({ path: ['groups', index, 'reportedVersion'], message })
    }
    if (names.has(name)) {
      const message = `a second group named \`${name}\``
      mistakes.push({ path: ['groups', index, 'name'], message })
    }
    names.add(name)
    shares(['groups', index, 'jobs'], jobs ?? [])
  }
  return mistakes
}

function phaseMistakes({ groups, phases = [] }: Scenario): StoryMistake[] {
  const mistakes: StoryMistake[] = []
  const names = groups.map(({ name }) => name)
  let connected = false
  let job = false
  let packageJob = false
  for (const [index, phase] of phases.entries()) {
    const [kind, content] = phaseOf(phase)
    const path = ['phases', index, kind]
    const here = (message: string): void => void mistakes.push({ path, message })
    const steps = Object.keys(phase).filter((key) => key !== 'atSeconds')
    if (steps.length !== 1) {
      const message = `expected exactly one step in a phase, found ${steps.length}`
      mistakes.push({ path: ['phases', index], message })
      continue
    }
    for (const [place, name] of (content.groups ?? []).entries()) {
      if (names.includes(name)) continue
      const message = `no group \`${name}\`: expected one of ${names.join(', ')}${suggestion(name, names)}`
      mistakes.push({ path: [...path, 'groups', place], message })
    }
    const ways = (['groups', 'reportedVersion', 'package'] as const).filter(
      (way) => content[way] !== undefined,
    )
    if (kind === 'job' && ways.length > 1) {
      here(`expected either ${ways.map((way) => `\`${way}\``).join(' or ')}, not both`)
    }
    if (kind === 'job') packageJob ||= content.package !== undefined
    if (kind === 'await' && content.what === 'installed' && !packageJob) {
      here('expected a `job` phase with `package` before this')
    }
    if (kind === 'job') for (const message of otaMistakes(content)) here(message)
    if (kind === 'connect') connected = true
    if (kind === 'job') job = true
    if ((kind === 'storm' || kind === 'drain' || kind === 'telemetry') && !connected) {
      here(`expected a \`connect\` phase before \`${kind}\``)
    }
    const needsJob =
      kind === 'cancelJob' ||
      (kind === 'await' &&
        (content.what === 'job' || (content.what === 'executed' && content.count === undefined)))
    if (needsJob && !job) here('expected a `job` phase before this')
    // Without a count all targets of the job are meant.
    const isOfAll = ['job', 'connected', 'executed', 'installed'].includes(content.what ?? '')
    const needsCount = kind === 'await' && !isOfAll
    if (needsCount && content.count === undefined) {
      here(`expected \`count\` with \`what: ${content.what}\``)
    }
  }
  return mistakes
}

/** Members of a job that an OTA update has no place for. */
const NOT_OF_OTA = ['retry', 'maintenanceWindows', 'startInMinutes', 'endInMinutes'] as const

function otaMistakes(job: PhaseContent): string[] {
  const mistakes: string[] = []
  if ((job.document === undefined) === (job.ota === undefined)) {
    mistakes.push('expected either `document` or `ota`')
  }
  if (job.ota === undefined) return mistakes
  const [wrong] = NOT_OF_OTA.filter((name) => job[name] !== undefined)
  if (wrong !== undefined) mistakes.push(`an OTA update has no \`${wrong}\``)
  return mistakes
}

function assertionMistake({ equals, metric }: Assertion, index: number): StoryMistake[] {
  const isWord = typeof equals === 'string' && equals !== 'planned'
  if (isWord === (metric === 'jobStatus') || equals === undefined) return []
  const expected = metric === 'jobStatus' ? 'a job status' : 'a number or `planned`'
  const message = `expected ${expected} for \`${metric}\``
  return [{ path: ['assertions', index, 'equals'], message }]
}

/** The members of any phase that checks look at. */
interface PhaseContent {
  readonly groups?: readonly string[]
  readonly what?: string
  readonly reportedVersion?: string
  readonly package?: unknown
  readonly count?: number
  readonly document?: unknown
  readonly ota?: unknown
  readonly retry?: unknown
  readonly maintenanceWindows?: unknown
  readonly startInMinutes?: unknown
  readonly endInMinutes?: unknown
}

function phaseOf(phase: Phase): [string, PhaseContent] {
  for (const [kind, content] of Object.entries(phase)) {
    if (kind !== 'atSeconds') return [kind, content as PhaseContent]
  }
  return ['', {}]
}
