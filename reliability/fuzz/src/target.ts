/** What is fuzzed: something that reads bytes from outside. */

/**
 * Reads one input to the end. Refusals are fine; what it throws is a fault, and so is what takes too long.
 *
 * @throws Error for a promise that the reader broke
 */
export type Reads = (input: Uint8Array) => void | Promise<void>

/** What a target's module has. */
export interface TargetModule {
  /** A reader with nothing left of the inputs before: called now and then, and before an input is judged. */
  readonly reader: () => Reads
  /** Makes an input that would be refused at once worth reading: right lengths for example. */
  readonly mend?: (input: Uint8Array) => Uint8Array
}

/** A target as the catalogue has it. */
export interface Target {
  readonly name: string
  /** What it reads, in a few words. */
  readonly reads: string
  /** Path prefixes, from the root, of the modules whose blocks are counted. */
  readonly watches: readonly string[]
  /** How inputs are changed: JSON as a tree too. */
  readonly form: 'bytes' | 'text' | 'json'
  /** Longest input that the product would read. */
  readonly bytesMax: number
  /** Where it is read over again and again: each reader takes so many inputs. */
  readonly inputsPerReader: number
  /** Microseconds of CPU that a byte may take; default 3. */
  readonly cpuUsPerByteMax?: number
}
