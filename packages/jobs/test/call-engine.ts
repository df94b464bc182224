/**
 * An engine called by an operation's name, behind the checks of a server's front: rule tests see
 * what callers see.
 */
import { AwsProtocol, operationsOf } from '@muster/aws-protocol'
import type { Outcome } from '@muster/model'
import type { JobsEngine } from '../src/index.ts'

const protocol = new AwsProtocol()

/** Services whose operations an engine serves. */
export type JobsService = 'iot' | 'iot-jobs-data'

const operations = {
  iot: new Map(operationsOf('iot').map((one) => [one.name, one])),
  'iot-jobs-data': new Map(operationsOf('iot-jobs-data').map((one) => [one.name, one])),
}

/** Calls an operation with input read by the SDK's schemas and the model's constraints. */
export function callEngine(
  engine: JobsEngine,
  service: JobsService,
  name: string,
  input: object,
  nowMs: number,
): Outcome<object> {
  const read = modelInput(service, name, input)
  if (!read.ok) return read
  const isDevices = service === 'iot-jobs-data' && name === 'DescribeJobExecution'
  const method = isDevices
    ? 'describeDeviceJobExecution'
    : `${name.charAt(0).toLowerCase()}${name.slice(1)}`
  const methods = engine as unknown as Record<
    string,
    (input: object, nowMs: number) => Outcome<object>
  >
  const call = methods[method]
  if (call === undefined) throw new TypeError(`the engine has no ${method}`)
  return call.call(engine, read.value, nowMs)
}

/** Each member is where its operation looks for it: in path, query or body. */
function modelInput(service: JobsService, name: string, input: object): Outcome<object> {
  const operation = operations[service].get(name)
  if (operation === undefined) throw new TypeError(`${service} has no ${name}`)
  const scalars = Object.entries(input)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([member, value]) => [member, String(value)] as const)
  return protocol.codec(operation).readInput({
    labels: Object.fromEntries(scalars),
    query: new Map(scalars.map(([member, value]) => [member, [value]])),
    headers: {},
    body: new TextEncoder().encode(JSON.stringify(input)),
  })
}
