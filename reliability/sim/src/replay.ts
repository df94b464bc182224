/** How a run is named, so that anybody can run it again. */
import { execFileSync } from 'node:child_process'

let known: string | undefined

/** The commit of this checkout, with `+` when files differ from it; `unknown` outside of one. */
export function commitName(): string {
  known ??= readCommit()
  return known
}

function readCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    const commit = git('rev-parse', '--short=12', 'HEAD')
    return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`
  } catch {
    return 'unknown'
  }
}

/** The command that runs a seed again. */
export function replayCommand({
  seed,
  steps,
  only,
}: {
  readonly seed: number
  readonly steps: number
  readonly only: ReadonlySet<number> | undefined
}): string {
  const some = only === undefined ? '' : ` --only ${[...only].join(',')}`
  return `pnpm sim --seeds 1 --seed ${seed} --steps ${steps}${some}`
}
