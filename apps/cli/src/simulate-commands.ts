/** `muster simulate` and `muster onboard`: a fleet against any server. */
import {
  findTarget,
  htmlReport,
  liveView,
  loadScenario,
  readyScenarios,
  simulate,
  startMetrics,
  type Progress,
  type Sample,
  type TargetFlags,
} from '@muster/simulator'
import { InvalidArgumentError, type Command } from 'commander'
import { writeFileSync } from 'node:fs'
import { port } from './server-flags.ts'
import { summaryText } from './summary-text.ts'
import { addTargetFlags } from './target-flags.ts'

interface FleetFlags extends TargetFlags {
  readonly devices?: number
  readonly seed?: number
  readonly prefix?: string
  readonly identities: string
  readonly shard?: { readonly index: number; readonly count: number }
  readonly json: boolean
}

interface SimulateFlags extends FleetFlags {
  readonly scenario: string
  readonly list: boolean
  readonly runId?: string
  readonly processes?: number
  readonly clockRate?: number
  readonly certificateFolder?: string
  readonly html?: string
  readonly metricsPort?: number
}

/** Adds `simulate` and `onboard`. */
export function addSimulateCommands(program: Command): void {
  const run = program
    .command('simulate')
    .description('run a fleet scenario against a server or AWS')
    .option('--scenario <name>', 'a ready scenario or a YAML file', 'ota-wave')
    .option('--list', 'name the ready scenarios', false)
  fleetFlags(run)
    .option('--certificate-folder <dir>', 'devices are those with a certificate in there')
    .option(
      '--admin-token <token>',
      'of a server that asks for one: to move its clock, tell its use',
    )
    .option('--run-id <id>', 'tells runs apart; shards of one run share it')
    .option('--processes <n>', 'worker processes; default one for every 10000 devices', count)
    .option('--clock-rate <n>', 'device seconds per wall second; default the server’s', count)
    .option('--html <file>', 'write the report as one HTML page')
    .option('--metrics-port <port>', 'Prometheus metrics while it runs (0: a free port)', port)
    .option('--json', 'the summary as JSON, last line on stdout', false)
    .action(runSimulate)
  const onboard = program
    .command('onboard')
    .description('make things and certificates for a fleet, and keep the keys for later runs')
    .option('--scenario <name>', 'whose groups to make', 'ota-wave')
  fleetFlags(onboard)
    .option('--json', 'what was made as JSON, last line on stdout', false)
    .action(runOnboard)
}

function fleetFlags(command: Command): Command {
  return addTargetFlags(command)
    .option('--devices <n>', 'how many devices; default the scenario’s', count)
    .option('--seed <n>', 'same seed, same fleet and decisions', integer)
    .option('--prefix <text>', 'things are named PREFIX-00017; default the scenario’s name')
    .option('--identities <dir>', 'where keys and certificates are kept', './.muster/devices')
    .option('--shard <i/n>', 'this host’s part of the fleet, from 0/n', shard)
}

async function runSimulate(flags: SimulateFlags): Promise<void> {
  if (flags.list) {
    for (const name of readyScenarios()) {
      process.stdout.write(`${name.padEnd(28)} ${loadScenario(name).description ?? ''}\n`)
    }
    return
  }
  const scenario = loadScenario(flags.scenario)
  const target = await findTarget(flags, process.env)
  const metrics =
    flags.metricsPort === undefined ? undefined : await startMetrics(flags.metricsPort)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  if (metrics !== undefined) say(`metrics: http://127.0.0.1:${metrics.port}/metrics`)
  const view = liveView(process.stderr)
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(new Error('interrupted'))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  let history: readonly Sample[] = []
  try {
    const summary = await simulate({
      ...target,
      scenario,
      identityFolder: flags.identities,
      signal: stop.signal,
      log: say,
      onHistory: (samples) => (history = samples),
      onProgress: (progress: Progress) => {
        view.show(progress)
        metrics?.show(progress)
      },
      ...pick(
        flags,
        'devices',
        'seed',
        'prefix',
        'shard',
        'runId',
        'processes',
        'clockRate',
        'certificateFolder',
      ),
    })
    view.end()
    if (flags.html !== undefined) {
      writeFileSync(flags.html, htmlReport(summary, history))
      say(`report: ${flags.html}`)
    }
    process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : summaryText(summary))
    process.exitCode = summary.ok ? 0 : 1
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt)
    await metrics?.close()
  }
}

async function runOnboard(flags: FleetFlags & { readonly scenario: string }): Promise<void> {
  const target = await findTarget(flags, process.env)
  const view = liveView(process.stderr)
  const summary = await simulate({
    ...target,
    scenario: { ...loadScenario(flags.scenario), phases: [], assertions: [] },
    identityFolder: flags.identities,
    onProgress: view.show,
    ...pick(flags, 'devices', 'seed', 'prefix', 'shard'),
  })
  view.end()
  const { devices, certificatesMade, onboardSeconds } = summary
  const made = { devices, certificatesMade, onboardSeconds, identities: flags.identities }
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(made)}\n`
      : `${devices} devices onboarded in ${onboardSeconds} s, ${certificatesMade} certificates made; keys in ${flags.identities}\n`,
  )
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

function count(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError('expected a number from 1')
  }
  return number
}

function integer(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number)) throw new InvalidArgumentError('expected an integer')
  return number
}

function shard(value: string): { readonly index: number; readonly count: number } {
  const [, index, total] = /^(\d+)\/(\d+)$/.exec(value) ?? []
  const [place, of] = [Number(index), Number(total)]
  if (!(of >= 1) || place >= of) throw new InvalidArgumentError('expected i/n with i from 0 to n-1')
  return { index: place, count: of }
}
