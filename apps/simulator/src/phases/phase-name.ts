import type { Phase } from '../scenario/scenario.ts'

/** What a phase is called on charts and in tables: its kind, and what it asks for in a word. */
export function phaseName(phase: Phase): string {
  if ('await' in phase) return `await ${phase.await.what}`
  if ('wait' in phase) return `wait ${phase.wait.seconds} s`
  if ('advanceClock' in phase) return `advance clock ${phase.advanceClock.minutes} min`
  if ('telemetry' in phase) {
    if (phase.telemetry.stop === true) return 'telemetry ends'
    const { forSeconds } = phase.telemetry
    return forSeconds === undefined ? 'telemetry' : `telemetry ${forSeconds} s`
  }
  if ('rotateCertificates' in phase) return 'rotate certificates'
  if ('cancelJob' in phase) return 'cancel job'
  return Object.keys(phase).find((key) => key !== 'atSeconds') ?? ''
}
