/** The flags of a server, and what they mean to it. */
import { DEFAULT_PORTS, stderrLog, type ServerOptions } from '@muster/server'
import { InvalidArgumentError, type Command } from 'commander'
import { environmentOperator } from './environment-operator.ts'
import { hostnames } from './reachable-host.ts'

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug']

/** Flags of `up` and `start` as commander parses them. */
export interface ServerFlags {
  readonly data: string
  readonly bind: string
  readonly hostname?: string[]
  readonly region: string
  readonly accountId: string
  readonly iam?: string
  readonly adminToken?: string
  readonly clock: string
  readonly mqttPort: number
  readonly httpsPort: number
  readonly alpnPort: number
  readonly httpPort: number
  readonly s3Folder?: string
  readonly documentFolder?: string
  readonly hook?: Map<string, string>
  readonly reasonStrings: boolean
  readonly awsEndpoints: boolean
  readonly strictEndpoints: boolean
  readonly strictSni: boolean
  readonly policyDelay: number
  readonly refusedConnack?: 5 | 7
  readonly sessionTickets: boolean
  readonly quotas: 'none' | 'aws'
  readonly logLevel: string
}

/** Adds the flags of the design's table to a command. */
export function addServerFlags(command: Command, clock: string): Command {
  return command
    .option('--data <dir>', 'data folder', './.muster')
    .option('--bind <address>', 'address to listen on', '127.0.0.1')
    .option('--hostname <name>', 'certificate name and SNI name (repeatable)', collect)
    .option('--region <region>', 'AWS region', region, 'us-east-1')
    .option('--account-id <id>', 'AWS account id', accountId, '123456789012')
    .option('--iam <file>', 'IAM users file (JSON); replaces the default operator')
    .option('--admin-token <token>', 'token the admin API asks for; needed beyond loopback')
    .option('--clock <mode>', 'system, virtual or xN', clock)
    .option('--mqtt-port <port>', 'MQTT, mutual TLS (0: a free one)', port, DEFAULT_PORTS.mqttPort)
    .option('--https-port <port>', 'HTTPS, mutual TLS', port, DEFAULT_PORTS.httpsPort)
    .option('--alpn-port <port>', 'TLS by ALPN, AWS’s 443', port, DEFAULT_PORTS.alpnPort)
    .option('--http-port <port>', 'HTTP, SigV4; console', port, DEFAULT_PORTS.httpPort)
    .option('--s3-folder <dir>', 'folder that stands for S3: DIR/BUCKET/KEY')
    .option('--document-folder <dir>', 'folder below which file:// job documents may be read')
    .option('--hook <arn=url>', 'pre-provisioning hook callback (repeatable)', hook)
    .option('--reason-strings', 'explain denials in MQTT 5 Reason Strings', false)
    .option('--aws-endpoints', 'DescribeEndpoint answers AWS’s host form', false)
    .option('--strict-endpoints', 'DescribeEndpoint refuses iot:Data and iot:Jobs', false)
    .option('--strict-sni', 'refuse devices whose handshake names no host', false)
    .option('--policy-delay <seconds>', 'devices see policy changes this late', seconds, 0)
    .option('--refused-connack <code>', 'answer a refused 3.1.1 CONNECT with 5 or 7', connack)
    .option('--session-tickets', 'issue TLS session tickets', false)
    .option('--quotas <profile>', 'rate quotas: none or aws', quotas, 'none')
    .option('--log-level <level>', LOG_LEVELS.join(', '), logLevel, 'warn')
}

/** The server options that flags and environment ask for. */
export function serverOptions(
  flags: ServerFlags,
  more: Pick<ServerOptions, 'freePortsWhenTaken' | 'consoleDist'>,
): ServerOptions {
  return {
    dataDir: flags.data,
    bind: flags.bind,
    hostnames: hostnames(flags.hostname ?? [], flags.bind),
    region: flags.region,
    accountId: flags.accountId,
    ports: {
      mqttPort: flags.mqttPort,
      httpsPort: flags.httpsPort,
      alpnPort: flags.alpnPort,
      httpPort: flags.httpPort,
    },
    iamFile: flags.iam,
    firstOperator: environmentOperator(process.env),
    adminToken: flags.adminToken,
    clock: flags.clock,
    s3Folder: flags.s3Folder,
    documentFolder: flags.documentFolder,
    hooks: flags.hook ?? new Map(),
    reasonStrings: flags.reasonStrings,
    awsEndpointForm: flags.awsEndpoints,
    strictEndpoints: flags.strictEndpoints,
    strictSni: flags.strictSni,
    policyDelaySeconds: flags.policyDelay,
    refusedConnack: flags.refusedConnack,
    sessionTickets: flags.sessionTickets,
    quotas: flags.quotas,
    log: stderrLog(flags.logLevel),
    onCommitFailed: (cause) => {
      process.stderr.write(`muster: data could not be written to ${flags.data}: ${String(cause)}\n`)
      process.exit(1)
    },
    ...more,
  }
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}

/** Parses a TCP port flag. */
export function port(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new InvalidArgumentError('expected a port from 0 to 65535')
  }
  return number
}

function accountId(value: string): string {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('expected twelve digits')
  return value
}

function region(value: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(value))
    throw new InvalidArgumentError('expected one like us-east-1')
  return value
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
