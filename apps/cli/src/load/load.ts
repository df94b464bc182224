/** A load test from its flags to its exit status. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findTarget, type Target } from '@muster/fleet/control'
import {
  liveLoadView,
  loadReport,
  loadText,
  profiles,
  readThresholds,
  runLoad,
  scenarioNamed,
  scenarios,
  type LoadPath,
  type LoadProfile,
  type LoadResult,
  type ProfileName,
  type ScenarioFacts,
} from '@muster/loadtest'
import { present } from '@muster/model'
import { isElsewhere } from '../flags/elsewhere.ts'
import { localServer, targetedFlags } from '../flags/local-server.ts'
import { stopSignal, type Interruption } from '../serve/until-stopped.ts'
import type { LoadFlags } from './load-commands.ts'
import { startOwnServer, type OwnServer } from './own-server.ts'

/** A busy machine stalls for seconds: in an hour that is no reason to end. */
const SOAK_OUTAGE_SECONDS = 60

/**
 * Runs the scenarios; the exit status is 1 when a threshold broke.
 *
 * @throws Error for what could not run
 */
export async function loadCommand(name: string, flags: LoadFlags): Promise<void> {
  if (name === 'list') {
    for (const { description, name: one } of scenarios) {
      process.stdout.write(`${one.padEnd(18)} ${description}\n`)
    }
    return
  }
  const path = flags.path ?? 'mqtt'
  const chosen = name === 'all' ? scenariosOf(path) : [scenarioOf(name, flags.path)]
  const thresholds = flags.thresholds === undefined ? undefined : readThresholds(flags.thresholds)
  const profile = profileOf(flags)
  const stop = stopSignal()
  const own = namesNoServer(flags) ? await startOwnServer() : undefined
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const view = liveLoadView(process.stderr)
  try {
    const target = await targetOf(flags, own)
    if (own !== undefined) say(`a server of its own: process ${own.pid}, HTTP port ${own.httpPort}`)
    const result = await runLoad({
      ...target,
      scenarios: chosen,
      path,
      profile,
      identityFolder: flags.identities ?? join(own?.folder ?? flags.data, 'load'),
      closed: flags.closed,
      ...(profile.name === 'soak' && { outageSeconds: SOAK_OUTAGE_SECONDS }),
      signal: stop,
      log: say,
      onProgress: view.show,
      ...present({
        thresholds,
        workers: flags.workers,
        messagesMax: flags.maxMessages,
        serverEnded: own?.ended,
      }),
    })
    view.end()
    tell(name, path, flags, result)
    process.exitCode = stop.aborted
      ? (stop.reason as Interruption).exitCode
      : exitCode(result, chosen)
  } finally {
    await own?.close()
  }
}

function tell(name: string, path: string, flags: LoadFlags, result: LoadResult): void {
  const { runs } = result
  if (flags.html !== undefined) {
    writeFileSync(flags.html, loadReport(name, result))
    process.stderr.write(`report: ${flags.html}\n`)
  }
  if (!flags.json) {
    process.stdout.write(loadText(runs))
    return
  }
  const ok = runs.length > 0 && runs.every((run) => run.ok)
  const line = name === 'all' ? { ok, scenario: name, path, profile: flags.profile, runs } : runs[0]
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** A scenario that was not run because one before it ended early has not held anything. */
function exitCode({ runs }: LoadResult, chosen: readonly ScenarioFacts[]): number {
  return runs.length === chosen.length && runs.every(({ ok }) => ok) ? 0 : 1
}

/** Those that go this way, and those that go none. */
function scenariosOf(path: LoadPath | 'both'): readonly ScenarioFacts[] {
  return scenarios.filter(
    ({ paths }) => paths.length === 0 || path === 'both' || paths.includes(path),
  )
}

function scenarioOf(name: string, path: LoadFlags['path']): ScenarioFacts {
  const scenario = scenarioNamed(name)
  const { paths } = scenario
  const asked = path === 'both' ? BOTH : [path ?? []].flat()
  if (asked.every((one) => paths.includes(one))) return scenario
  const expected =
    paths.length > 0
      ? `expected --path ${paths.join(' or ')}`
      : `no device takes part; --path is for ${withPaths().join(', ')}`
  throw new Error(`${name} has no path ${path}: ${expected}`)
}

const BOTH: readonly LoadPath[] = ['mqtt', 'https']

function withPaths(): readonly string[] {
  return scenarios.filter(({ paths }) => paths.length > 0).map(({ name }) => name)
}

function profileOf(flags: LoadFlags): LoadProfile {
  const shape = profiles[flags.profile as ProfileName]
  return {
    ...shape,
    ...present({ devices: flags.devices, seconds: flags.duration, perSecond: flags.rate }),
    ...(flags.rate !== undefined && { isGiven: true }),
  }
}

/** Whether a server of one's own is meant: none is named, and none runs on the data folder. */
function namesNoServer(flags: LoadFlags): boolean {
  const { alpnPort, awsProfile, httpPort, httpsPort, mqttPort } = flags
  const named = [alpnPort, awsProfile, httpPort, httpsPort, mqttPort]
  if (named.some((flag) => flag !== undefined) || isElsewhere(address(flags))) return false
  return localServer(flags).running === undefined
}

async function targetOf(flags: LoadFlags, own: OwnServer | undefined): Promise<Target> {
  if (own !== undefined) {
    const { httpPort, httpsPort, mqttPort } = own
    return await findTarget({ httpPort, httpsPort, mqttPort }, {})
  }
  const named = address(flags)
  if (isElsewhere(named) && flags.maxMessages === undefined) {
    throw new Error(
      'a server elsewhere is charged by the message: say how many with --max-messages',
    )
  }
  return await findTarget(targetedFlags(named), process.env)
}

/** The flags by which others name a server: there `profile` is that of AWS. */
function address({
  awsProfile,
  profile: _shape,
  ...flags
}: LoadFlags): Omit<LoadFlags, 'profile' | 'awsProfile'> & { readonly profile?: string } {
  return { ...flags, ...present({ profile: awsProfile }) }
}
