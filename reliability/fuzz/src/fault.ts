/** What is wrong with a reader. */

/** A fault, and the input that shows it. */
export interface Fault {
  /** `threw`: anything but a refusal. `slow`: too long for its length. `hung`: no end. `memory`: out of it. */
  readonly kind: 'threw' | 'slow' | 'hung' | 'memory'
  readonly message: string
  /** Faults of one cause have the same. */
  readonly cause: string
  readonly input: Uint8Array
}

const US_PER_BYTE_MAX = 3
const MS_MIN = 50

/** An input of so many bytes may take so much CPU, milliseconds: some ten times what honest ones take. */
export function cpuMsMax(bytes: number, usPerByteMax: number = US_PER_BYTE_MAX): number {
  return MS_MIN + (bytes * usPerByteMax) / 1000
}

/** A fault by what was thrown. */
export function threw(cause: unknown, input: Uint8Array): Fault {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const place = /\(?([^\s(]+\.ts:\d+):\d+\)?/.exec(error.stack ?? '')?.[1] ?? ''
  const from = place.slice(place.lastIndexOf('/') + 1)
  const message = `${error.name}: ${error.message}`.slice(0, 300)
  return { kind: 'threw', message: `${message} (${from})`, cause: `${error.name} ${from}`, input }
}
