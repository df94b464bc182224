import type { TargetModule } from '../target.ts'
import { json, JobsWorld } from './jobs-world.ts'

/** A job as its operator asks for it; what is accepted rolls out, is started, described and ended. */
export const reader: TargetModule['reader'] = () => (input) => {
  const world = new JobsWorld()
  if (!world.create(input)) return
  world.advance()
  world.ask('start-next', json({}))
  world.ask('J/update', json({ status: 'FAILED' }))
  world.advance()
  world.engine.describeJob({ jobId: 'J' }, world.nowMs)
  world.engine.cancelJob({ jobId: 'J', force: true }, world.nowMs)
  world.advance()
}
