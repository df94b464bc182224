/** A kind of fault: what it needs, the world it happens to, and one time of it. */
import { execFileSync } from 'node:child_process'
import type { Random } from '../random.ts'
import type { World } from '../world.ts'

/** One kind. */
export interface FaultKind<W extends World = World> {
  readonly name: string
  /** How often it comes beside the others. */
  readonly weight: number
  /** What is missing to do it here, for the user; undefined when nothing is. */
  missing(): string | undefined
  /** Makes the world that it happens to; `folder` is new and goes afterwards. */
  open(folder: string): Promise<W>
  /**
   * Does it once, and leaves a server that works.
   *
   * @returns what came of it, to be counted: `stopped by itself`
   * @throws Error when something else came of it than may
   */
  strike(world: W, random: Random): Promise<string>
  /**
   * Lets the work that is left end, when all was verified.
   *
   * @returns what did not end as it should, a line each
   */
  settle?(world: W): Promise<readonly string[]>
  /** Undoes what the machine needs undone: mounts. */
  close?(folder: string): void
}

/** How long a server may take to make progress or to end, on a machine that is busy with others. */
export const PATIENCE_MS = 60_000

/** Which of these programs are not installed; undefined when all are. */
export function missingPrograms(programs: Readonly<Record<string, string>>): string | undefined {
  const missing = Object.entries(programs).filter(([program]) => !hasProgram(program))
  if (missing.length === 0) return undefined
  return missing.map(([program, debian]) => `${program} (Debian: ${debian})`).join(', ')
}

function hasProgram(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** @returns the exit status, or null for a signal; @throws Error when the server goes on for too long */
export async function endOf(world: World): Promise<number | null> {
  const { server } = world
  let late: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      server.ended,
      new Promise<never>((_resolve, reject) => {
        late = setTimeout(() => {
          reject(new Error(`the server went on for ${PATIENCE_MS} ms with what it cannot keep`))
        }, PATIENCE_MS)
      }),
    ])
  } finally {
    clearTimeout(late)
  }
}
