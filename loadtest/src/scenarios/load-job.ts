/**
 * Jobs of load runs. A job's id tells when it was to be created, so that whoever ends an execution of it
 * knows how long that took.
 */

/** @param runId - of this run; ids are `[a-zA-Z0-9_-]{1,64}` (jobs J1) */
export function loadJobId(runId: string, number: number, intendedMs: number): string {
  return `load-${runId}-${number}-${Math.round(intendedMs).toString(36)}`
}

/** When a job of this run was to be created, by `machineMs`; undefined for a job of somebody else. */
export function intendedOf(runId: string, jobId: string): number | undefined {
  if (!jobId.startsWith(`load-${runId}-`)) return undefined
  const stamp = Number.parseInt(jobId.slice(jobId.lastIndexOf('-') + 1), 36)
  return Number.isNaN(stamp) ? undefined : stamp
}

/** What a load job asks of a device: as long as a real one. */
export const JOB_DOCUMENT: string = JSON.stringify({
  operation: 'install',
  package: 'firmware',
  url: 'https://downloads.example.com/firmware/2.0.1/image.bin',
  sha256: '0123456789abcdef'.repeat(4),
})
