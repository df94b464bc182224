/** Thresholds of a YAML file. */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { scenarios } from '../catalogue.ts'
import type { Threshold } from './threshold.ts'

const BOUNDS = ['max', 'min', 'maxShare', 'equals'] as const

/** What a file asks for: of every scenario, and of some by name. */
export interface AskedThresholds {
  readonly every: readonly Threshold[]
  readonly byScenario: ReadonlyMap<string, readonly Threshold[]>
}

/**
 * Reads `measure: bound` lines, where a bound is a number (at most), or `max`, `min`, `maxShare` (of
 * what is offered), `equals`; below `scenarios` those of one.
 *
 * @throws Error naming the file, the place and what was expected
 */
export function readThresholds(file: string): AskedThresholds {
  return parseThresholds(readFileSync(file, 'utf8'), file)
}

/** @throws Error as {@link readThresholds} does */
export function parseThresholds(text: string, file: string): AskedThresholds {
  let read: unknown
  try {
    read = parse(text)
  } catch (cause) {
    throw new Error(`${file}: not YAML: ${(cause as Error).message}`, { cause })
  }
  const { scenarios: named = {}, ...every } = mapping(read, file, 'a mapping of measures')
  const known = new Set(scenarios.map(({ name }) => name))
  const sections = Object.entries(mapping(named, `${file}: scenarios`, 'a mapping of scenarios'))
  return {
    every: thresholdsIn(every, file),
    byScenario: new Map(
      sections.map(([name, section]) => {
        const place = `${file}: scenarios: ${name}`
        if (!known.has(name)) {
          throw new Error(`${place}: no such scenario, expected ${[...known].join(', ')}`)
        }
        return [name, thresholdsIn(mapping(section, place, 'a mapping of measures'), place)]
      }),
    ),
  }
}

/** The defaults, with what a file says in their place, and after them what it says beside. */
export function thresholdsFor(
  scenario: string,
  defaults: readonly Threshold[],
  asked: AskedThresholds | undefined,
): Threshold[] {
  const all = new Map(defaults.map((threshold) => [threshold.measure, threshold]))
  const more = [...(asked?.every ?? []), ...(asked?.byScenario.get(scenario) ?? [])]
  for (const threshold of more) all.set(threshold.measure, threshold)
  return [...all.values()]
}

function thresholdsIn(section: Record<string, unknown>, place: string): Threshold[] {
  return Object.entries(section).map(([measure, value]) => {
    const bound = typeof value === 'number' ? { max: value } : value
    const where = `${place}: ${measure}`
    const bounds = mapping(bound, where, `a number, or ${BOUNDS.join(', ')}`)
    for (const [name, limit] of Object.entries(bounds)) {
      if (!BOUNDS.some((one) => one === name)) {
        throw new Error(`${where}: no bound \`${name}\`, expected ${BOUNDS.join(', ')}`)
      }
      const wanted = name === 'equals' ? 'string' : 'number'
      if (typeof limit !== wanted) throw new Error(`${where}: ${name}: expected a ${wanted}`)
    }
    if (Object.keys(bounds).length === 0) {
      throw new Error(`${where}: expected ${BOUNDS.join(', ')}`)
    }
    return { measure, ...bounds, isAsked: true }
  })
}

function mapping(value: unknown, place: string, expected: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new Error(`${place}: expected ${expected}`)
}
