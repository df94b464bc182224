/**
 * Operations and errors as the AWS SDK packages publish them (design decision 2): the packages
 * export every operation's schema with method, URI and members, and every error with its status.
 *
 * A package brings its whole client with it: each is loaded with the first request for its service,
 * and a server that nobody asks holds none of them.
 */
import { createRequire } from 'node:module'
import { NormalizedSchema } from '@smithy/core/schema'
import type { AwsService } from './service.ts'
import { isErrorSchema, isOperationSchema } from './static-schema.ts'

/** One operation of one service. */
export interface OperationSchema {
  readonly service: AwsService
  /** AWS's name: `CreateThing`. */
  readonly name: string
  readonly method: string
  /** URI pattern with `{label}` and `{label+}`; a literal query may follow `?`. */
  readonly uri: string
  /** Whether the path may end in a slash, too. */
  readonly trailingSlash: boolean
  /** HTTP status of success. */
  readonly status: number
  readonly input: NormalizedSchema
  readonly output: NormalizedSchema
}

type Exported = Readonly<Record<string, unknown>>

const require = createRequire(import.meta.url)

const packages: Readonly<Record<AwsService, () => Exported>> = {
  iot: () => require('@aws-sdk/client-iot') as Exported,
  iotdata: () => require('@aws-sdk/client-iot-data-plane') as Exported,
  'iot-jobs-data': () => require('@aws-sdk/client-iot-jobs-data-plane') as Exported,
}

/** AWS's model ends their URIs in a slash: botocore sends it, the SDK packages leave it out. */
const slashedOperations = new Set(['ListAuthorizers', 'ListCertificateProviders'])

/** Every operation of a service that its SDK package exports. */
export function operationsOf(service: AwsService): readonly OperationSchema[] {
  const operations: OperationSchema[] = []
  for (const exported of Object.values(packages[service]())) {
    if (!isOperationSchema(exported)) continue
    const [, , name, traits, input, output] = exported
    const http = typeof traits === 'object' ? traits.http : undefined
    if (http === undefined) continue
    const [method, uri, status] = http
    operations.push({
      service,
      name,
      method,
      uri,
      trailingSlash: slashedOperations.has(name),
      status,
      input: NormalizedSchema.of(input),
      output: NormalizedSchema.of(output),
    })
  }
  return operations
}

/** HTTP status of every error a service models, by exception name (gateway G83, jobs J49). */
export function errorStatusesOf(service: AwsService): ReadonlyMap<string, number> {
  const statuses = new Map<string, number>()
  for (const exported of Object.values(packages[service]())) {
    if (!isErrorSchema(exported)) continue
    const [, , name, traits] = exported
    const status = typeof traits === 'object' ? traits.httpError : undefined
    if (typeof status === 'number') statuses.set(name, status)
  }
  return statuses
}
