/** What is typed to change a fleet, what is wrong with it, and the change it makes; pure. */
import type { Network, SimulatorChange, SimulatorState } from './simulator-state.ts'

/** A share of devices with its behaviour, as typed. */
export interface ShareTyped {
  readonly behaviour: string
  /** Percent. */
  readonly percent: string
  /** Empty: as the scenario has it. */
  readonly durationSeconds: string
}

/** The network faults as typed; empty texts are faults that do not happen. */
export interface NetworkTyped {
  readonly latencyMilliseconds: string
  readonly flappingEverySeconds: string
  readonly offlineEverySeconds: string
  readonly offlineForSeconds: string
  readonly halfOpenEverySeconds: string
  readonly halfOpenForSeconds: string
  readonly bytesPerSecond: string
}

/** A number of at least `least`; undefined for anything else. */
export function numberIn(
  text: string,
  least: number,
  most: number = Number.MAX_VALUE,
): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  return number >= least && number <= most ? number : undefined
}

/** The fleet's present shares, as they are typed. */
export function sharesOf({ byBehaviour }: Pick<SimulatorState, 'byBehaviour'>): ShareTyped[] {
  return byBehaviour.map(({ behaviour, share }) => ({
    behaviour,
    percent: String(Math.round(share * 1000) / 10),
    durationSeconds: '',
  }))
}

/** What keeps shares from being sent, by place; -1 for all of them together. */
export function shareProblems(shares: readonly ShareTyped[]): ReadonlyMap<number, string> {
  const problems = new Map<number, string>()
  let sum = 0
  for (const [index, { percent, durationSeconds }] of shares.entries()) {
    const share = numberIn(percent, Number.MIN_VALUE, 100)
    if (share === undefined) problems.set(index, 'Enter a share above 0 and up to 100.')
    else if (durationSeconds.trim() !== '' && numberIn(durationSeconds, 0) === undefined) {
      problems.set(index, 'Enter seconds, or nothing.')
    }
    sum += share ?? 0
  }
  if (shares.length === 0) problems.set(-1, 'Add at least one behaviour.')
  else if (problems.size === 0 && Math.abs(sum - 100) > 0.1) {
    problems.set(-1, `The shares make ${Math.round(sum * 10) / 10} percent, not 100.`)
  }
  return problems
}

/** Shares without problems as the simulator takes them. */
export function shareChange(
  shares: readonly ShareTyped[],
): NonNullable<SimulatorChange['behaviours']> {
  return shares.map(({ behaviour, percent, durationSeconds }) => ({
    behaviour,
    share: Number(percent) / 100,
    ...(durationSeconds.trim() === '' ? {} : { durationSeconds: Number(durationSeconds) }),
  }))
}

/** Present faults, as they are typed. */
export function networkTyped(network: Network | null): NetworkTyped {
  const text = (value: unknown): string => (typeof value === 'number' ? String(value) : '')
  return {
    latencyMilliseconds: text(network?.latencyMilliseconds),
    flappingEverySeconds: text(network?.flapping?.everySeconds),
    offlineEverySeconds: text(network?.offline?.everySeconds),
    offlineForSeconds: text(network?.offline?.forSeconds),
    halfOpenEverySeconds: text(network?.halfOpen?.everySeconds),
    halfOpenForSeconds: text(network?.halfOpen?.forSeconds),
    bytesPerSecond: text(network?.slowReader?.bytesPerSecond),
  }
}

/** What is wrong with a field of the network faults; undefined: nothing. */
export function networkProblem(typed: NetworkTyped, field: keyof NetworkTyped): string | undefined {
  const text = typed[field].trim()
  const other = pairs[field]
  if (text === '') {
    const isHalf = other !== undefined && typed[other].trim() !== ''
    return isHalf ? 'Both how often and for how long are needed.' : undefined
  }
  const least = field === 'latencyMilliseconds' ? 0 : Number.MIN_VALUE
  return numberIn(text, least) === undefined ? 'Enter a number above 0, or nothing.' : undefined
}

const pairs: Partial<Record<keyof NetworkTyped, keyof NetworkTyped>> = {
  offlineEverySeconds: 'offlineForSeconds',
  offlineForSeconds: 'offlineEverySeconds',
  halfOpenEverySeconds: 'halfOpenForSeconds',
  halfOpenForSeconds: 'halfOpenEverySeconds',
}

/** Faults without problems as the simulator takes them; null where there are none. */
export function networkChange(typed: NetworkTyped): Network | null {
  const latencyMilliseconds = numberIn(typed.latencyMilliseconds, 0)
  const flapping = numberIn(typed.flappingEverySeconds, 0)
  const offline = spell(typed.offlineEverySeconds, typed.offlineForSeconds)
  const halfOpen = spell(typed.halfOpenEverySeconds, typed.halfOpenForSeconds)
  const bytesPerSecond = numberIn(typed.bytesPerSecond, 0)
  const network: Network = {
    ...(latencyMilliseconds === undefined ? {} : { latencyMilliseconds }),
    ...(flapping === undefined ? {} : { flapping: { everySeconds: flapping } }),
    ...(offline === undefined ? {} : { offline }),
    ...(halfOpen === undefined ? {} : { halfOpen }),
    ...(bytesPerSecond === undefined ? {} : { slowReader: { bytesPerSecond } }),
  }
  return Object.keys(network).length === 0 ? null : network
}

function spell(every: string, during: string): NonNullable<Network['offline']> | undefined {
  const everySeconds = numberIn(every, 0)
  const forSeconds = numberIn(during, 0)
  return everySeconds === undefined || forSeconds === undefined
    ? undefined
    : { everySeconds, forSeconds }
}
