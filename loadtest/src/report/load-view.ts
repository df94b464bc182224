/** A load run as it goes: a table that redraws on a terminal, a line every few seconds elsewhere. */
import { progressBar, RedrawnLines, viewRow, type ViewStream } from '@muster/fleet/report'
import type { LoadProgress } from '../run/load-progress.ts'

/** Without a terminal a line every so often is enough. */
const PLAIN_EVERY_SECONDS = 5

/** Shows progress until ended. */
export interface LoadView {
  readonly show: (progress: LoadProgress) => void
  readonly end: () => void
}

/** A view on `stream`. */
export function liveLoadView(stream: ViewStream): LoadView {
  const terminal = new RedrawnLines(stream)
  let before: LoadProgress | undefined
  let plainAtSeconds = -PLAIN_EVERY_SECONDS
  return {
    show: (progress) => {
      if (stream.isTTY === true) {
        if (before !== undefined && progress.scenario !== before.scenario) terminal.leave()
        terminal.draw(loadViewLines(progress, before))
        before = progress
        return
      }
      const isNews = progress.scenario !== before?.scenario || progress.phase !== before.phase
      const elapsed = progress.elapsedSeconds
      if (!isNews && elapsed - plainAtSeconds < PLAIN_EVERY_SECONDS) return
      stream.write(`${plainLoadLine(progress)}\n`)
      plainAtSeconds = elapsed
      before = progress
    },
    end: () => terminal.leave(),
  }
}

/**
 * The table.
 *
 * @param before - an earlier moment, for rates
 */
export function loadViewLines(progress: LoadProgress, before: LoadProgress | undefined): string[] {
  const { connected, devices, elapsedSeconds, onboarded, phase, recent, scenario, sums } = progress
  if (phase === 'onboarding') {
    return [
      `${scenario}  ${phase}`,
      viewRow('devices', progressBar(onboarded / Math.max(1, devices)), `${onboarded}/${devices}`),
    ]
  }
  const earlier =
    before?.scenario === scenario && before.phase !== 'onboarding' ? before : undefined
  const seconds = Math.max(0.001, elapsedSeconds - (earlier?.elapsedSeconds ?? 0))
  const rate = (of: (sums: LoadProgress['sums']) => number): string =>
    `${Math.max(0, Math.round((of(sums) - (earlier ? of(earlier.sums) : 0)) / seconds))}/s`
  const at = (share: number): string => `${recent.percentile(share) ?? '–'} ms`
  const cpu = (progress.cpuSeconds - (earlier?.cpuSeconds ?? 0)) / seconds
  return [
    `${scenario}  ${phase}  ${elapsedSeconds.toFixed(0)} s`,
    ...(progress.totalSeconds === undefined
      ? []
      : [viewRow('load', progressBar(elapsedSeconds / progress.totalSeconds))]),
    ...(devices === 0
      ? []
      : [viewRow('connected', progressBar(connected / devices), `${connected}/${devices}`)]),
    viewRow(
      'offered',
      rate((it) => it.offered),
      `not offered ${sums.notOffered}`,
    ),
    viewRow(
      'answered',
      rate((it) => it.answered),
      outcomes(sums),
    ),
    viewRow('latency', `p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`),
    viewRow(
      'generator',
      `CPU ${Math.round(cpu * 100)} %, late by ${progress.loopLagMs.toFixed(0)} ms`,
    ),
    ...serverLine(progress, earlier, seconds),
  ]
}

/** The same in one line. */
export function plainLoadLine(progress: LoadProgress): string {
  const { connected, devices, elapsedSeconds, onboarded, phase, recent, scenario, sums } = progress
  if (phase === 'onboarding') return `${scenario}: onboarded ${onboarded}/${devices}`
  return [
    `${scenario}: ${elapsedSeconds.toFixed(0)} s ${phase}`,
    ...(devices === 0 ? [] : [`connected ${connected}/${devices}`]),
    `answered ${sums.answered} of ${sums.offered}`,
    outcomes(sums),
    `p99 ${recent.percentile(0.99) ?? '–'} ms`,
  ].join(', ')
}

function outcomes(sums: LoadProgress['sums']): string {
  const { allowed, deniedExpected, deniedUnexpected, errors, throttled, timeouts } = sums
  return [
    `allowed ${allowed}`,
    `denied ${deniedExpected}`,
    ...(deniedUnexpected > 0 ? [`denied unexpectedly ${deniedUnexpected}`] : []),
    ...(throttled > 0 ? [`throttled ${throttled}`] : []),
    ...(errors > 0 ? [`errors ${errors}`] : []),
    ...(timeouts > 0 ? [`timeouts ${timeouts}`] : []),
  ].join(', ')
}

function serverLine(
  { server }: LoadProgress,
  before: LoadProgress | undefined,
  seconds: number,
): string[] {
  if (server === undefined) return []
  const cpu = (server.cpuSeconds - (before?.server?.cpuSeconds ?? server.cpuSeconds)) / seconds
  const memory = Math.round(server.rssBytes / 1_048_576)
  return [viewRow('server', `CPU ${Math.round(cpu * 100)} %, memory ${memory} MiB`)]
}
