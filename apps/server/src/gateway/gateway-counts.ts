/** What a gateway counts: for its own metrics, and for its core's. */
import type { GatewayFigures } from '@muster/link'

export class GatewayCounts {
  readonly #handshakes: Record<string, number> = {}

  handshake(listener: string, result: string): void {
    const key = `${listener} ${result}`
    this.#handshakes[key] = (this.#handshakes[key] ?? 0) + 1
  }

  /** Totals by listener and result: `MQTT completed`. */
  get handshakes(): Readonly<Record<string, number>> {
    return this.#handshakes
  }

  figures(): GatewayFigures {
    const { user, system } = process.cpuUsage()
    return {
      pid: process.pid,
      cpuSeconds: (user + system) / 1e6,
      residentBytes: process.memoryUsage.rss(),
    }
  }
}
