/**
 * `muster start`, the main job: a server, a fleet of certificate-authenticated devices, and a staged
 * rollout that an unmodified AWS SDK creates, watched until it completes. The fleet stays for the
 * jobs that come after it.
 */
import {
  IoTClient,
  UpdateEventConfigurationsCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import {
  startServer,
  yieldV8Threads,
  type AdminExtension,
  type RunningServer,
} from '@muster/server'
import {
  answerSimulator,
  fleetScenario,
  liveView,
  Simulator,
  type Scenario,
  type SimulatorTarget,
  type Summary,
} from '@muster/simulator'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { consoleInBackground } from './console-build.ts'
import { summaryText } from '../fleet/summary-text.ts'
import { serverAdminToken } from '../flags/admin-token.ts'
import { environmentOperator, type Operator } from '../flags/environment-operator.ts'
import { localhostReaches, reachableAddress, shownHost, urlHost } from './reachable-host.ts'
import { serverOptions } from './server-options.ts'
import type { StartFlags } from './start-command.ts'
import { stopSignal, untilStopped, type Interruption } from './until-stopped.ts'

/** Runs the main job; with `--once` the exit status is 1 when it did not go as it should. */
export async function runStart(flags: StartFlags): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const known = operatorOf(flags)
  if (flags.clock === 'virtual') {
    throw new Error(
      'a virtual clock stands still, and so would the rollout: use --clock xN or system, ' +
        'or `muster up --clock virtual`',
    )
  }
  yieldV8Threads()
  const console = consoleInBackground()
  const server = await startServer(
    serverOptions(flags, { freePortsWhenTaken: true, consoleDist: console.dist }),
  )
  console.build()
  const consoleUrl = `http://${shownHost(flags.bind)}:${server.httpPort}/console/`
  for (const note of server.notes) say(note)
  const { mqttPort, httpsPort, alpnPort, httpPort } = server
  say(`server up: MQTT ${mqttPort}, HTTPS ${httpsPort}, ALPN ${alpnPort}, HTTP ${httpPort}`)
  if (flags.clock !== 'system') {
    say(`the clock runs at \`${flags.clock}\`: rollout minutes and timers pass that much faster`)
  }
  say(
    `console: ${consoleUrl}${server.firstOperator?.accessKeyId === 'test' ? ' (access key test, secret test)' : ''}`,
  )
  const stop = stopSignal()
  const view = liveView(process.stderr)
  try {
    const operator = known ?? server.firstOperator
    if (operator === undefined) throw new Error('the server has no operator')
    const demo = mainJob(server, flags, operator)
    await switchOnWhatTheConsoleShows(demo.target)
    const simulator = new Simulator(demo.target)
    server.mountAdmin('simulator', simulatorExtension(simulator, [demo.scenario]))
    let isOver = false
    const over = (summary: Summary, who: string): void => {
      isOver = true
      view.end()
      process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : summaryText(summary))
      if (flags.once) process.exitCode = summary.ok ? 0 : 1
      else say(`${who} until Ctrl-C; create the next job at ${consoleUrl}`)
    }
    const summary = await simulator.run({
      scenario: demo.scenario,
      stays: !flags.once,
      stay: async (atEnd) => over(atEnd, 'fleet and server stay'),
      onProgress: (progress) => void (isOver || view.show(progress)),
      signal: stop,
    })
    if (!isOver) {
      stop.throwIfAborted()
      over(summary, 'the server stays')
    }
    // Who stops the fleet through the admin API may start another one.
    if (!flags.once) await untilStopped(stop)
    await simulator.stop()
  } catch (cause) {
    if (!stop.aborted) throw cause
    view.end()
    say('interrupted before the rollout ended')
    process.exitCode = (stop.reason as Interruption).exitCode
  } finally {
    view.end()
    await server.close()
  }
}

/** The operator that creates the fleet and its job; undefined: the server's first. */
function operatorOf(flags: StartFlags): Operator | undefined {
  if (flags.iam === undefined) return undefined
  const operator = environmentOperator(process.env)
  if (operator !== undefined) return operator
  throw new Error(
    'with --iam, `start` needs the key of a user in that file to create its fleet and job: ' +
      'set MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY',
  )
}

/** Job events and the fleet's indexes are off by default, here as on AWS; live pages want them. */
async function switchOnWhatTheConsoleShows(target: MainJob['target']): Promise<void> {
  const { credentials, endpoints, region } = target
  const iot = new IoTClient({ endpoint: endpoints.controlUrl, region, credentials })
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
      thingGroupIndexingConfiguration: { thingGroupIndexingMode: 'ON' },
    }),
  )
  iot.destroy()
}

/** The fleet of `start`, and where it runs. */
interface MainJob {
  readonly scenario: Scenario
  readonly target: SimulatorTarget & {
    readonly region: string
    readonly credentials: Operator
    readonly endpoints: { readonly controlUrl: string }
  }
}

/** 100 devices of one type, most over MQTT, and a rollout that doubles its rate as it goes. */
function mainJob(server: RunningServer, flags: StartFlags, operator: Operator): MainJob {
  const adminToken = serverAdminToken(flags)
  const scenario = fleetScenario({
    name: 'muster-demo',
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
  })
  return {
    scenario: {
      ...scenario,
      devices: flags.devices,
      description: 'The fleet of `start`: a staged rollout, most devices over MQTT, few that fail',
    },
    target: {
      endpoints: {
        controlUrl: `http://${urlHost(flags.bind)}:${server.httpPort}`,
        ...(adminToken === undefined ? {} : { adminToken }),
        dataHost: localhostReaches(flags.bind) ? 'localhost' : reachableAddress(flags.bind),
        mqttPort: server.mqttPort,
        httpsPort: server.httpsPort,
        caPem: readFileSync(server.caFile, 'utf8'),
      },
      region: flags.region,
      credentials: operator,
      identityFolder: join(flags.data, 'devices'),
      clockRate: server.clockRate,
      log: (line) => process.stderr.write(`${line}\n`),
    },
  }
}

/** The simulator as the server mounts it. */
function simulatorExtension(simulator: Simulator, own: readonly Scenario[]): AdminExtension {
  return async (request) => {
    const { status, body } = await answerSimulator(simulator, own, request)
    return { status, contentType: 'application/json', body: `${JSON.stringify(body)}\n` }
  }
}
