/** The histogram of operations beside the Prometheus client's own. */
import { expect, it } from 'vitest'
import type { MeteredOperation, MeteredProtocol } from '../src/metrics.ts'
import { OPERATION_BUCKETS, OperationSeconds } from '../src/operation-seconds.ts'
import { Histogram, Registry } from '../src/prometheus.ts'

it('says what the client says of the same operations, word for word', async () => {
  const [ours, theirs] = [new Registry(), new Registry()]
  const operations = new OperationSeconds(ours)
  const histogram = new Histogram({
    name: 'muster_operation_seconds',
    help: 'AWS operations by service, name, protocol and HTTP status, or what it would be',
    labelNames: ['service', 'operation', 'protocol', 'status'],
    buckets: [...OPERATION_BUCKETS],
    registers: [theirs],
  })
  expect(await ours.metrics()).toBe(await theirs.metrics())
  for (const [protocol, operation] of told()) {
    const { service, status, durationMs } = operation
    const labels = { service, operation: operation.operation, protocol, status }
    histogram.observe(labels, durationMs / 1000)
    operations.observe(protocol, operation)
  }
  expect(await ours.metrics()).toBe(await theirs.metrics())
})

/** Of every bucket, its bound and above all; names that have to be escaped too. */
function* told(): Iterable<[MeteredProtocol, MeteredOperation]> {
  const durationsMs = OPERATION_BUCKETS.flatMap((bound) => [bound * 1000, bound * 1000 + 0.25])
  for (const durationMs of [0, ...durationsMs, 12_345.678]) {
    for (const protocol of ['http', 'mqtt'] as const) {
      for (const operation of ['CreateThing', 'an "odd"\\ one\n']) {
        for (const service of ['iot', 'iot-jobs-data']) {
          yield [
            protocol,
            { service, operation, status: protocol === 'http' ? 200 : 404, durationMs },
          ]
        }
      }
    }
  }
}
