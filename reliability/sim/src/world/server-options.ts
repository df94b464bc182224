/** How a simulated server is set up. */
import { entryLog } from '@muster/server'
import type { ServerOptions } from '@muster/server/options'

const log = entryLog(process.env['MUSTER_SIM_LOG'] ?? 'silent', (entry) => console.error(entry))

/** @param stop - called when a commit failed and the process must end */
export function serverOptions(stop: () => void): ServerOptions {
  return {
    dataDir: undefined,
    store: undefined,
    bind: '127.0.0.1',
    hostnames: ['localhost'],
    region: 'us-east-1',
    accountId: '123456789012',
    ports: { mqttPort: 0, httpsPort: 0, alpnPort: 0, httpPort: 0 },
    gateways: undefined,
    drainSeconds: 0,
    proxyFrom: [],
    freePortsWhenTaken: false,
    iamFiles: [],
    identityPoolsFile: undefined,
    corsOrigins: [],
    firstOperator: undefined,
    adminToken: undefined,
    clock: 'system',
    s3Folder: undefined,
    documentFolder: undefined,
    fetchDocuments: false,
    hooks: new Map(),
    reasonStrings: false,
    awsEndpointForm: false,
    legacyEndpoints: false,
    strictSni: false,
    policyDelaySeconds: 0,
    refusedConnack: undefined,
    sessionTickets: false,
    quotas: 'none',
    consoleDist: () => undefined,
    log,
    onCommitFailed: stop,
  }
}
