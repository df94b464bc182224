/** Which requests of a device's jobs were answered. */
import type { JobsTransport, Reply } from '@muster/device'

/** What is no answer of the service, but what became of asking it. */
const NO_ANSWER: ReadonlySet<string> = new Set(['Denied', 'Disconnected', 'Timeout'])

/**
 * A transport that tells of answers.
 *
 * @param answered - told the request as the end of a connection names one that waits: `publish TOPIC`
 */
export function answeredTransport(
  transport: JobsTransport,
  thingName: string,
  answered: (request: string) => void,
): JobsTransport {
  const told = async <T>(operation: string, asked: Promise<Reply<T>>): Promise<Reply<T>> => {
    const reply = await asked
    if (reply.ok || !NO_ANSWER.has(reply.error.code)) {
      answered(`publish $aws/things/${thingName}/jobs/${operation}`)
    }
    return reply
  }
  return {
    startNext: (request) => told('start-next', transport.startNext(request)),
    describe: (jobId, request) => told(`${jobId}/get`, transport.describe(jobId, request)),
    pending: () => told('get', transport.pending()),
    update: (jobId, request) => told(`${jobId}/update`, transport.update(jobId, request)),
  }
}
