import type { Endpoints } from '../endpoints.ts'
import type { Fact } from './report-page.ts'

/** Where a report comes from: what every page says first. */
export interface RunOrigin {
  /** What it ran against, as {@link targetText} says it. */
  readonly target: string
  /** When it began, ISO 8601 in UTC. */
  readonly beganAt: string
  readonly seconds: number
  readonly version: string
}

/** Against what, when, and by which version. */
export function originFacts({ beganAt, seconds, target, version }: RunOrigin): Fact[] {
  return [
    ['target', target],
    ['began', `${beganAt.slice(0, 19).replace('T', ' ')} UTC, took ${seconds} s`],
    ['version', `Muster ${version}`],
  ]
}

/** Control plane and data endpoint, as people know them. */
export function targetText(
  { controlUrl, dataHost, httpsPort, mqttPort }: Endpoints,
  region: string,
): string {
  const ports = [
    ...(mqttPort === undefined ? [] : [`MQTT ${mqttPort}`]),
    ...(httpsPort === undefined ? [] : [`HTTPS ${httpsPort}`]),
  ]
  return `${controlUrl ?? `AWS IoT in ${region}`}, devices at ${[dataHost, ...ports].join(', ')}`
}
