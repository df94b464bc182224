/**
 * `pnpm console:measure`: what the console costs the browser, with a server and a fleet of its own.
 *
 *     --devices N     of the fleet that rolls out at x30 (5000)
 *     --executions N  of the large job (100000), whose things never connect
 *     --minutes N     for which the heap is watched (10)
 *
 * One JSON line per measure on stdout, in CPU time of the main thread, so that other programs on the
 * machine move it little; the load average stands in each.
 */
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/browser.ts'
import { startDemo } from '../test/demo.ts'
import { LargeAccount } from './large-account.ts'
import { traced } from './trace.ts'

/** How long each of three traces takes. */
const traceMs = 20_000

const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: '5000' },
    executions: { type: 'string', default: '100000' },
    minutes: { type: 'string', default: '10' },
  },
})
const devices = positive('devices')
const executions = positive('executions')
const minutes = positive('minutes')

const demo = await startDemo(devices)
const { browser, close } = await openBrowser()
const account = new LargeAccount(demo)
try {
  await measureFirstLoad()
  await account.createFleetJob('measured-fleet', Math.ceil(devices / 60))
  await measureJob('fleet', 'measured-fleet')
  await account.createThings(executions)
  await account.createLargeJob('measured-large')
  await measureJob('large job', 'measured-large')
} finally {
  account.close()
  await close()
  await demo.stop()
}

/** Bytes over the wire and CPU time of the main thread until the page is live. */
async function measureFirstLoad(): Promise<void> {
  const cpu: number[] = []
  let bytes = 0
  for (let run = 0; run < 3; run += 1) {
    const context = await browser.newContext()
    const page = await context.newPage()
    const session = await context.newCDPSession(page)
    await session.send('Network.enable')
    bytes = 0
    session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength))
    const { cpuMs } = await traced(browser, page, () => openLive(page, 'jobs'))
    cpu.push(cpuMs)
    await context.close()
  }
  say('first load', { bytes, mainThreadCpuMs: median(cpu) })
}

/** The longest task of a job's page while the job rolls out, and its heap before and after. */
async function measureJob(measure: string, jobId: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1366, height: 1000 } })
  await openLive(page, `jobs/${jobId}`)
  await page
    .getByRole('img', { name: /over time/ })
    .first()
    .waitFor({ timeout: 120_000 })
  const longest: number[] = []
  for (let run = 0; run < 3; run += 1) {
    const { longestTaskMs } = await traced(browser, page, () => wait(traceMs))
    longest.push(longestTaskMs)
  }
  const heapBytesBefore = await heapBytes(page)
  await wait(minutes * 60_000)
  const counters = await page
    .getByRole('img', { name: /of \d+ done/ })
    .first()
    .getAttribute('aria-label')
  const heap = { heapBytesBefore, heapBytesAfter: await heapBytes(page), minutes }
  say(measure, { longestTaskMs: median(longest), runs: longest, counters, ...heap })
  await page.close()
}

async function openLive(page: Page, path: string): Promise<void> {
  await page.goto(`${demo.origin}/console/${path}`)
  const status = page.getByRole('status', { name: 'Live updates' })
  await status.getByText('Live', { exact: true }).waitFor({ timeout: 120_000 })
}

/** What the page's heap holds after a collection. */
async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  return usedSize
}

function say(measure: string, figures: object): void {
  const load = loadavg().map((value) => Number(value.toFixed(1)))
  process.stdout.write(`${JSON.stringify({ measure, devices, executions, ...figures, load })}\n`)
}

function median(values_: readonly number[]): number {
  const sorted = values_.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN)
}

function positive(name: keyof typeof values): number {
  const value = Number(values[name])
  if (Number.isFinite(value) && value > 0) return value
  throw new Error(`expected --${name} as a number above 0, got ${values[name]}`)
}
