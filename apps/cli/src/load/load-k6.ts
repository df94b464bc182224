/** A k6 script on many devices, and what came of it. */
import { join } from 'node:path'
import { k6SummaryText, runK6, type DataEndpoint } from '@muster/loadtest/k6'
import { findTarget } from '@muster/fleet/control'
import { targetedFlags } from '../flags/local-server.ts'
import { stopSignal, type Interruption } from '../serve/until-stopped.ts'
import type { LoadK6Flags } from './load-k6-command.ts'

/** Runs it; the exit status is 1 when a threshold broke or a process of k6 did not come to its end. */
export async function loadK6(script: string, flags: LoadK6Flags): Promise<void> {
  const stop = stopSignal()
  const summary = await runK6({
    script,
    k6: flags.k6,
    folder: flags.identities ?? join(flags.data, 'devices'),
    devices: flags.devices,
    shard: flags.shard ?? { index: 0, count: 1 },
    endpoint: () => endpointOf(flags),
    profile: flags.profile,
    ratePerSecond: flags.rate,
    durationSeconds: flags.duration,
    env: variables(flags),
    signal: stop,
    log: (line) => void process.stderr.write(`${line}\n`),
  })
  process.stdout.write(flags.json ? `${JSON.stringify(summary)}\n` : k6SummaryText(summary))
  process.exitCode = stop.aborted ? (stop.reason as Interruption).exitCode : summary.ok ? 0 : 1
}

async function endpointOf({ profile: _shape, ...server }: LoadK6Flags): Promise<DataEndpoint> {
  const { endpoints } = await findTarget(targetedFlags(server), process.env)
  const { dataHost: host, mqttPort = 8883, httpsPort = 8443, caPem } = endpoints
  return { host, mqttPort, httpsPort, caPem }
}

/** @throws Error naming a variable that has no value */
function variables({ env = [], deniedShare }: LoadK6Flags): Record<string, string> {
  const given = env.map((pair) => {
    const at = pair.indexOf('=')
    if (at < 1) throw new Error(`--env ${pair}: expected NAME=VALUE`)
    return [pair.slice(0, at), pair.slice(at + 1)] as const
  })
  return {
    ...(deniedShare !== undefined && { DENIED_SHARE: String(deniedShare) }),
    ...Object.fromEntries(given),
  }
}
