/**
 * Runs a script on many devices: one process of the user's k6 for each, since k6 has one client
 * certificate for a whole run.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { profileNamed } from '../scripts/parts/profile.ts'
import { findScript, type FoundScript } from './find-script.ts'
import { chooseDevices, type DevicesAsked, type IdentityFiles } from './identities.ts'
import { askK6, BUILD_LINE, mqttExtension } from './k6-program.ts'
import { readSamples, Samples } from './samples.ts'
import { ShardProcesses } from './shard-processes.ts'
import { summarize, type K6Summary, type ShardEnd } from './summary.ts'

/** Where devices connect. */
export interface DataEndpoint {
  readonly host: string
  readonly mqttPort: number
  readonly httpsPort: number
  /** PEM of the authority behind it; the system's roots alone when left out. */
  readonly caPem?: string | undefined
}

/** What to run, and where. */
export interface K6Run extends DevicesAsked {
  /** Name of a ready script, or a file. */
  readonly script: string
  /** Name or path of the user's k6. */
  readonly k6: string
  /** Finds the server; asked once all that needs none has been looked at. */
  readonly endpoint: () => Promise<DataEndpoint>
  /** Of a ready script. */
  readonly profile: string
  /** Highest rate, a second and device. */
  readonly ratePerSecond?: number | undefined
  readonly durationSeconds?: number | undefined
  /** More variables for the script. */
  readonly env?: Readonly<Record<string, string>>
  /** Ends the run early; the summary says how far it came. */
  readonly signal?: AbortSignal
  /** For people: notes, and what k6 says, a line each. */
  readonly log?: (line: string) => void
}

/**
 * Runs it.
 *
 * @throws Error before anything is started, saying what is missing: the script, identities, k6, its
 *   MQTT extension; or with what k6 says of a script that it cannot load
 */
export async function runK6(run: K6Run): Promise<K6Summary> {
  const script = findScript(run.script)
  if (script.isReady) profileNamed(run.profile)
  const devices = chooseDevices(run)
  const { log = () => {} } = run
  const k6 = await askK6(run.k6)
  const note = script.needsMqtt ? mqttExtension(run.k6, k6, process.env) : undefined
  if (note !== undefined) log(note)
  const endpoint = await run.endpoint()
  const folder = mkdtempSync(join(tmpdir(), 'muster-k6-'))
  const processes = new ShardProcesses(run.signal)
  try {
    const trust = trustIn(endpoint.caPem, folder)
    const world: World = { run, script, endpoint, folder, trust, processes }
    await inspect(world, devices[0])
    const samples = new Samples()
    const ends = await Promise.all(devices.map((device) => runShard(world, device, samples)))
    return summarize({
      script: script.name,
      isReady: script.isReady,
      profile: run.profile,
      k6: k6.version,
      samples,
      ends,
      interrupted: run.signal?.aborted === true,
    })
  } finally {
    processes.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What the processes of a run share. */
interface World {
  readonly run: K6Run
  readonly script: FoundScript
  readonly endpoint: DataEndpoint
  /** For what they write; goes with the run. */
  readonly folder: string
  /** Variables that name the authorities. */
  readonly trust: Readonly<Record<string, string>>
  readonly processes: ShardProcesses
}

async function runShard(world: World, device: IdentityFiles, samples: Samples): Promise<ShardEnd> {
  const { run, script, folder, trust, processes } = world
  const { thingName } = device
  const file = join(folder, `${encodeURIComponent(thingName)}.json.gz`)
  const flags = ['run', '--quiet', '--no-usage-report', '--address', '', '--out', `json=${file}`]
  const code = await processes.run({
    program: run.k6,
    args: [...flags, ...envFlags(world, device), script.file],
    env: trust,
    say: (line) => run.log?.(`${thingName}: ${line}`),
  })
  const isWhole = await readSamples(file, samples)
  rmSync(file, { force: true })
  return { thingName, code, isWhole }
}

/** Has k6 load the script once, which also gets an extension that it lacks. */
async function inspect(world: World, device: IdentityFiles | undefined): Promise<void> {
  const { run, script, trust } = world
  const args = ['inspect', ...(device === undefined ? [] : envFlags(world, device)), script.file]
  const env = { ...process.env, ...trust }
  const refused = await new Promise<string | undefined>((resolve) => {
    execFile(run.k6, args, { env, maxBuffer: 2 ** 26 }, (cause, _stdout, stderr) => {
      resolve(cause === null ? undefined : stderr.trim() || cause.message)
    })
  })
  if (refused === undefined) return
  const hint = refused.includes('k6/x/mqtt') ? `\nto build the extension in: \`${BUILD_LINE}\`` : ''
  throw new Error(`${run.k6} cannot load ${script.name}: ${refused}${hint}`)
}

/** What the scripts read in `__ENV`. */
function envFlags({ run, endpoint }: World, device: IdentityFiles): string[] {
  const { host, mqttPort, httpsPort } = endpoint
  const { profile, ratePerSecond, durationSeconds } = run
  const variables: Readonly<Record<string, string | number | undefined>> = {
    THING_NAME: device.thingName,
    KEY_FILE: device.key,
    CERTIFICATE_FILE: device.certificate,
    HOST: host,
    MQTT_PORT: mqttPort,
    HTTPS_PORT: httpsPort,
    PROFILE: profile,
    RATE: ratePerSecond,
    DURATION_SECONDS: durationSeconds,
    ...run.env,
  }
  return Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : ['--env', `${name}=${value}`],
  )
}

/**
 * k6 has no flag for an authority: Go reads those it trusts from a file. The public ones stay in it,
 * or k6 could not get an extension.
 */
function trustIn(caPem: string | undefined, folder: string): Readonly<Record<string, string>> {
  if (caPem === undefined) return {}
  const file = join(folder, 'authorities.pem')
  writeFileSync(file, [caPem, ...rootCertificates].join('\n'))
  return { SSL_CERT_FILE: file }
}
