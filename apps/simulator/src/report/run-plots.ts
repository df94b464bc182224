/**
 * The plots of a run, from its history.
 */
import { linePlot, type PlotMark, type Series } from '@muster/fleet/report'
import type { Sample } from './recorder.ts'

/** How many samples back a rate looks: short ones jump. */
const RATE_SAMPLES = 4

/** Each plot as inline SVG, with what happened when. */
export function runPlots(samples: readonly Sample[], marks: readonly PlotMark[] = []): string[] {
  const plot = (title: string, unit: string, lines: readonly Series[]): string =>
    linePlot(title, unit, lines, marks)
  const series = (
    name: string,
    colour: string,
    pick: (sample: Sample, place: number) => number | null,
  ): Series => ({
    name,
    colour,
    points: samples.flatMap((sample, place) => {
      const value = pick(sample, place)
      return value === null ? [] : [[sample.seconds, value] as const]
    }),
  })
  const perSecond = (of: (sample: Sample) => number) => (sample: Sample, place: number) => {
    const before = samples[Math.max(0, place - RATE_SAMPLES)] ?? sample
    const seconds = sample.seconds - before.seconds
    return seconds > 0 ? (of(sample) - of(before)) / seconds : 0
  }
  const messagePlots = (): string[] => [
    plot('Messages', 'per second', [
      series(
        'sent',
        '#8b949e',
        perSecond((it) => it.sent),
      ),
      series(
        'acknowledged',
        '#1f6feb',
        perSecond((it) => it.acknowledged),
      ),
      series(
        'delivered',
        '#1a7f37',
        perSecond((it) => it.delivered),
      ),
      series(
        'refused',
        '#cf222e',
        perSecond((it) => it.refused),
      ),
    ]),
    plot('Publish to delivery', 'milliseconds', [
      series('p50', '#1a7f37', (it) => it.deliveryP50Ms),
      series('p95', '#bf8700', (it) => it.deliveryP95Ms),
      series('p99', '#cf222e', (it) => it.deliveryP99Ms),
    ]),
  ]
  // Without a history nothing can be shown of either.
  const hasJob =
    samples.length === 0 ||
    samples.some(({ executed, inProgress, queued }) => executed + inProgress + queued > 0)
  const jobPlots = (): string[] => [
    plot('Executions by status', 'things', [
      series('succeeded', '#1a7f37', (it) => it.succeeded),
      series('in progress', '#bf8700', (it) => it.inProgress),
      series('queued', '#8b949e', (it) => it.queued),
      series('failed', '#cf222e', (it) => it.failed),
      series('rejected', '#8250df', (it) => it.rejected),
      series('timed out', '#bc4c00', (it) => it.timedOut),
      series('canceled', '#57606a', (it) => it.canceled),
    ]),
    plot('Notify to success', 'milliseconds', [
      series('p50', '#1a7f37', (it) => it.p50Ms),
      series('p95', '#bf8700', (it) => it.p95Ms),
      series('p99', '#cf222e', (it) => it.p99Ms),
    ]),
  ]
  return [
    plot('Devices connected', 'devices', [
      series('connected', '#1f6feb', (it) => it.connected),
      series('reconnects', '#8b949e', (it) => it.reconnects),
    ]),
    plot('Connect rate', 'per second', [
      series(
        'connects',
        '#1f6feb',
        perSecond((it) => it.everConnected),
      ),
    ]),
    ...(hasJob ? jobPlots() : []),
    ...(samples.some(({ sent, delivered }) => sent + delivered > 0) ? messagePlots() : []),
    plot('Denials', 'denials', [
      series('unexpected', '#cf222e', ({ denied }) =>
        Object.values(denied).reduce((sum, count) => sum + count, 0),
      ),
      series('expected', '#8b949e', (it) => it.expectedDenials),
    ]),
    plot('Generator late', 'milliseconds', [series('p99', '#cf222e', (it) => it.eventLoopLagMs)]),
    plot('CPU of the generator', '% of a core', [
      series(
        'all processes',
        '#1f6feb',
        perSecond((it) => it.cpuSeconds * 100),
      ),
    ]),
    plot('Memory of the generator', 'MiB', [
      series('all processes', '#1f6feb', (it) => it.rssBytes / 1_048_576),
    ]),
  ]
}
