/**
 * What a server can be told. Each member is a flag of `muster up` (design: commands, ports and
 * defaults); the command line is the only place that gives defaults from the environment.
 */
import type { BusOptions } from './bus/bus-options.ts'
import type { Logger } from './log.ts'

/** TCP ports; 0 means a free one. */
export interface ServerPorts {
  readonly mqttPort: number
  readonly httpsPort: number
  readonly alpnPort: number
  readonly httpPort: number
}

/** The ports of the design, AWS's own where AWS has one. */
export const DEFAULT_PORTS: ServerPorts = {
  mqttPort: 8883,
  httpsPort: 8443,
  alpnPort: 9443,
  httpPort: 4566,
}

/** A PostgreSQL database that keeps an account. */
export interface StoreAddress {
  /** `postgres://user@host:port/database?sslmode=…`; what it lacks comes from PG* variables. */
  readonly url: string
  /**
   * What the keys of the data folder are sealed with, so that they are in the database too and a core
   * with another folder can lead; undefined: they are in the folder alone.
   */
  readonly sealKey: string | undefined
  /** How long the database may be out of reach before the core gives up; undefined: a minute. */
  readonly outageSeconds: number | undefined
}

/** Processes that end TLS in the place of a server's own listeners. */
export type GatewaysOptions =
  /** So many on this machine, started and ended with the server, on the server's ports. */
  | { readonly kind: 'local'; readonly count: number }
  /** Those that join over NATS; the server's ports are where clients reach them, 0: as they say. */
  | {
      readonly kind: 'bus'
      readonly bus: BusOptions
      /** What gateways must show; undefined: nothing, on a bus of this machine. */
      readonly joinToken: string | undefined
    }

/** How a server starts. */
export interface ServerOptions {
  /** Data folder; undefined keeps everything in memory and the authority in a temporary folder. */
  readonly dataDir: string | undefined
  /** Where the account is kept; undefined: in a file of the data folder. */
  readonly store: StoreAddress | undefined
  /** Ends a start that waits for another core to end. */
  readonly signal?: AbortSignal
  /** Address to listen on. Beyond loopback, `adminToken` and operators must be given. */
  readonly bind: string
  /** Names in the server's certificate and known to SNI; the first is what DescribeEndpoint says. */
  readonly hostnames: readonly string[]
  readonly region: string
  readonly accountId: string
  readonly ports: ServerPorts
  /** undefined: the server's own listeners. */
  readonly gateways: GatewaysOptions | undefined
  /** Over how long clients are parted with when the server is told to stop; 0: all at once. */
  readonly drainSeconds: number
  /** Balancers that say by PROXY protocol whom a connection is from: addresses, or networks. */
  readonly proxyFrom: readonly string[]
  /** Take a free port where a wanted one is taken, instead of refusing to start. */
  readonly freePortsWhenTaken: boolean
  /** IAM files (identities I1, I16); they replace the default operator. */
  readonly iamFiles: readonly string[]
  /** Cognito identity pools that are there at the start, and again after a reset. */
  readonly identityPoolsFile: string | undefined
  /** First operator when no IAM file is given; undefined is `test`/`test`, loopback only. */
  readonly firstOperator:
    | { readonly accessKeyId: string; readonly secretAccessKey: string }
    | undefined
  /** Origins of web pages that may call the AWS operations (identities I108). */
  readonly corsOrigins: readonly string[]
  /** Asked of callers of the admin API as `Authorization: Bearer …`. */
  readonly adminToken: string | undefined
  /** `system`, `virtual` or `xN`. */
  readonly clock: string
  /** Folder that stands for S3: `FOLDER/BUCKET/KEY`. */
  readonly s3Folder: string | undefined
  /** Folder below which `file://` job documents may be read. */
  readonly documentFolder: string | undefined
  /** Fetch other `https://` job documents than S3's, from public addresses only. */
  readonly fetchDocuments: boolean
  /** Pre-provisioning hooks: Lambda ARN to callback URL. */
  readonly hooks: ReadonlyMap<string, string>
  /** Put the explanation of a denial into MQTT 5 Reason Strings. */
  readonly reasonStrings: boolean
  /** Answer DescribeEndpoint in AWS's host form instead of the first host name. */
  readonly awsEndpointForm: boolean
  /** Serve the retired `iot:Data` and `iot:Jobs` in DescribeEndpoint (gateway A3). */
  readonly legacyEndpoints: boolean
  /** Refuse devices whose handshake names no host (gateway A1). */
  readonly strictSni: boolean
  /** How long a change of a policy or its attachments is not seen by devices (authz X24). */
  readonly policyDelaySeconds: number
  /** Return code for a refused 3.1.1 CONNECT; undefined: a bare close, as seen on AWS (gateway A2). */
  readonly refusedConnack: 5 | 7 | undefined
  /** File that allowed requests of devices are recorded in, each once; it is started anew. */
  readonly recordFile?: string | undefined
  /** Issue TLS session tickets (cheaper reconnects, more memory per connection). */
  readonly sessionTickets: boolean
  /** Rate quotas to enforce (gateway G123); size and count limits always hold. */
  readonly quotas: 'none' | 'aws'
  /** Built console to serve; undefined answers a page that waits for it. */
  readonly consoleDist: () => string | undefined
  readonly log: Logger
  /**
   * Data could not be made durable (a full or failing disk). Nothing unwritten was acknowledged,
   * but memory is ahead of the disk: whoever started the server must end it.
   */
  readonly onCommitFailed: (cause: unknown) => void
}
