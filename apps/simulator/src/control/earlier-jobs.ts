import { ListJobsCommand, type IoTClient } from '@aws-sdk/client-iot'
import { call, ControlPlaneError } from '@muster/fleet/control'

/** A server's clock and a job's time may differ so much by chance alone. */
const AHEAD_MS = 60_000

/**
 * Jobs that earlier runs left to the same fleet: devices run those too, before or after this run's.
 *
 * @param ours - prefix of this run's job IDs
 * @param serverNowMs - the server's clock
 * @returns a sentence each; none where the operator may not list jobs
 */
export async function earlierJobs(
  client: IoTClient,
  thingGroupName: string,
  ours: string,
  serverNowMs: number,
): Promise<string[]> {
  try {
    const input = { thingGroupName, status: 'IN_PROGRESS' as const }
    const { jobs = [] } = await call('ListJobs', client.send(new ListJobsCommand(input)))
    return jobs
      .filter(({ jobId = '' }) => !jobId.startsWith(ours))
      .map(({ jobId, createdAt }) => {
        const aheadMs = (createdAt?.getTime() ?? 0) - serverNowMs
        const ahead =
          aheadMs > AHEAD_MS
            ? `; it was created ${(aheadMs / 3_600_000).toFixed(1)} h ahead of the server's clock, which ran faster then`
            : ''
        return `job \`${jobId}\` of an earlier run is still in progress for this fleet${ahead}`
      })
  } catch (cause) {
    if (cause instanceof ControlPlaneError) return []
    throw cause
  }
}
