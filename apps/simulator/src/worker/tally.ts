import { LatencyHistogram, ProcessUsage } from '@muster/fleet'
import { MessageTally } from './message-tally.ts'
import type { WorkerCounts } from './worker-messages.ts'

/** Different error texts that are kept apart; more are counted together. */
const KINDS_MAX = 50

/** What happened to the devices of one process. */
export class Tally {
  /** First connections under way. */
  opening = 0
  connected = 0
  everConnected = 0
  reconnects = 0
  disconnects = 0
  started = 0
  succeeded = 0
  failed = 0
  rejected = 0
  cancelled = 0
  running = 0
  expectedDenials = 0
  undenied = 0
  readonly notifyToSuccess: LatencyHistogram = new LatencyHistogram()
  readonly messages: MessageTally = new MessageTally()
  readonly #denied: Record<string, number> = {}
  readonly #errors: Record<string, number> = {}
  readonly #refusals: Record<string, number> = {}
  readonly #faults: Record<string, number> = {}
  readonly #moduleErrors: Record<string, number> = {}
  readonly #usage = new ProcessUsage()

  /** A denial that the scenario does not call for. */
  denied(what: string): void {
    count(this.#denied, what)
  }

  error(what: string): void {
    count(this.#errors, what)
  }

  /** The service refused a Jobs request. */
  refusal(request: string, code: string): void {
    count(this.#refusals, `${request}: ${code}`)
  }

  /** A behaviour acted, and what came of it. */
  fault(behaviour: string, outcome: string): void {
    count(this.#faults, `${behaviour}: ${outcome}`)
  }

  /** A module of one's own threw. */
  moduleThrew(what: string): void {
    count(this.#moduleErrors, what)
  }

  counts(): WorkerCounts {
    const { connected, everConnected, reconnects, disconnects, running, started } = this
    const { succeeded, failed, rejected, cancelled, expectedDenials, undenied } = this
    return {
      connected,
      everConnected,
      reconnects,
      disconnects,
      started,
      succeeded,
      failed,
      rejected,
      cancelled,
      running,
      expectedDenials,
      undenied,
      denied: { ...this.#denied },
      errors: { ...this.#errors },
      refusals: { ...this.#refusals },
      faults: { ...this.#faults },
      moduleErrors: { ...this.#moduleErrors },
      notifyToSuccess: this.notifyToSuccess.encoded,
      messages: this.messages.counts(),
      ...this.#usage.read(),
    }
  }
}

function count(kinds: Record<string, number>, kind: string): void {
  const known = kind in kinds || Object.keys(kinds).length < KINDS_MAX
  const key = known ? kind : 'others'
  kinds[key] = (kinds[key] ?? 0) + 1
}
