import type { TargetModule } from '../target.ts'
import { json, JobsWorld } from './jobs-world.ts'

/** The start of a maintenance window; a job with one that is accepted goes through it. */
export const reader: TargetModule['reader'] = () => (input) => {
  const world = new JobsWorld()
  const startTime = Buffer.from(input).toString('utf8')
  const job = {
    targets: ['arn:aws:iot:us-east-1:123456789012:thinggroup/G'],
    document: '{}',
    targetSelection: 'CONTINUOUS',
    schedulingConfig: {
      startTime: '2026-11-22T11:00',
      maintenanceWindows: [{ startTime, durationInMinutes: 60 }],
    },
  }
  if (!world.create(json(job))) return
  for (let hour = 0; hour < 3; hour++) world.advance()
  world.engine.describeJob({ jobId: 'J' }, world.nowMs)
}
