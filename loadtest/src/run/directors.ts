import { ChurnDirector } from '../scenarios/churn-director.ts'
import type { Director, DirectorOptions } from '../scenarios/director.ts'
import { JobsDirector } from '../scenarios/jobs-director.ts'
import { CALLS_PER_LIFECYCLE } from '../scenarios/jobs-https-work.ts'

/** What a run does itself in a scenario; undefined where its workers do everything. */
export function directorOf(scenario: string, options: DirectorOptions): Director | undefined {
  switch (scenario) {
    case 'jobs-lifecycle':
      return new JobsDirector(options, 'lifecycles')
    case 'job-fanout':
      return new JobsDirector(options, 'fan-out')
    case 'jobs-https':
      return new JobsDirector(options, 'work', 1 / CALLS_PER_LIFECYCLE)
    case 'policy-churn':
      return new ChurnDirector(options)
    default:
      return undefined
  }
}
