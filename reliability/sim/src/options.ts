/** What `pnpm sim` is told on its command line. */
import { parseArgs } from 'node:util'

/** As given. */
export interface SimOptions {
  /** How many, from the first one on. */
  readonly seeds: number
  /** The first. */
  readonly seed: number
  readonly steps: number
  /** Steps that are taken, of a shrunk run; undefined: all. */
  readonly only: ReadonlySet<number> | undefined
  /** Tell everything that happens. */
  readonly trace: boolean
}

/** Steps of a run when nobody says. */
export const STEPS_DEFAULT = 60

const USAGE =
  'usage: pnpm sim [--seeds N] [--seed S] [--steps N] [--only STEP,STEP] [--trace]\n' +
  `  --seeds   how many seeds to run (default 1)\n` +
  `  --seed    the first of them, an integer (default 1)\n` +
  `  --steps   steps of each run (default ${STEPS_DEFAULT})\n` +
  `  --only    of a shrunk run: the steps to take\n` +
  `  --trace   tell everything that happens`

/** Reads the arguments. @returns a message for the user when they are wrong */
export function readOptions(args: readonly string[]): SimOptions | string {
  try {
    const { values } = parseArgs({
      args: args.filter((arg) => arg !== '--'),
      options: {
        seeds: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        steps: { type: 'string', default: String(STEPS_DEFAULT) },
        only: { type: 'string' },
        trace: { type: 'boolean', default: false },
      },
    })
    return {
      seeds: integer('--seeds', values.seeds, 1),
      seed: integer('--seed', values.seed, 0),
      steps: integer('--steps', values.steps, 1),
      only:
        values.only === undefined
          ? undefined
          : new Set(values.only.split(',').map((step) => integer('--only', step, 0))),
      trace: values.trace,
    }
  } catch (cause) {
    return `${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`
  }
}

function integer(flag: string, text: string, least: number): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least) return value
  throw new RangeError(`${flag} must be an integer of ${least} or more, not \`${text}\``)
}
