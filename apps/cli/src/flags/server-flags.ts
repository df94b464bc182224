/** The flags of a server. */
import { parseClock } from '@muster/clock'
import { DEFAULT_PORTS } from '@muster/server/options'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { dataFolderFlag } from './data-flag.ts'
import { inputFile, inputFiles } from './named-file.ts'
import { proxyFlag } from './proxy-flag.ts'
import { accountId, collect, port, region } from './values.ts'

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug']

/** Flags of how a server behaves: `up`, `start` and `exec` have them. */
export interface ServerBehaviourFlags {
  readonly region: string
  readonly accountId: string
  readonly clock: string
  readonly s3Folder?: string
  readonly documentFolder?: string
  readonly fetchDocuments: boolean
  readonly hook?: Map<string, string>
  readonly reasonStrings: boolean
  readonly awsEndpoints: boolean
  readonly legacyEndpoints: boolean
  readonly strictSni: boolean
  readonly policyDelay: number
  readonly refusedConnack?: 5 | 7
  readonly sessionTickets: boolean
  readonly quotas: 'none' | 'aws'
  readonly logLevel: string
  /** Undefined: lines for people on a terminal, JSON elsewhere. */
  readonly logFormat?: 'pretty' | 'json'
}

/** All flags of a server that stays: also where it is, what it keeps and who may operate it. */
export interface ServerFlags extends ServerBehaviourFlags {
  readonly data: string
  readonly store?: string
  readonly storeKeyFile?: string
  readonly storeOutage?: number
  readonly bind: string
  readonly hostname?: string[]
  readonly iam?: string[]
  readonly identityPools?: string
  readonly corsOrigin?: string[]
  readonly adminToken?: string
  readonly adminTokenFile?: string
  readonly mqttPort: number
  readonly httpsPort: number
  readonly alpnPort: number
  readonly httpPort: number
  readonly proxyFrom?: string[]
}

/**
 * Adds the flags of the design's table to a command.
 *
 * @param edge - who ends TLS: the ports of `gateways` are where clients reach them
 */
export function addServerFlags(
  command: Command,
  clock: string,
  edge: 'own' | 'gateways' = 'own',
): Command {
  const told = edge === 'gateways' ? ' at the gateways (0: as the last that joined)' : undefined
  const ports = told === undefined ? DEFAULT_PORTS : { mqttPort: 0, httpsPort: 0, alpnPort: 0 }
  proxyFlag(dataFolderFlag(command))
    .option(
      '--store <url>',
      'keep the account in PostgreSQL: postgres://user@host/database; PG* variables count',
    )
    .option(
      '--store-key-file <file>',
      'key (or MUSTER_STORE_KEY) that seals the data folder’s keys in the database',
      inputFile('a file with the key'),
    )
    .option('--store-outage <seconds>', 'end when it is out of reach this long (60)', seconds)
    .option('--bind <address>', 'address to listen on', '127.0.0.1')
    .option('--hostname <name>', 'certificate name and SNI name (repeatable)', collect)
    .option(
      '--iam <file>',
      'IAM file, or the output of get-account-authorization-details and a file with keys (repeatable)',
      inputFiles('an IAM file'),
    )
    .option(
      '--identity-pools <file>',
      'Cognito identity pools that are there at the start',
      inputFile('a file of identity pools'),
    )
    .option('--admin-token <token>', 'token the admin API asks for; needed beyond loopback')
    .option(
      '--admin-token-file <file>',
      'the same from a file (or MUSTER_ADMIN_TOKEN): ps shows flags',
      inputFile('a file with the token'),
    )
    .option(
      '--mqtt-port <port>',
      `MQTT, mutual TLS${told ?? ' (0: a free one)'}`,
      port,
      ports.mqttPort,
    )
    .option('--https-port <port>', `HTTPS, mutual TLS${told ?? ''}`, port, ports.httpsPort)
    .option('--alpn-port <port>', `TLS by ALPN, AWS’s 443${told ?? ''}`, port, ports.alpnPort)
    .option('--http-port <port>', 'HTTP, SigV4; console', port, DEFAULT_PORTS.httpPort)
  return addServerBehaviourFlags(command, clock)
}

/** Adds the flags of how a server behaves. */
export function addServerBehaviourFlags(command: Command, clock: string): Command {
  return command
    .option('--region <region>', 'AWS region', region, 'us-east-1')
    .option('--account-id <id>', 'AWS account id', accountId, '123456789012')
    .option('--cors-origin <origin>', 'web pages that may call this server (repeatable)', collect)
    .option('--clock <mode>', 'system, virtual or xN', clockMode, clock)
    .option('--s3-folder <dir>', 'folder that stands for S3: DIR/BUCKET/KEY')
    .option('--document-folder <dir>', 'folder below which file:// job documents may be read')
    .option('--fetch-documents', 'fetch https:// job documents from public addresses', false)
    .option('--hook <arn=url>', 'pre-provisioning hook callback (repeatable)', hook)
    .option('--reason-strings', 'explain denials in MQTT 5 Reason Strings', false)
    .option('--aws-endpoints', 'DescribeEndpoint answers AWS’s host form', false)
    .option(
      '--legacy-endpoints',
      'DescribeEndpoint serves the retired iot:Data and iot:Jobs',
      false,
    )
    .option('--strict-sni', 'refuse devices whose handshake names no host', false)
    .option('--policy-delay <seconds>', 'devices see policy changes this late', seconds, 0)
    .option('--refused-connack <code>', 'answer a refused 3.1.1 CONNECT with 5 or 7', connack)
    .option('--session-tickets', 'issue TLS session tickets', false)
    .option('--quotas <profile>', 'rate quotas: none or aws', quotas, 'none')
    .option('--log-level <level>', LOG_LEVELS.join(', '), logLevel, 'warn')
    .addOption(
      new Option(
        '--log-format <format>',
        'lines to read or JSON; default: lines on a terminal',
      ).choices(['pretty', 'json']),
    )
}

function clockMode(value: string): string {
  try {
    parseClock(value, 0)
    return value
  } catch (cause) {
    throw new InvalidArgumentError((cause as Error).message)
  }
}

function logLevel(value: string): string {
  if (LOG_LEVELS.includes(value)) return value
  throw new InvalidArgumentError(`expected ${LOG_LEVELS.join(', ')}`)
}

function quotas(value: string): 'none' | 'aws' {
  if (value !== 'none' && value !== 'aws') throw new InvalidArgumentError('expected none or aws')
  return value
}

function seconds(value: string): number {
  const number = Number(value)
  if (!Number.isFinite(number) || number < 0) throw new InvalidArgumentError('expected seconds')
  return number
}

function connack(value: string): 5 | 7 {
  if (value === '5') return 5
  if (value === '7') return 7
  throw new InvalidArgumentError('expected 5 or 7')
}

function hook(value: string, before: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const cut = value.indexOf('=')
  if (cut < 1) throw new InvalidArgumentError('expected ARN=URL')
  return new Map([...before, [value.slice(0, cut), value.slice(cut + 1)]])
}
