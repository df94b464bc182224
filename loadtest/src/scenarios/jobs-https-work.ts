/** The four calls of the jobs data plane over HTTPS, each device in its own time. */
import { Turns } from '../worker/device-fleet.ts'
import type { HttpsDevice } from '../worker/https-device.ts'
import type { WorkOptions } from '../worker/work.ts'
import { DeviceWork } from './device-work.ts'

type Step = 'GetPending' | 'StartNext' | 'Describe' | 'Update' | 'Succeed'

/** Calls of a lifecycle; without a job a device goes round the first two and describes `$next`. */
export const CALLS_PER_LIFECYCLE = 5

interface Progress {
  step: Step
  jobId: string | undefined
}

/** One call under way a device. */
export class JobsHttpsWork extends DeviceWork {
  readonly #turns: Turns<HttpsDevice>
  readonly #progress = new Map<HttpsDevice, Progress>()

  constructor(options: WorkOptions) {
    super(options, () => [])
    this.#turns = new Turns(this.fleet.https)
    for (const device of this.fleet.https) {
      this.#progress.set(device, { step: 'GetPending', jobId: undefined })
    }
  }

  arrive(intendedMs: number): boolean {
    const device = this.#turns.next(({ underWay }) => underWay === 0)
    const progress = device && this.#progress.get(device)
    if (device === undefined || progress === undefined) return false
    const { jobId, step } = progress
    const asked = {
      kind: step === 'Succeed' ? 'Update' : step,
      expected: 'allowed',
      intendedMs,
    } as const
    switch (step) {
      case 'GetPending':
        device.jobs(asked, 'GET', '')
        progress.step = 'StartNext'
        break
      case 'StartNext':
        device.jobs(asked, 'PUT', '$next', {}, (body) => {
          progress.jobId = /"jobId":"([^"]+)"/.exec(body)?.[1]
        })
        progress.step = 'Describe'
        break
      case 'Describe':
        device.jobs(asked, 'GET', jobId ?? '$next')
        progress.step = jobId === undefined ? 'GetPending' : 'Update'
        break
      case 'Update':
        device.jobs(asked, 'POST', jobId ?? '', { status: 'IN_PROGRESS' })
        progress.step = 'Succeed'
        break
      case 'Succeed':
        device.jobs(asked, 'POST', jobId ?? '', { status: 'SUCCEEDED' }, () => {
          this.tally().count('lifecycles')
        })
        progress.step = 'GetPending'
        progress.jobId = undefined
        break
    }
    return true
  }
}
