/** A fleet at work, shown as it goes, and its report. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findTarget } from '@muster/fleet/control'
import {
  htmlReport,
  liveView,
  loadScenario,
  readyScenarios,
  simulate,
  startMetrics,
  type Progress,
  type Sample,
  type Summary,
} from '@muster/simulator'
import { counted } from '../counted.ts'
import { targetedFlags } from '../flags/local-server.ts'
import { stopSignal, type Interruption } from '../serve/until-stopped.ts'
import type { FleetFlags, OnboardFlags, SimulateFlags } from './simulate-commands.ts'
import { summaryText } from './summary-text.ts'

/** Runs a scenario; the exit status is 1 when it did not go as it should. */
export async function runSimulate(flags: SimulateFlags): Promise<void> {
  if (flags.list) {
    for (const name of readyScenarios()) {
      process.stdout.write(`${name.padEnd(28)} ${loadScenario(name).description ?? ''}\n`)
    }
    return
  }
  const scenario = loadScenario(flags.scenario)
  const target = await findTarget(targetedFlags(flags), process.env)
  const metrics =
    flags.metricsPort === undefined ? undefined : await startMetrics(flags.metricsPort)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  if (metrics !== undefined) say(`metrics: http://127.0.0.1:${metrics.port}/metrics`)
  const view = liveView(process.stderr)
  const stop = stopSignal()
  let history: readonly Sample[] = []
  try {
    const summary = await simulate({
      ...target,
      scenario,
      identityFolder: identityFolder(flags),
      signal: stop,
      log: say,
      onHistory: (samples) => (history = samples),
      onProgress: (progress: Progress) => {
        view.show(progress)
        metrics?.show(progress)
      },
      ...(flags.duration === undefined ? {} : { durationSeconds: flags.duration }),
      ...pick(
        flags,
        'devices',
        'seed',
        'prefix',
        'shard',
        'runId',
        'processes',
        'clockRate',
        'outageSeconds',
        'certificateFolder',
      ),
    })
    view.end()
    if (flags.html !== undefined) {
      writeFileSync(flags.html, htmlReport(summary, history))
      say(`report: ${flags.html}`)
    }
    process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : summaryText(summary))
    process.exitCode = exitCode(summary, stop)
  } finally {
    await metrics?.close()
  }
}

/** A run that a signal ended ends as a shell expects of that signal. */
function exitCode(summary: Summary, stop: AbortSignal): number {
  if (stop.aborted) return (stop.reason as Interruption).exitCode
  return summary.ok ? 0 : 1
}

/** Makes the identities of a fleet. */
export async function runOnboard(flags: OnboardFlags): Promise<void> {
  const target = await findTarget(targetedFlags(flags), process.env)
  const view = liveView(process.stderr)
  const stop = stopSignal()
  const summary = await simulate({
    ...target,
    scenario: { ...loadScenario(flags.scenario), phases: [], assertions: [] },
    identityFolder: identityFolder(flags),
    onProgress: view.show,
    signal: stop,
    ...pick(flags, 'devices', 'seed', 'prefix', 'shard'),
  })
  view.end()
  for (const failure of summary.failures) process.stderr.write(`${failure}\n`)
  process.exitCode = exitCode(summary, stop)
  const { devices, certificatesMade, onboardSeconds } = summary
  const made = { devices, certificatesMade, onboardSeconds, identities: identityFolder(flags) }
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(made)}\n`
      : `${counted(devices, 'device')} onboarded in ${onboardSeconds} s, ${counted(certificatesMade, 'certificate')} made; keys in ${made.identities}\n`,
  )
}

function identityFolder({ identities, data }: FleetFlags): string {
  return identities ?? join(data, 'devices')
}

/** The named members that are set. */
function pick<T extends object, K extends keyof T>(
  from: T,
  ...names: readonly K[]
): { [P in K]?: Exclude<T[P], undefined> } {
  const picked: { [P in K]?: Exclude<T[P], undefined> } = {}
  for (const name of names) {
    const value = from[name]
    if (value !== undefined) picked[name] = value as Exclude<T[K], undefined>
  }
  return picked
}
