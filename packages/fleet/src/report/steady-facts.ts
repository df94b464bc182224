/** A judgement of steadiness for people: in a terminal, on a page, in the failures of a run. */
import { steadyMeasures, type Steadiness, type SteadyMeasure } from '../steadiness.ts'
import type { SteadyGrowth } from '../steady-growth.ts'
import type { Fact } from './report-page.ts'

interface Shown {
  readonly name: string
  readonly unit: string
  readonly per: number
  /** Digits after the point. */
  readonly digits: number
}

const SHOWN: Readonly<Record<SteadyMeasure, Shown>> = {
  memory: { name: 'memory of the server', unit: 'MiB', per: 1_048_576, digits: 1 },
  file: { name: 'its file', unit: 'MiB', per: 1_048_576, digits: 1 },
  handles: { name: 'its open handles', unit: 'handles', per: 1, digits: 1 },
  latencyP50: { name: 'latency p50', unit: 'ms', per: 1, digits: 2 },
  latencyP99: { name: 'latency p99', unit: 'ms', per: 1, digits: 2 },
}

/** One line for each measure: `steady, 210.3 MiB, +0.4 MiB an hour (give or take 1.2, at most 32)`. */
export function steadyFacts(steadiness: Steadiness): readonly Fact[] {
  return steadyMeasures.map((measure) => {
    const growth = steadiness[measure]
    const { digits, name, per, unit } = SHOWN[measure]
    if (growth === null) return [name, 'not told often enough to say']
    const mean = `${(growth.mean / per).toFixed(digits)} ${unit}`
    return [name, `${growth.verdict}: ${mean}, ${growthText(growth, SHOWN[measure])}`]
  })
}

/** What grew, one sentence each. */
export function steadyFailures(steadiness: Steadiness): readonly string[] {
  return steadyMeasures.flatMap((measure) => {
    const growth = steadiness[measure]
    if (growth?.verdict !== 'grows') return []
    return [`${SHOWN[measure].name} grows: ${growthText(growth, SHOWN[measure])}`]
  })
}

function growthText({ marginPerHour, perHour, perHourMax }: SteadyGrowth, shown: Shown): string {
  const { digits, per, unit } = shown
  const text = (amount: number): string => (amount / per).toFixed(digits)
  const sign = perHour < 0 ? '' : '+'
  return (
    `${sign}${text(perHour)} ${unit} an hour ` +
    `(give or take ${text(marginPerHour)}, at most ${Number(text(perHourMax))})`
  )
}
