/**
 * Starts one k6 process for each of the chosen devices and adds their figures up:
 *
 *   node loadtest/run.ts https --identities .muster/devices/123456789012-us-east-1 --devices 8 \
 *     --profile smoke --ca .muster/ca.pem
 *
 * Prints one line of JSON. Exit code 0 when every threshold held in every process, else 1.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { variablesOf } from './src/environment.ts'
import { identitiesIn, shardOf, type IdentityFiles } from './src/identities.ts'
import { profileNamed } from './src/profile.ts'
import { isShardSummary, runSummary, type ShardSummary } from './src/summary.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    identities: { type: 'string' },
    devices: { type: 'string', default: '4' },
    shard: { type: 'string', default: '0/1' },
    profile: { type: 'string', default: 'smoke' },
    host: { type: 'string', default: 'localhost' },
    port: { type: 'string' },
    ca: { type: 'string' },
    k6: { type: 'string', default: 'k6' },
  },
})

const [path] = positionals
if ((path !== 'https' && path !== 'mqtt') || values.identities === undefined) {
  throw new Error('usage: run.ts https|mqtt --identities DIR [--devices N] [--profile NAME] …')
}
profileNamed(values.profile)
const folder = resolve(values.identities)
const port = Number(values.port ?? { https: 8443, mqtt: 8883 }[path])
const [index = 0, count = 1] = values.shard.split('/').map(Number)
const chosen = shardOf(identitiesIn(readdirSync(folder)), { index, count }).slice(
  0,
  Number(values.devices),
)
if (chosen.length === 0) throw new Error(`no device identities in ${folder}`)

const summaries = mkdtempSync(join(tmpdir(), 'muster-loadtest-'))
try {
  const shards = await Promise.all(chosen.map((device, position) => runDevice(device, position)))
  const measured = shards.filter((shard) => shard !== undefined)
  const summary = runSummary(measured)
  const ok = summary.ok && measured.length === chosen.length
  process.stdout.write(`${JSON.stringify({ path, profile: values.profile, ...summary, ok })}\n`)
  process.exitCode = ok ? 0 : 1
} finally {
  rmSync(summaries, { recursive: true })
}

/** @returns undefined when k6 ended without a summary; what it said is on stderr */
function runDevice(device: IdentityFiles, position: number): Promise<ShardSummary | undefined> {
  const summaryFile = join(summaries, `${position}.json`)
  const variables = variablesOf({
    thingName: device.thingName,
    keyFile: join(folder, device.key),
    certificateFile: join(folder, device.certificate),
    host: values.host,
    port,
    profile: values.profile,
    summaryFile,
  })
  const flags = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`])
  const script = join(import.meta.dirname, `${path}-jobs.ts`)
  // Go reads the authorities it trusts from SSL_CERT_FILE; k6 has no flag for them.
  const trust = values.ca === undefined ? {} : { SSL_CERT_FILE: resolve(values.ca) }
  return new Promise((resolveRun, reject) => {
    const k6 = spawn(
      values.k6,
      ['run', '--quiet', '--no-usage-report', '--address', '', ...flags, script],
      { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...trust } },
    )
    k6.on('error', reject)
    k6.on('close', () => resolveRun(readSummary(summaryFile)))
  })
}

function readSummary(file: string): ShardSummary | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isShardSummary(value) ? value : undefined
  } catch {
    return undefined
  }
}
