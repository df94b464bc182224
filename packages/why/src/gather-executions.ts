/** The executions of a thing, in the order in which it gets them. */
import {
  DescribeJobExecutionCommand,
  ListJobExecutionsForThingCommand,
  type JobExecutionSummaryForThing,
} from '@aws-sdk/client-iot'
import type { IotPort } from './iot-port.ts'
import type { Reading } from './reading.ts'
import type { ExecutionFact } from './thing-facts.ts'

/** Executions that are looked at, of each status. */
const EXECUTIONS_MAX = 25
const PENDING = ['IN_PROGRESS', 'QUEUED'] as const

/** Those that wait or run, first the one that the device gets first, and those that are over. */
export interface Executions {
  readonly pending: readonly ExecutionFact[]
  readonly ended: readonly ExecutionFact[]
}

export async function executionsOf(
  reading: Reading,
  iot: IotPort,
  thingName: string,
  nowMs: number,
): Promise<Executions> {
  const list = async (status?: (typeof PENDING)[number]): Promise<readonly ExecutionFact[]> => {
    const input = { thingName, maxResults: EXECUTIONS_MAX, ...(status !== undefined && { status }) }
    const answer = iot.send(new ListJobExecutionsForThingCommand(input))
    const listed = await reading.orNone('ListJobExecutionsForThing', answer)
    // Oldest first: times are seconds on AWS, and the list is in the opposite order.
    return (listed?.executionSummaries ?? []).map(factOf).reverse()
  }
  const [running, queued, newest] = await Promise.all([list(PENDING[0]), list(PENDING[1]), list()])
  const pending = [...running.toSorted(byQueueTime), ...queued.toSorted(byQueueTime)]
  const ended = newest
    .toReversed()
    .filter(({ status }) => status !== 'QUEUED' && status !== 'IN_PROGRESS')
    .toSorted((left, right) => right.lastUpdatedAtMs - left.lastUpdatedAtMs)
  const [head, last] = [pending[0], ended[0]]
  return {
    pending: head === undefined ? [] : [await described(head), ...pending.slice(1)],
    ended: last === undefined ? [] : [await described(last), ...ended.slice(1)],
  }

  /** With its timer and with what the device said. */
  async function described(execution: ExecutionFact): Promise<ExecutionFact> {
    const { jobId, executionNumber } = execution
    const answer = iot.send(new DescribeJobExecutionCommand({ jobId, thingName, executionNumber }))
    const found = (await reading.orNone('DescribeJobExecution', answer))?.execution
    const seconds = found?.approximateSecondsBeforeTimedOut
    return {
      ...execution,
      timesOutAtMs: seconds === undefined ? undefined : nowMs + seconds * 1000,
      details: found?.statusDetails?.detailsMap,
    }
  }
}

function byQueueTime(left: ExecutionFact, right: ExecutionFact): number {
  return left.queuedAtMs - right.queuedAtMs
}

function factOf({ jobId = '', jobExecutionSummary }: JobExecutionSummaryForThing): ExecutionFact {
  const { executionNumber = 1, status = '', queuedAt, startedAt } = jobExecutionSummary ?? {}
  const queuedAtMs = queuedAt?.getTime() ?? 0
  return {
    jobId,
    executionNumber,
    status,
    queuedAtMs,
    startedAtMs: startedAt?.getTime(),
    lastUpdatedAtMs: jobExecutionSummary?.lastUpdatedAt?.getTime() ?? queuedAtMs,
  }
}
