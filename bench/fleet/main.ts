/**
 * What a simulated device costs beside a bare MQTT.js client: processes that hold the same number
 * of mutual-TLS connections to the same server with the same certificates, in turns. Memory is
 * what a process gained by connecting, from the system; CPU its own, until all were connected.
 *
 * `MUSTER_BENCH_DEVICES` (1000) and `MUSTER_BENCH_RUNS` (3) change its size.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simulate, type Scenario } from '@muster/simulator'
import { startTestServer, TEST_CREDENTIALS } from '@muster/server/testkit'
import { median, spread, type Measure } from '../measure.ts'
import type { HoldOrder, Held } from './holder.ts'

const devices = Number(process.env['MUSTER_BENCH_DEVICES'] ?? 1000)
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 3)

/** The measures of this benchmark; ours is a simulated device, the peer a bare client. */
export async function* run(): AsyncIterable<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const server = await startTestServer({ clock: 'system' })
  try {
    const scenario: Scenario = { name: 'bench-fleet', groups: [{ name: 'all' }], phases: [] }
    const endpoints = {
      controlUrl: server.httpUrl,
      dataHost: 'localhost',
      mqttPort: server.mqttPort,
      caPem: readFileSync(server.caFile, 'utf8'),
    }
    await simulate({
      scenario: { ...scenario, assertions: [] },
      endpoints,
      credentials: TEST_CREDENTIALS,
      devices,
      identityFolder: folder,
    })
    const order: HoldOrder = {
      side: 'fleet',
      scenario,
      devices,
      identityFolder: join(folder, '123456789012-us-east-1'),
      mqttPort: server.mqttPort,
      caPem: endpoints.caPem,
    }
    const ours: Held[] = []
    const peer: Held[] = []
    for (let time = 0; time < runs; time++) {
      ours.push(await hold(order))
      peer.push(await hold({ ...order, side: 'bare' }))
    }
    yield measure('memory of a connected device', 'KiB', ours, peer, (held) => held.kibPerDevice)
    yield measure('CPU to connect a device', 'ms', ours, peer, (held) => held.cpuMsPerDevice)
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function hold(order: HoldOrder): Promise<Held> {
  const child: ChildProcess = fork(new URL('holder.ts', import.meta.url), {
    execArgv: ['--expose-gc', '--max-semi-space-size=4'],
  })
  try {
    child.send(order)
    const [held] = (await once(child, 'message', { signal: AbortSignal.timeout(300_000) })) as [
      Held,
    ]
    return held
  } finally {
    child.kill()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
}

function measure(
  name: string,
  unit: string,
  ours: readonly Held[],
  peer: readonly Held[],
  pick: (held: Held) => number,
): Measure {
  const ratios = ours.map((held, index) => pick(peer[index] ?? held) / pick(held))
  return {
    name,
    unit,
    ours: median(ours.map(pick)),
    peer: median(peer.map(pick)),
    ratio: median(ratios),
    spread: spread(ratios),
    runs: ours.length,
  }
}
