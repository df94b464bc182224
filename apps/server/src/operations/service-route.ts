/**
 * Which service a request is for. Control plane and jobs data plane share URIs (jobs J46), so the
 * signature's scope, the host or the listener tells them apart: here and nowhere else.
 */
import type { AwsProtocol, AwsService, OperationSchema } from '@muster/aws-protocol'

/** What is known of a request before it is authenticated. */
export interface RouteRequest {
  readonly method: string
  /** Raw path without query. */
  readonly path: string
  readonly query: ReadonlyMap<string, readonly string[]>
  readonly host: string
  /** Service in the credential scope; undefined on the mutual-TLS listeners. */
  readonly scope: string | undefined
}

/** Where a request goes. */
export type ServiceRoute =
  | {
      readonly kind: 'operation'
      readonly operation: OperationSchema
      readonly labels: Readonly<Record<string, string>>
      /** Scopes a signature for it may state. */
      readonly scopes: readonly string[]
    }
  /** The path belongs to a service that the stated scope does not cover; `scopes` are the right ones. */
  | {
      readonly kind: 'wrong-scope'
      readonly service: AwsService
      readonly scopes: readonly string[]
    }
  | {
      readonly kind: 'wrong-method'
      readonly service: AwsService
      readonly scopes: readonly string[]
      readonly allow: readonly string[]
    }
  | { readonly kind: 'none'; readonly service: AwsService; readonly scopes: readonly string[] }

/** Services that a credential scope reaches, the likelier first (gateway G125). */
const servicesOfScope: ReadonlyMap<string, readonly AwsService[]> = new Map([
  ['iot', ['iot']],
  ['execute-api', ['iot']],
  ['iotdata', ['iotdata', 'iot-jobs-data']],
  ['iot-jobs-data', ['iot-jobs-data', 'iotdata']],
  ['iotdevicegateway', ['iotdata', 'iot-jobs-data']],
])

/** Scopes a service takes, AWS's own name first. */
const scopesOfService: Readonly<Record<AwsService, readonly string[]>> = {
  iot: ['iot', 'execute-api'],
  iotdata: ['iotdata', 'iotdevicegateway', 'iot-jobs-data'],
  'iot-jobs-data': ['iot-jobs-data', 'iotdata', 'iotdevicegateway'],
}

const dataServices: readonly AwsService[] = ['iotdata', 'iot-jobs-data']
const allServices: readonly AwsService[] = ['iot', 'iotdata', 'iot-jobs-data']

/** Services that AWS's host names stand for; undefined for a host that says nothing. */
function servicesOfHost(host: string): readonly AwsService[] | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, '')
  if (/(^|\.)jobs\.iot\.[a-z0-9-]+\.amazonaws\./.test(name)) return ['iot-jobs-data', 'iotdata']
  if (/^iot\.[a-z0-9-]+\.amazonaws\./.test(name)) return ['iot']
  if (/(^data(-ats)?|-ats|^[a-z0-9]+)\.iot\.[a-z0-9-]+\.amazonaws\./.test(name)) return dataServices
  return undefined
}

/** Finds the operation of a request; never throws. */
export function routeRequest(protocol: AwsProtocol, request: RouteRequest): ServiceRoute {
  const { method, path, query, host, scope } = request
  const ofScope = scope === undefined ? dataServices : (servicesOfScope.get(scope) ?? [])
  const ofHost = servicesOfHost(host)
  const reachable = ofHost === undefined ? ofScope : ofScope.filter((name) => ofHost.includes(name))
  let wrongMethod: ServiceRoute | undefined
  for (const service of reachable) {
    const match = protocol.match(service, method, path, query)
    const scopes = scopesOfService[service]
    if (match.kind === 'operation') {
      return { kind: 'operation', operation: match.operation, labels: match.labels, scopes }
    }
    if (match.kind === 'wrong-method' && service !== 'iot') {
      wrongMethod ??= { kind: 'wrong-method', service, scopes, allow: match.allow }
    }
  }
  if (scope !== undefined) {
    const elsewhere = (ofHost ?? allServices).find(
      (service) => protocol.match(service, method, path, query).kind === 'operation',
    )
    if (elsewhere !== undefined || reachable.length === 0) {
      const service = elsewhere ?? ofHost?.[0] ?? 'iot'
      return { kind: 'wrong-scope', service, scopes: scopesOfService[service] }
    }
  }
  const service = reachable[0] ?? 'iot'
  return wrongMethod ?? { kind: 'none', service, scopes: scopesOfService[service] }
}
