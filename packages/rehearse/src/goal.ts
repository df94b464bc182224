/**
 * What a rollout has to keep to: `touched <= 500, done <= 48h`.
 *
 * Terms are joined by commas. A term is a measure, one of `<= < >= >`, and a value: times as `90s`, `30m`,
 * `48h` or `7d`; devices as a number or `1%` of the fleet; probabilities and shares as `5%`.
 */
import { parseDuration } from '@muster/clock'
import { likelyName } from '@muster/model'
import type { Rehearsal } from './rehearse.ts'
import type { SeedResult } from './seed-result.ts'

const MEASURES = {
  done: 'time',
  done50: 'time',
  done90: 'time',
  done99: 'time',
  done100: 'time',
  touched: 'devices',
  harmed: 'devices',
  succeeded: 'devices',
  abort: 'share',
} as const

/** What can be asked for. */
export type Measure = keyof typeof MEASURES

type Comparison = '<=' | '<' | '>=' | '>'

/** One thing that is asked for. */
export interface GoalTerm {
  readonly measure: Measure
  readonly comparison: Comparison
  /** Seconds, devices or a share from 0 to 1. */
  readonly value: number
  /** Whether the value is a share of the fleet's devices. */
  readonly ofFleet: boolean
  /** As it was written. */
  readonly text: string
}

/** A term with what came of it. */
export interface JudgedTerm {
  readonly text: string
  readonly met: boolean
  /** Of the worst seed; undefined for what was not reached. */
  readonly value: number | undefined
  readonly measure: Measure
}

/**
 * Reads a goal.
 *
 * @throws RangeError naming the term and what was expected
 */
export function parseGoal(text: string): readonly GoalTerm[] {
  return text.split(',').map((term) => parseTerm(term.trim()))
}

function parseTerm(text: string): GoalTerm {
  const [, name = '', comparison = '', amount = ''] =
    /^([a-z]\w*)\s*(<=|>=|<|>)\s*(\S+)$/i.exec(text) ?? []
  if (name === '') {
    throw new RangeError(
      `\`${text}\` is not a goal: expected a measure, <=, <, >= or >, and a value, as in \`touched <= 500, done <= 48h\``,
    )
  }
  if (!Object.hasOwn(MEASURES, name)) {
    const names = Object.keys(MEASURES)
    const meant = likelyName(name, names)
    const hint = meant === undefined ? `expected ${names.join(', ')}` : `did you mean ${meant}?`
    throw new RangeError(`\`${text}\`: no measure \`${name}\`: ${hint}`)
  }
  const measure = name as Measure
  const { ofFleet, value } = parseValue(text, MEASURES[measure], amount)
  return { measure, comparison: comparison as Comparison, value, ofFleet, text }
}

function parseValue(
  text: string,
  kind: (typeof MEASURES)[Measure],
  amount: string,
): { value: number; ofFleet: boolean } {
  if (kind === 'time') {
    try {
      return { value: parseDuration(amount), ofFleet: false }
    } catch (cause) {
      throw new RangeError(`\`${text}\`: ${(cause as Error).message}`, { cause })
    }
  }
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(amount)?.[1]
  if (percent !== undefined && Number(percent) <= 100) {
    return { value: Number(percent) / 100, ofFleet: kind === 'devices' }
  }
  if (kind === 'share') throw new RangeError(`\`${text}\`: expected per cent, as in \`5%\``)
  if (/^\d+$/.test(amount)) return { value: Number(amount), ofFleet: false }
  throw new RangeError(`\`${text}\`: expected devices, as in \`500\` or \`1%\``)
}

/** Compares with the worst seed: a goal is met when every seed keeps to it. */
export function judgeGoal(terms: readonly GoalTerm[], outcome: Rehearsal): readonly JudgedTerm[] {
  return terms.map((term) => {
    const { comparison, measure, text } = term
    const value = measured(term, outcome)
    const bound = term.ofFleet ? term.value * outcome.devices : term.value
    return { text, measure, value, met: holds(value ?? Infinity, comparison, bound) }
  })
}

/** Whether a bad firmware keeps to the terms that are about it, in one seed. */
export function judgeBadFirmware(
  terms: readonly GoalTerm[],
  { harmed, touched }: Pick<SeedResult, 'harmed' | 'touched'>,
  devices: number,
): boolean {
  return terms.every(({ comparison, measure, ofFleet, value }) => {
    if (measure !== 'touched' && measure !== 'harmed') return true
    const bound = ofFleet ? value * devices : value
    return holds(measure === 'touched' ? touched : harmed, comparison, bound)
  })
}

function measured({ comparison, measure }: GoalTerm, outcome: Rehearsal): number | undefined {
  if (measure === 'abort') return outcome.abortProbability
  const spreads = {
    done: outcome.done[99],
    done50: outcome.done[50],
    done90: outcome.done[90],
    done99: outcome.done[99],
    done100: outcome.done[100],
    touched: outcome.badFirmware.touched,
    harmed: outcome.badFirmware.harmed,
    succeeded: outcome.succeeded,
  }
  const { least, most } = spreads[measure]
  return comparison.startsWith('<') ? most : least
}

function holds(value: number, comparison: Comparison, bound: number): boolean {
  if (comparison === '<=') return value <= bound
  if (comparison === '<') return value < bound
  return comparison === '>=' ? value >= bound : value > bound
}
