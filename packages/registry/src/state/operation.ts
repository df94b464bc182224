import type { Outcome } from '@muster/model'

/** One AWS operation on the registry at a time of the clock, epoch milliseconds. */
export type Operation<Input, Output> = (input: Input, nowMs: number) => Outcome<Output>
