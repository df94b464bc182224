/**
 * The three services in one place: routes, inputs and outputs of every operation, compiled from
 * the SDK's schemas on first use.
 */
import { compileOutput, type OutputWriter } from './answer.ts'
import type { ConstraintTable } from './constraint.ts'
import { constraints } from './constraints/tables.ts'
import { ReaderCompiler } from './reader.ts'
import { compileInput, type InputReader } from './read-input.ts'
import { Router, type Match } from './router.ts'
import { operationsOf, type OperationSchema } from './sdk-schemas.ts'
import type { AwsService } from './service.ts'

/** Both sides of one operation. */
export interface OperationCodec {
  readonly readInput: InputReader
  readonly writeOutput: OutputWriter
}

/** Routing and codecs of the three services. Stateless but for its caches. */
export class AwsProtocol {
  readonly #routers = new Map<AwsService, Router>()
  readonly #compilers: Readonly<Record<AwsService, ReaderCompiler>>
  readonly #codecs = new WeakMap<OperationSchema, OperationCodec>()

  constructor(tables: Readonly<Record<AwsService, ConstraintTable>> = constraints) {
    this.#compilers = {
      iot: new ReaderCompiler(tables.iot),
      iotdata: new ReaderCompiler(tables.iotdata),
      'iot-jobs-data': new ReaderCompiler(tables['iot-jobs-data']),
    }
  }

  /** @param path - raw, without query */
  match(
    service: AwsService,
    method: string,
    path: string,
    query: ReadonlyMap<string, readonly string[]>,
  ): Match {
    return this.#router(service).match(method, path, query)
  }

  #router(service: AwsService): Router {
    let router = this.#routers.get(service)
    if (router === undefined) {
      // A topic's slashes may arrive encoded or not (gateway G59).
      router = new Router(operationsOf(service), (_, label) => {
        return service === 'iotdata' && label === 'topic'
      })
      this.#routers.set(service, router)
    }
    return router
  }

  /** The codec of an operation that {@link match} found. */
  codec(operation: OperationSchema): OperationCodec {
    let codec = this.#codecs.get(operation)
    if (codec === undefined) {
      const compiler = this.#compilers[operation.service]
      codec = {
        readInput: compileInput(operation, compiler),
        writeOutput: compileOutput(operation, compiler.constraintOf),
      }
      this.#codecs.set(operation, codec)
    }
    return codec
  }
}
