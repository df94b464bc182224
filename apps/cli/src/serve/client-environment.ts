/** The variables by which the AWS CLI, the SDKs and device clients find a server. */
import type { ServerAddress } from '@muster/server/running-server'
import type { Operator } from '../flags/environment-operator.ts'

/** A server and who works there. */
export interface ClientEnvironment {
  readonly operator: Operator
  readonly region: string
  /** Of the HTTP listener. */
  readonly url: string
  /** Where devices connect; undefined when only the HTTP listener is known. */
  readonly server?: Pick<
    ServerAddress,
    'caFile' | 'mqttPort' | 'httpsPort' | 'alpnPort' | 'httpPort'
  >
}

/** Variables that would lead the same clients elsewhere, or to another account. */
export const hiddenVariables: readonly string[] = [
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_ENDPOINT_URL_IOT',
  'AWS_ENDPOINT_URL_IOT_DATA_PLANE',
  'AWS_ENDPOINT_URL_IOT_JOBS_DATA_PLANE',
  'AWS_ENDPOINT_URL_STS',
]

/** The variables, by name. */
export function clientEnvironment(to: ClientEnvironment): Readonly<Record<string, string>> {
  const { operator, region, url, server } = to
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    ...(operator.sessionToken !== undefined && { AWS_SESSION_TOKEN: operator.sessionToken }),
    ...(server !== undefined && {
      MUSTER_CA: server.caFile,
      MUSTER_MQTT_PORT: String(server.mqttPort),
      MUSTER_HTTPS_PORT: String(server.httpsPort),
      MUSTER_ALPN_PORT: String(server.alpnPort),
      MUSTER_HTTP_PORT: String(server.httpPort),
    }),
  }
}
