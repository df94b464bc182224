/**
 * What it takes to count one answered operation: ours beside the Prometheus client's own histogram, which
 * it replaces in the way of each request.
 */
import { OPERATION_BUCKETS, OperationSeconds, type MeteredOperation } from '@muster/server/testkit'
import { Histogram, Registry } from 'prom-client'
import { median, spread, type Measure } from '../measure.ts'

const RUNS = 7
const OBSERVATIONS = 300_000
const operations: readonly MeteredOperation[] = [
  'GetPendingJobExecutions',
  'StartNextPendingJobExecution',
  'UpdateJobExecution',
].map((operation) => ({ service: 'iot-jobs-data', operation, status: 200, durationMs: 0.1 }))

/** The measures of this benchmark. */
export function* run(): Iterable<Measure> {
  const ours = new OperationSeconds(new Registry())
  const theirs = new Histogram({
    name: 'muster_operation_seconds',
    help: 'The same',
    labelNames: ['service', 'operation', 'protocol', 'status'],
    buckets: [...OPERATION_BUCKETS],
    registers: [new Registry()],
  })
  const observeTheirs = ({ service, operation, status, durationMs }: MeteredOperation): void =>
    theirs.observe({ service, operation, protocol: 'mqtt', status }, durationMs / 1000)
  const samples = Array.from({ length: RUNS + 1 }, () => ({
    ours: nanoseconds((operation) => ours.observe('mqtt', operation)),
    theirs: nanoseconds(observeTheirs),
  })).slice(1)
  const ratios = samples.map((sample) => sample.theirs / sample.ours)
  yield {
    name: 'an answered operation counted, prom-client',
    unit: 'ns',
    ours: median(samples.map((sample) => sample.ours)),
    peer: median(samples.map((sample) => sample.theirs)),
    ratio: median(ratios),
    spread: spread(ratios),
    runs: RUNS,
  }
}

function nanoseconds(observe: (operation: MeteredOperation) => void): number {
  const from = process.cpuUsage().user
  for (let round = 0; round < OBSERVATIONS / operations.length; round += 1) {
    for (const operation of operations) observe(operation)
  }
  return ((process.cpuUsage().user - from) * 1000) / OBSERVATIONS
}
