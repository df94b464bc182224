/** The SDK's clients with the wire replaced by a function. */
import * as control from '@aws-sdk/client-iot'
import * as data from '@aws-sdk/client-iot-data-plane'
import * as jobsData from '@aws-sdk/client-iot-jobs-data-plane'
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols'
import type { Answer } from '../src/answer.ts'
import type { OperationSchema } from '../src/sdk-schemas.ts'

/** Answers what a client sends. */
export type Wire = (request: HttpRequest) => Answer

interface AnyClient {
  send(command: object): Promise<object>
}

const packages = { iot: control, iotdata: data, 'iot-jobs-data': jobsData }

/** Sends one operation by an unmodified client over the given wire. */
export function sendOver(wire: Wire, operation: OperationSchema, input: object): Promise<object> {
  const exports = packages[operation.service] as unknown as Record<string, unknown>
  const Command = exports[`${operation.name}Command`] as new (input: object) => object
  const { service } = operation
  let client = clients.get(service)
  if (client === undefined) {
    client = clientOver((request) => current(request), service)
    clients.set(service, client)
  }
  current = wire
  return client.send(new Command(input))
}

/** Clients are slow to make; one operation is under way at a time. */
const clients = new Map<string, AnyClient>()
let current: Wire

function clientOver(wire: Wire, service: OperationSchema['service']): AnyClient {
  const settings = {
    endpoint: 'http://localhost:4566',
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle: (request: HttpRequest) => {
        const { status, headers, body } = wire(request)
        const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
        const response = new HttpResponse({
          statusCode: status,
          headers: { ...headers },
          body: new Blob([new Uint8Array(bytes)]).stream(),
        })
        return Promise.resolve({ response })
      },
    },
  }
  switch (service) {
    case 'iot':
      return new control.IoTClient(settings)
    case 'iotdata':
      return new data.IoTDataPlaneClient(settings)
    case 'iot-jobs-data':
      return new jobsData.IoTJobsDataPlaneClient(settings)
  }
}
