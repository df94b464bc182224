/**
 * A device's HTTPS, `GetPendingJobExecutions` of the jobs data plane, beside nginx that serves a file
 * of the same bytes under the same mutual TLS, and beside a bare `node:https` handler: what Node's TLS
 * and HTTP cost before anything is decided. Keep-alive, one request in flight a connection, the server
 * on core 0 and the load on core 1, the three in turn.
 *
 * `MUSTER_BENCH_SECONDS` (3), `MUSTER_BENCH_RUNS` (5) and `MUSTER_BENCH_CLIENTS` (50) change its size.
 */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fleet } from '../gateway/devices.ts'
import { message, start } from '../gateway/processes.ts'
import { compared, sample, startLoad, type HttpSample } from '../http/load.ts'
import type { Measure } from '../measure.ts'
import { profileFlags, toggleProfile } from '../profile.ts'
import { hasNginx, startNginx } from './nginx.ts'

const seconds = Number(process.env['MUSTER_BENCH_SECONDS'] ?? 3)
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 5)
const clients = Number(process.env['MUSTER_BENCH_CLIENTS'] ?? 50)

interface Side {
  readonly name: string
  readonly port: number
  readonly pid: number
}

/** The measures of this benchmark. */
export async function* run(): AsyncIterable<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const children: ChildProcess[] = []
  try {
    const process_ = join(import.meta.dirname, '../gateway/muster-process.ts')
    const muster = start(
      0,
      [process.execPath, ...profileFlags, process_, String(clients), 'https'],
      true,
    )
    children.push(muster)
    const fleet = await message<Fleet>(muster)
    const sides = await startSides(folder, fleet, muster, children)
    const load = await startLoad()
    children.push(load)
    const samples = new Map<string, HttpSample[]>(sides.map(({ name }) => [name, []]))
    const paths = fleet.devices.map(({ thingName }) => `/things/${thingName}/jobs`)
    for (let round = 0; round < runs; round += 1) {
      for (const { name, pid, port } of sides) {
        const order = {
          port,
          connections: clients,
          seconds,
          once: false,
          identities: fleet.devices,
          caPem: fleet.caPem,
        }
        // Each connection is a device of its own, and asks for its own jobs by a name it may use.
        const requests = (name === 'muster' ? paths : [FILE]).map(
          (path) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`,
        )
        const asked = { ...order, requests, perConnection: true }
        const watched = round === runs - 1 && name === 'muster'
        if (watched) toggleProfile(pid)
        samples.get(name)?.push(await sample(load, pid, asked))
        if (watched) toggleProfile(pid)
      }
    }
    const of = (name: string): readonly HttpSample[] => samples.get(name) ?? []
    for (const { name } of sides.slice(1))
      yield* compared(`jobs data, ${name}`, of('muster'), of(name))
  } finally {
    for (const child of children.reverse()) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

const FILE = '/jobs.json'

async function startSides(
  folder: string,
  fleet: Fleet,
  muster: ChildProcess,
  children: ChildProcess[],
): Promise<readonly Side[]> {
  const body = await answerOf(fleet)
  const sides: Side[] = [{ name: 'muster', port: fleet.httpsPort, pid: muster.pid ?? 0 }]
  if (hasNginx()) {
    const { child, port } = await startNginx(folder, fleet, FILE, body)
    children.push(child)
    sides.push({ name: 'nginx', port, pid: child.pid ?? 0 })
  } else process.stderr.write('nginx: not measured, it is not installed\n')
  const bare = start(0, [process.execPath, join(import.meta.dirname, 'bare-process.ts')], true)
  children.push(bare)
  bare.send({ fleet, body })
  sides.push({ name: 'bare node:https', port: await message<number>(bare), pid: bare.pid ?? 0 })
  return sides
}

/** What the server answers a device, for the others to say the same. */
function answerOf({ caPem, devices: [device], httpsPort }: Fleet): Promise<string> {
  if (device === undefined) throw new Error('no devices')
  const { certificatePem: cert, privateKeyPem: key, thingName } = device
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        servername: 'localhost',
        port: httpsPort,
        path: `/things/${thingName}/jobs`,
        ca: caPem,
        cert,
        key,
      },
      (response) => {
        let text = ''
        response.on('data', (bytes: Buffer) => (text += bytes.toString()))
        response.on('end', () =>
          response.statusCode === 200 ? resolve(text) : reject(new Error(text)),
        )
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}
