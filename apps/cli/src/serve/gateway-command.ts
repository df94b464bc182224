/** `muster gateway`: ends TLS for a core. */
import { DEFAULT_PORTS } from '@muster/server/options'
import { hostname } from 'node:os'
import { InvalidArgumentError, type Command } from 'commander'
import { addBusFlags, type BusFlags } from '../flags/bus-flags.ts'
import { drainFlag } from '../flags/drain-flag.ts'
import { inputFile } from '../flags/named-file.ts'
import { proxyFlag } from '../flags/proxy-flag.ts'
import { port } from '../flags/values.ts'

/** Flags of `gateway`. */
export interface GatewayFlags extends BusFlags {
  readonly name?: string
  readonly bind: string
  readonly mqttPort: number
  readonly httpsPort: number
  readonly alpnPort: number
  readonly healthPort: number
  readonly sharePorts: boolean
  readonly adminToken?: string
  readonly adminTokenFile?: string
  readonly drainSeconds: number
  readonly proxyFrom?: string[]
  readonly json: boolean
}

/** Adds `gateway`. */
export function addGatewayCommand(program: Command): void {
  const gateway = program
    .command('gateway')
    .description('end TLS for a core, which it joins over NATS; any number of them')
  addBusFlags(gateway)
    .option(
      '--name <name>',
      `its own among all gateways (default: ${hostname()} and a number)`,
      named,
    )
    .option('--bind <address>', 'address to listen on', '127.0.0.1')
    .option('--mqtt-port <port>', 'MQTT, mutual TLS (0: a free one)', port, DEFAULT_PORTS.mqttPort)
    .option('--https-port <port>', 'HTTPS, mutual TLS', port, DEFAULT_PORTS.httpsPort)
    .option('--alpn-port <port>', 'TLS by ALPN, AWS’s 443', port, DEFAULT_PORTS.alpnPort)
    .option('--health-port <port>', 'health and metrics, in the clear (0: a free one)', port, 0)
    .option('--share-ports', 'with other gateways of this machine (Linux)', false)
    .option('--admin-token <token>', 'token that metrics ask for; needed beyond loopback')
    .option(
      '--admin-token-file <file>',
      'the same from a file (or MUSTER_ADMIN_TOKEN)',
      inputFile('a file with the token'),
    )
  proxyFlag(drainFlag(gateway, 10))
    .option('--json', 'print one JSON line when ready', false)
    .action(async (flags: GatewayFlags) => {
      const { runGateway } = await import('./gateway.ts')
      await runGateway(flags)
    })
}

function named(value: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(value)) return value
  throw new InvalidArgumentError('expected letters, digits, - and _, at most 64')
}
