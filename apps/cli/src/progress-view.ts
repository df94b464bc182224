/** A run as it goes: one line that redraws on a terminal, a line every few seconds elsewhere. */
import type { WriteStream } from 'node:tty'
import type { Progress } from '@muster/simulator'

const BAR_WIDTH = 28
/** Without a terminal a line every so often is enough. */
const PLAIN_EVERY_SECONDS = 5

/** Shows progress until ended. */
export interface ProgressView {
  readonly show: (progress: Progress) => void
  end(): void
}

/** A view on `stream`. */
export function progressView(stream: WriteStream | NodeJS.WriteStream): ProgressView {
  const redraws = stream.isTTY
  let drawn = false
  let lastPlainSeconds = -PLAIN_EVERY_SECONDS
  let lastPhase = ''
  return {
    show: (progress) => {
      const line = progressLine(progress)
      if (redraws) {
        stream.write(`\r\u001B[2K${line.slice(0, (stream.columns ?? 120) - 1)}`)
        drawn = true
        return
      }
      const due = progress.elapsedSeconds - lastPlainSeconds >= PLAIN_EVERY_SECONDS
      if (!due && progress.phase === lastPhase) return
      lastPlainSeconds = progress.elapsedSeconds
      lastPhase = progress.phase
      stream.write(`${line}\n`)
    },
    end: () => {
      if (drawn) stream.write('\n')
      drawn = false
    },
  }
}

/** One line: phase, bar, counts by status, rate, denials. */
export function progressLine(progress: Progress): string {
  const { phase, devices, onboarded, counts, job, elapsedSeconds } = progress
  const seconds = `${elapsedSeconds.toFixed(0).padStart(3)}s`
  const denied = Object.values(counts.denied).reduce((sum, count) => sum + count, 0)
  const tail = denied > 0 ? `, ${denied} denied` : ''
  if (phase === 'onboarding') {
    return `${seconds} onboarding ${bar(onboarded / devices)} ${onboarded}/${devices}`
  }
  if (job === undefined) {
    const { everConnected } = counts
    return `${seconds} connecting ${bar(everConnected / devices)} ${everConnected}/${devices}${tail}`
  }
  const ended =
    job.succeeded + job.failed + job.rejected + job.timedOut + job.canceled + job.removed
  return (
    `${seconds} rollout    ${bar(ended / devices)} ${ended}/${devices}` +
    ` queued ${job.queued}, in progress ${job.inProgress}, succeeded ${job.succeeded},` +
    ` failed ${job.failed}, rejected ${job.rejected}${tail}`
  )
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_WIDTH)
  return `[${'█'.repeat(full)}${'·'.repeat(BAR_WIDTH - full)}]`
}
