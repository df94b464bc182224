/**
 * `muster start`, the main job: a server, a fleet of certificate-authenticated devices, and a staged
 * rollout that an unmodified AWS SDK creates, watched until it completes.
 */
import {
  IoTClient,
  UpdateEventConfigurationsCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { startServer, type RunningServer } from '@muster/server'
import { liveView, runFleet, type RunFleetOptions } from '@muster/simulator'
import { InvalidArgumentError, type Command } from 'commander'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { consoleInBackground } from './console-build.ts'
import { addServerFlags, serverOptions, type ServerFlags } from './server-flags.ts'
import { summaryText } from './summary-text.ts'
import { untilStopped } from './until-stopped.ts'

interface StartFlags extends ServerFlags {
  readonly devices: number
  readonly once: boolean
  readonly json: boolean
}

/** Adds `start`. */
export function addStartCommand(program: Command): void {
  const start = program
    .command('start')
    .description('server, fleet and a staged rollout in one; stays up until Ctrl-C')
  addServerFlags(start, 'x30')
    .option('--devices <n>', 'how many devices', devices, 100)
    .option('--once', 'exit after the summary', false)
    .option('--json', 'the summary as JSON, last line on stdout', false)
    .action(runMainJob)
}

async function runMainJob(flags: StartFlags): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const server = await startServer(
    serverOptions(flags, { freePortsWhenTaken: true, consoleDist: consoleInBackground() }),
  )
  const consoleUrl = `http://localhost:${server.httpPort}/console/`
  for (const note of server.notes) say(note)
  say(`server up: MQTT ${server.mqttPort}, HTTPS ${server.httpsPort}, HTTP ${server.httpPort}`)
  if (flags.clock !== 'system') {
    say(`the clock runs at \`${flags.clock}\`: rollout minutes and timers pass that much faster`)
  }
  say(
    `console: ${consoleUrl}${server.firstOperator?.accessKeyId === 'test' ? ' (access key test, secret test)' : ''}`,
  )
  await switchOnWhatTheConsoleShows(server, flags.region)
  const view = liveView(process.stderr)
  try {
    const summary = await runFleet(mainJob(server, flags, view.show))
    view.end()
    process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : summaryText(summary))
    if (flags.once) process.exitCode = summary.ok ? 0 : 1
    else {
      say(`the console stays at ${consoleUrl}; Ctrl-C stops the server`)
      await untilStopped()
    }
  } finally {
    view.end()
    await server.close()
  }
}

/** Job events and connectivity are off by default, here as on AWS; live pages want them. */
async function switchOnWhatTheConsoleShows(server: RunningServer, region: string): Promise<void> {
  if (server.firstOperator === undefined) return
  const iot = new IoTClient({
    endpoint: `http://127.0.0.1:${server.httpPort}`,
    region,
    credentials: server.firstOperator,
  })
  const on = { Enabled: true }
  await iot.send(
    new UpdateEventConfigurationsCommand({ eventConfigurations: { JOB: on, JOB_EXECUTION: on } }),
  )
  await iot.send(
    new UpdateIndexingConfigurationCommand({
      thingIndexingConfiguration: {
        thingIndexingMode: 'REGISTRY',
        thingConnectivityIndexingMode: 'STATUS',
      },
    }),
  )
  iot.destroy()
}

/** 100 devices of one type, most over MQTT, and a rollout that doubles its rate as it goes. */
function mainJob(
  server: RunningServer,
  flags: StartFlags,
  onProgress: NonNullable<RunFleetOptions['onProgress']>,
): RunFleetOptions {
  return {
    name: 'muster-demo',
    devices: flags.devices,
    thingType: 'muster-demo-sensor',
    mix: { https: 0.1, failed: 0.04, rejected: 0.02 },
    workSeconds: { min: 5, max: 60 },
    job: {
      document: { operation: 'install-firmware', version: '2.0.0' },
      rollout: {
        maximumPerMinute: 1000,
        baseRatePerMinute: 20,
        incrementFactor: 2,
        numberOfNotifiedThings: 20,
      },
    },
    endpoints: {
      controlUrl: `http://127.0.0.1:${server.httpPort}`,
      dataHost: 'localhost',
      mqttPort: server.mqttPort,
      httpsPort: server.httpsPort,
      caPem: readFileSync(server.caFile, 'utf8'),
    },
    region: flags.region,
    ...(server.firstOperator === undefined ? {} : { credentials: server.firstOperator }),
    identityFolder: join(flags.data, 'devices'),
    clockRate: server.clockRate,
    log: (line) => process.stderr.write(`${line}\n`),
    onProgress,
  }
}

function devices(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1 || number > 100_000) {
    throw new InvalidArgumentError('expected a number from 1 to 100000')
  }
  return number
}
