/** Finds where a server gives out. */
import { STRESS_STEPS_MAX, stressStep, type LoadProfile, type Stage } from '../load-profile.ts'
import type { Knee, StageSummary } from './load-summary.ts'

/** A core, or most of it. */
const BUSY_SHARE = 0.85
const LATE_MS = 50

/** Decides what is offered next, from what the steps before came to. */
export class KneeSearch {
  readonly #profile: Pick<LoadProfile, 'perSecond' | 'seconds'>
  readonly #workers: number
  #held: StageSummary | undefined
  #broken: StageSummary | undefined
  #steps = 0
  #refined = false

  constructor(profile: Pick<LoadProfile, 'perSecond' | 'seconds'>, workers: number) {
    this.#profile = profile
    this.#workers = workers
  }

  /** The next step; undefined when enough is known. */
  next(): Stage | undefined {
    if (this.#broken === undefined) {
      return this.#steps < STRESS_STEPS_MAX ? stressStep(this.#profile, this.#steps) : undefined
    }
    if (this.#held === undefined || this.#refined) return undefined
    // Once more in the middle: the step between the two is half as much again.
    this.#refined = true
    const middle = Math.sqrt(this.#held.perSecond * this.#broken.perSecond)
    return stressStep({ ...this.#profile, perSecond: middle }, 0)
  }

  /** What came of the step that was offered. */
  took(step: StageSummary): void {
    this.#steps++
    if ((step.broke ?? []).length > 0) this.#broken = step
    else this.#held = step
  }

  get knee(): Knee {
    const broken = this.#broken
    return {
      perSecond: this.#held?.perSecond ?? 0,
      brokePerSecond: broken?.perSecond ?? null,
      broke: broken?.broke ?? [],
      gaveOut: broken === undefined ? 'nothing: the last step held' : this.#cause(broken),
    }
  }

  #cause({ generatorCpu, loopLagMsP99, serverCpu }: StageSummary): string {
    const percent = (share: number): string => `${Math.round(share * 100)} %`
    if (serverCpu !== null && serverCpu >= BUSY_SHARE) {
      return `the server: it used ${percent(serverCpu)} of a core`
    }
    const each = generatorCpu / Math.max(1, this.#workers)
    if (each >= BUSY_SHARE) {
      return `this generator: ${percent(each)} of a core a worker; give it more workers`
    }
    if (loopLagMsP99 >= LATE_MS) {
      return `this machine: a worker was ${loopLagMsP99} ms late with ${percent(each)} of a core, others had the rest`
    }
    const server = serverCpu === null ? 'does not say what it used' : `used ${percent(serverCpu)}`
    return `neither's CPU: the server ${server}, a worker ${percent(each)} of a core`
  }
}
