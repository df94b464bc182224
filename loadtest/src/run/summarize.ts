import type { Steadiness } from '@muster/fleet'
import type { ServerUsage } from '@muster/fleet/control'
import { steadyFailures } from '@muster/fleet/report'
import type { ScenarioFacts } from '../catalogue.ts'
import type { Tally } from '../tally.ts'
import { runThresholds } from '../thresholds/default-thresholds.ts'
import { brokenText, judge } from '../thresholds/judge.ts'
import { thresholdsFor } from '../thresholds/read-thresholds.ts'
import { pathOf } from './device-plans.ts'
import type { LoadOptions } from './load-options.ts'
import { figuresOf, type Knee, type LoadSummary, type StageSummary } from './load-summary.ts'

/** What a summary is made of. */
export interface SummaryParts {
  readonly scenario: ScenarioFacts
  readonly asked: Pick<LoadOptions, 'path' | 'profile' | 'closed' | 'thresholds'>
  readonly devices: number
  readonly principals: number | undefined
  readonly tally: Tally
  /** While load was offered. */
  readonly seconds: number
  /** With what came between. */
  readonly elapsedSeconds: number
  readonly stages: readonly StageSummary[]
  readonly knee: Knee | undefined
  readonly generator: LoadSummary['generator']
  /** The server before and after; undefined where it does not tell. */
  readonly usage: readonly [ServerUsage, ServerUsage] | undefined
  /** Undefined but for a soak. */
  readonly steadiness: Steadiness | undefined
  readonly endedEarly: string | undefined
}

/** Adds up a run and holds it against its thresholds. */
export function summarize(parts: SummaryParts): LoadSummary {
  const { asked, devices, endedEarly, knee, scenario, steadiness, usage } = parts
  const figures = {
    scenario: scenario.name,
    path: pathOf(scenario, asked.path),
    profile: asked.profile.name,
    closed: asked.closed ?? false,
    devices,
    principals: parts.principals ?? null,
    ...figuresOf(parts.tally, parts.seconds),
    decisionsPerSecond: decisions(usage, parts.elapsedSeconds),
    generator: parts.generator,
    server:
      usage === undefined
        ? null
        : {
            cpuSeconds: Math.round((usage[1].cpuSeconds - usage[0].cpuSeconds) * 100) / 100,
            rssBytes: usage[1].rssBytes,
          },
    ...(steadiness !== undefined && { steadiness }),
    stages: parts.stages,
    ...(knee !== undefined && { knee }),
    ...(endedEarly !== undefined && { endedEarly }),
  }
  const defaults = runThresholds(scenario, asked.profile.name)
  const verdicts = judge(figures, thresholdsFor(scenario.name, defaults, asked.thresholds))
  const failures = [
    ...(endedEarly === undefined ? [] : [`the run ended before its time: ${endedEarly}`]),
    ...verdicts.filter(({ held }) => !held).map(brokenText),
    ...(steadiness === undefined ? [] : steadyFailures(steadiness)),
  ]
  return { ok: failures.length === 0, ...figures, thresholds: verdicts, failures }
}

function decisions(
  usage: SummaryParts['usage'],
  seconds: number,
): LoadSummary['decisionsPerSecond'] {
  if (usage === undefined || seconds <= 0) return null
  const [before, after] = usage
  const perSecond = (count: number): number => Math.round((count / seconds) * 10) / 10
  return {
    allowed: perSecond(after.allowed - before.allowed),
    denied: perSecond(after.denied - before.denied),
  }
}
