/** The plots of a load run, from its history. */
import { linePlot, type Series } from '@muster/fleet/report'
import type { LoadSample } from '../run/load-sample.ts'

const BLUE = '#1f6feb'
const GREEN = '#1a7f37'
const YELLOW = '#bf8700'
const RED = '#cf222e'
const GREY = '#8b949e'
const PURPLE = '#8250df'

/** How many samples back a rate looks: short ones jump. */
const RATE_SAMPLES = 4

type Pick = (sample: LoadSample, place: number) => number | null

/** Each plot as inline SVG, with the moments at which its stages began. */
export function loadPlots(samples: readonly LoadSample[]): string[] {
  const marks = samples.flatMap(({ phase, seconds }, place) =>
    phase === samples[place - 1]?.phase ? [] : [{ seconds, name: phase }],
  )
  const plot = (title: string, unit: string, lines: readonly Series[]): string =>
    linePlot(title, unit, lines, marks)
  const series = (name: string, colour: string, pick: Pick): Series => ({
    name,
    colour,
    points: samples.flatMap((sample, place) => {
      const value = pick(sample, place)
      return value === null ? [] : [[sample.seconds, value] as const]
    }),
  })
  const perSecond =
    (of: (sample: LoadSample) => number | null): Pick =>
    (sample, place) => {
      const before = samples[Math.max(0, place - RATE_SAMPLES)] ?? sample
      const [now, then] = [of(sample), of(before)]
      const seconds = sample.seconds - before.seconds
      return seconds > 0 && now !== null && then !== null ? (now - then) / seconds : null
    }
  return [
    plot('Rate', 'per second', [
      series(
        'offered',
        GREY,
        perSecond((it) => it.offered),
      ),
      series(
        'answered',
        BLUE,
        perSecond((it) => it.answered),
      ),
      series(
        'not offered',
        RED,
        perSecond((it) => it.notOffered),
      ),
    ]),
    plot('Answers', 'per second', [
      series(
        'allowed',
        GREEN,
        perSecond((it) => it.allowed),
      ),
      series(
        'denied',
        PURPLE,
        perSecond((it) => it.denied),
      ),
      series(
        'failed',
        RED,
        perSecond((it) => it.failed),
      ),
    ]),
    plot('Latency', 'milliseconds', [
      series('p50', GREEN, (it) => it.p50Ms),
      series('p95', YELLOW, (it) => it.p95Ms),
      series('p99', RED, (it) => it.p99Ms),
    ]),
    plot('Devices connected', 'devices', [series('connected', BLUE, (it) => it.connected)]),
    plot('CPU', '% of a core', [
      series(
        'server',
        BLUE,
        perSecond((it) => percent(it.serverCpuSeconds)),
      ),
      series(
        'generator',
        YELLOW,
        perSecond((it) => percent(it.cpuSeconds)),
      ),
    ]),
    plot('Memory of the server', 'MiB', [
      series('resident', BLUE, (it) =>
        it.serverRssBytes === null ? null : it.serverRssBytes / 1_048_576,
      ),
    ]),
    plot('Database and log of the server', 'MiB', [
      series('on disk', BLUE, (it) =>
        it.serverFileBytes === null ? null : it.serverFileBytes / 1_048_576,
      ),
    ]),
    plot('Open handles of the server', 'handles', [
      series('files and sockets', BLUE, (it) => it.serverOpenHandles),
    ]),
    plot('Generator late', 'milliseconds', [series('p99', RED, (it) => it.loopLagMs)]),
  ]
}

function percent(seconds: number | null): number | null {
  return seconds === null ? null : seconds * 100
}
