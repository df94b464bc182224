/** `muster load k6`: the k6 scripts of `loadtest/k6`, or one's own, on many devices. */
import type { Shard } from '@muster/simulator'
import { InvalidArgumentError, type Command } from 'commander'
import { dataFolderFlag } from '../flags/data-flag.ts'
import { inputFile } from '../flags/named-file.ts'
import { collect, count, port, positive, shard } from '../flags/values.ts'

/** Flags of `load k6`. */
export interface LoadK6Flags {
  readonly k6: string
  readonly data: string
  readonly profile: string
  readonly devices: number
  readonly rate?: number
  readonly duration?: number
  readonly deniedShare?: number
  readonly env?: readonly string[]
  /** Undefined: `devices` in the data folder. */
  readonly identities?: string
  readonly shard?: Shard
  readonly mqttPort?: number
  readonly httpsPort?: number
  readonly httpPort?: number
  readonly dataEndpoint?: string
  readonly ca?: string
  readonly json: boolean
}

/** Adds `k6` below `load`. */
export function addLoadK6Command(load: Command): void {
  const command = load
    // Flags after `k6` are of k6's command, also where `load` has one of the name.
    .enablePositionalOptions()
    .command('k6')
    .description('run a k6 script with your own k6: a process and a certificate for each device')
    .argument(
      '<script>',
      'a ready script, such as jobs-https, or a file; see loadtest/k6/README.md',
    )
    .option('--k6 <program>', 'your k6, 1.2 or newer; k6 is no part of Muster', 'k6')
    .option('--profile <name>', 'smoke, average, stress, spike or soak', 'smoke')
    .option('--devices <n>', 'devices, some 60 MB of memory each', count, 4)
    .option('--rate <n>', 'highest rate, a second and device; default the profile’s', positive)
    .option('--duration <seconds>', 'length of the run; default the profile’s', positive)
    .option('--denied-share <n>', 'share of requests that the policy forbids, 0 to 1', share)
    .option('--env <name=value>', 'a variable for the script (repeatable)', collect)
    .option('--identities <dir>', 'where keys and certificates are; default DATA/devices')
    .option('--shard <i/n>', 'this host’s part of the identities, from 0/n', shard)
  dataFolderFlag(command)
    .option(
      '--mqtt-port <port>',
      'MQTT, mutual TLS; default that of the data folder’s server',
      port,
    )
    .option('--https-port <port>', 'HTTPS, mutual TLS', port)
    .option('--http-port <port>', 'HTTP, of a local server, which tells the rest', port)
    .option('--data-endpoint <host[:port]>', 'another server, or AWS (port: of MQTT)')
    .option(
      '--ca <file>',
      'authority of the server; a local one is asked for it',
      inputFile('the PEM of an authority'),
    )
    .option('--json', 'the summary as JSON, last line on stdout', false)
    .action(async (script: string, flags: LoadK6Flags) => {
      const { loadK6 } = await import('./load-k6.ts')
      await loadK6(script, flags)
    })
}

function share(value: string): number {
  const number = Number(value)
  if (value !== '' && number >= 0 && number <= 1) return number
  throw new InvalidArgumentError('expected a number from 0 to 1')
}
