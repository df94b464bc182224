/** What the flags of a server mean to it. */
import { NotLeaderError, stderrLog, type ServerOptions } from '@muster/server'
import { serverAdminToken } from '../flags/admin-token.ts'
import { environmentOperator } from '../flags/environment-operator.ts'
import type { ServerFlags } from '../flags/server-flags.ts'
import { storeAddress } from '../flags/store-address.ts'
import { hostnames } from './reachable-host.ts'

/** The server options that flags and environment ask for. */
export function serverOptions(
  flags: ServerFlags,
  more: Pick<ServerOptions, 'freePortsWhenTaken' | 'consoleDist' | 'signal' | 'recordFile'>,
): ServerOptions {
  return {
    dataDir: flags.data,
    store: storeAddress(flags),
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
    gateways: undefined,
    drainSeconds: 0,
    proxyFrom: flags.proxyFrom ?? [],
    iamFiles: flags.iam ?? [],
    identityPoolsFile: flags.identityPools,
    corsOrigins: flags.corsOrigin ?? [],
    firstOperator: environmentOperator(process.env),
    adminToken: serverAdminToken(flags),
    clock: flags.clock,
    s3Folder: flags.s3Folder,
    documentFolder: flags.documentFolder,
    fetchDocuments: flags.fetchDocuments,
    hooks: flags.hook ?? new Map(),
    reasonStrings: flags.reasonStrings,
    awsEndpointForm: flags.awsEndpoints,
    legacyEndpoints: flags.legacyEndpoints,
    strictSni: flags.strictSni,
    policyDelaySeconds: flags.policyDelay,
    refusedConnack: flags.refusedConnack,
    sessionTickets: flags.sessionTickets,
    quotas: flags.quotas,
    log: stderrLog(flags.logLevel, flags.logFormat),
    onCommitFailed: (cause) => {
      process.stderr.write(
        cause instanceof NotLeaderError
          ? `muster: this core leads no more, and ends: ${cause.message}\n`
          : `muster: data could not be written to ${flags.data}: ${String(cause)}\n`,
      )
      process.exit(1)
    },
    ...more,
  }
}
