import type { JobsEngine } from '@muster/jobs'
import type { OtaJobs } from '@muster/streams'

/** The Jobs service as OTA updates use it (neighbours N97). */
export function otaJobs(engine: JobsEngine): OtaJobs {
  return {
    create: (input, nowMs) => engine.createServiceJob(input, nowMs),
    delete: (jobId, force, nowMs) => engine.deleteJob({ jobId, force }, nowMs),
    isLive: (jobId) => {
      const described = engine.describeJob({ jobId }, 0)
      const status = described.ok ? described.value.job?.status : undefined
      if (status === undefined || status === 'DELETION_IN_PROGRESS') return undefined
      return status === 'IN_PROGRESS' || status === 'SCHEDULED'
    },
  }
}
