/**
 * A run as it goes: a small table that redraws on a terminal, a line every few seconds elsewhere.
 */
import { progressBar, RedrawnLines, viewRow, type ViewStream } from '@muster/fleet/report'
import { executed } from '../control/rollout.ts'
import type { Progress } from '../summary.ts'
import type { FleetMessages } from '../worker/message-tally.ts'

/** Without a terminal a line every so often is enough. */
const PLAIN_EVERY_SECONDS = 5

/** Shows progress until ended. */
export interface LiveView {
  readonly show: (progress: Progress) => void
  end(): void
}

/** A view on `stream`. */
export function liveView(stream: ViewStream): LiveView {
  let before: Progress | undefined
  const terminal = new RedrawnLines(stream)
  let plainAtSeconds = -PLAIN_EVERY_SECONDS
  return {
    show: (progress) => {
      if (stream.isTTY === true) {
        terminal.draw(viewLines(progress, before))
        before = progress
        return
      }
      const due = progress.elapsedSeconds - plainAtSeconds >= PLAIN_EVERY_SECONDS
      // A wait that begins or ends is news; how far it is can wait for the next line.
      const isWaiting = progress.waitingFor !== undefined
      const isNews = isWaiting !== (before?.waitingFor !== undefined)
      // In a soak waits begin and end all the time.
      const isSoak = progress.round !== undefined
      if (!due && (isSoak || !isNews) && progress.phase === before?.phase) return
      stream.write(`${plainLine(progress)}\n`)
      plainAtSeconds = progress.elapsedSeconds
      before = progress
    },
    end: () => terminal.leave(),
  }
}

/**
 * The table.
 *
 * @param before - an earlier moment, for rates
 */
export function viewLines(progress: Progress, before: Progress | undefined): string[] {
  const { phase, devices, onboarded, counts, job, elapsedSeconds, round, waitingFor } = progress
  const seconds = elapsedSeconds - (before?.elapsedSeconds ?? 0)
  const rate = (now: number, then: number | undefined): string =>
    `${Math.max(0, Math.round((now - (then ?? 0)) / Math.max(0.001, seconds)))}/s`
  const waiting = waitingFor === undefined ? '' : `  waiting for ${waitingFor}`
  const nth = round === undefined ? '' : `  round ${round}`
  const lines = [`${phase}  ${elapsedSeconds.toFixed(0)} s${nth}${waiting}`]
  if (onboarded < devices)
    lines.push(viewRow('onboarded', progressBar(onboarded / devices), `${onboarded}/${devices}`))
  lines.push(
    viewRow(
      'connected',
      progressBar(counts.connected / devices),
      `${counts.connected}/${devices}`,
      rate(
        counts.everConnected + counts.reconnects,
        before && before.counts.everConnected + before.counts.reconnects,
      ),
      counts.reconnects > 0 ? `${counts.reconnects} reconnects` : '',
    ),
  )
  if (job !== undefined) {
    const ended = executed(job)
    const earlier = before?.job === undefined ? 0 : executed(before.job)
    lines.push(
      viewRow(
        'executions',
        progressBar(ended / devices),
        `${ended}/${devices}`,
        rate(ended, earlier),
      ),
      viewRow(
        '',
        `queued ${job.queued}, in progress ${job.inProgress}, succeeded ${job.succeeded}, failed ${job.failed}, rejected ${job.rejected}, timed out ${job.timedOut}, canceled ${job.canceled}`,
      ),
    )
    const { notifyToSuccess: latency } = counts
    const at = (share: number): string => `${latency.percentile(share) ?? '–'} ms`
    lines.push(
      viewRow('latency', `notify to success p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}`),
    )
  }
  const { messages } = counts
  if (messages.sent > 0) {
    const sent = rate(messages.sent, before?.counts.messages.sent)
    lines.push(viewRow('messages', messagesText(messages), sent))
  }
  lines.push(viewRow('denials', denials(progress)))
  const cpu = (counts.cpuSeconds - (before?.counts.cpuSeconds ?? 0)) / Math.max(0.001, seconds)
  lines.push(
    viewRow(
      'generator',
      `CPU ${Math.round(cpu * 100)} %, memory ${Math.round(counts.rssBytes / 1048576)} MiB, event loop late by ${counts.eventLoopLagMs.toFixed(0)} ms`,
    ),
  )
  return lines
}

/** The same in one line. */
export function plainLine(progress: Progress): string {
  const { phase, devices, onboarded, counts, job, elapsedSeconds, round, waitingFor } = progress
  const parts = [`${elapsedSeconds.toFixed(0)} s ${phase}`]
  if (round !== undefined) parts.push(`round ${round}`)
  if (phase === 'onboarding') parts.push(`onboarded ${onboarded}/${devices}`)
  else parts.push(`connected ${counts.connected}/${devices}`)
  if (job !== undefined) {
    parts.push(`executed ${executed(job)}, succeeded ${job.succeeded}, failed ${job.failed}`)
  }
  if (counts.messages.sent > 0) parts.push(messagesText(counts.messages))
  if (waitingFor !== undefined) parts.push(`waiting for ${waitingFor}`)
  parts.push(`denials ${denials(progress)}`)
  parts.push(`lag ${counts.eventLoopLagMs.toFixed(0)} ms`)
  return parts.join(', ')
}

function messagesText({ acknowledged, delivered, publishToDelivery, sent }: FleetMessages): string {
  const p99 = publishToDelivery.percentile(0.99)
  const latency = p99 === undefined ? '' : ` (p99 ${p99} ms)`
  return `sent ${sent}, acknowledged ${acknowledged}, delivered ${delivered}${latency}`
}

function denials({ counts }: Progress): string {
  const kinds = Object.entries(counts.denied).map(([kind, count]) => `${kind} ${count}`)
  const expected = counts.expectedDenials > 0 ? [`expected ${counts.expectedDenials}`] : []
  return [...kinds, ...expected].join(', ') || 'none'
}
