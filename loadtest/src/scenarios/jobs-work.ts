/**
 * Devices that run the jobs that the run makes: over MQTT when they are told of one, over HTTPS when
 * they next look.
 */
import { machineMs, type LeanJobs } from '@muster/fleet'
import type { Tally } from '../tally.ts'
import { DeviceFleet } from '../worker/device-fleet.ts'
import type { HttpsDevice } from '../worker/https-device.ts'
import type { Work, WorkOptions } from '../worker/work.ts'
import { JobsDevices } from './jobs-devices.ts'
import { intendedOf } from './load-job.ts'

/** How often a device over HTTPS looks for work. */
const POLL_EVERY_MS = 500
/** Messages of a lifecycle over MQTT after the notification: three requests, PUBACKs of three replies. */
const MESSAGES_PER_LIFECYCLE = 6

/** What of a job's life is measured. */
export type JobsMeasure = 'lifecycle' | 'notify'

/** Nothing arrives here: the run makes jobs, and devices tell what became of them. */
export class JobsWork implements Work {
  readonly #tally: () => Tally
  readonly #runId: string
  readonly #measure: JobsMeasure
  readonly #mqtt: JobsDevices
  readonly #https: DeviceFleet
  readonly #connectedOverHttps = { count: 0 }
  /** When a device was told of its job, by thing and job. */
  readonly #notifiedAtMs = new Map<string, number>()
  readonly #polling = new Set<HttpsDevice>()
  #timer: NodeJS.Timeout | undefined

  constructor({ start, tally }: WorkOptions, measure: JobsMeasure) {
    this.#tally = tally
    this.#runId = start.runId
    this.#measure = measure
    this.#mqtt = new JobsDevices(start, tally, {
      notified: (device, jobId) => this.#notified(device, jobId),
      finished: (device, jobId) => this.#finished(device.thingName, jobId),
      rejected: (_device, request, code) => this.#rejected(request, code),
    })
    const over = start.devices.filter(({ protocol }) => protocol === 'https')
    this.#https = new DeviceFleet({
      start: { ...start, devices: over },
      subscriptions: () => [],
      around: {
        // What devices ask to find their work is not what is measured.
        tally,
        connected: this.#connectedOverHttps,
        message: () => {},
        opened: () => {},
      },
    })
  }

  get connected(): number {
    return this.#mqtt.connected + this.#connectedOverHttps.count
  }

  /** The run knows what it made. */
  get underWay(): number {
    return 0
  }

  async open(): Promise<void> {
    await Promise.all([this.#mqtt.open(), this.#https.open()])
    let turn = 0
    const { https } = this.#https
    if (https.length === 0) return
    // Spread over the interval, as devices are that were not switched on together.
    this.#timer = setInterval(() => {
      for (let count = 0; count < Math.ceil(https.length / SLICES); count++) {
        const device = https[turn++ % https.length]
        if (device !== undefined) this.#poll(device)
      }
    }, POLL_EVERY_MS / SLICES)
  }

  arrive(): boolean {
    return false
  }

  async rollCall(): Promise<void> {
    await Promise.all([this.#mqtt.open(), this.#https.rollCall()])
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all([this.#mqtt.close(), this.#https.close()])
  }

  #notified(device: LeanJobs, jobId: string): void {
    const intendedMs = intendedOf(this.#runId, jobId)
    device.runs = intendedMs !== undefined && this.#measure === 'lifecycle'
    if (intendedMs === undefined) return
    if (this.#measure === 'lifecycle') {
      this.#notifiedAtMs.set(`${device.thingName} ${jobId}`, machineMs())
      return
    }
    this.#answered('notify', intendedMs)
    // Makes room for the next one.
    device.succeed(jobId)
    this.#tally().sums.messages += 2
  }

  #finished(thingName: string, jobId: string): void {
    const intendedMs = intendedOf(this.#runId, jobId)
    if (intendedMs === undefined || this.#measure !== 'lifecycle') return
    const tally = this.#tally()
    const nowMs = machineMs()
    tally.sums.messages += MESSAGES_PER_LIFECYCLE
    this.#answered('lifecycle', intendedMs)
    const key = `${thingName} ${jobId}`
    const notifiedAtMs = this.#notifiedAtMs.get(key)
    if (notifiedAtMs === undefined) return
    this.#notifiedAtMs.delete(key)
    tally.latency('notify to SUCCEEDED', nowMs - notifiedAtMs)
  }

  /** One of an earlier stage has been given up there: it is not counted twice. */
  #answered(kind: JobsMeasure, intendedMs: number): void {
    const tally = this.#tally()
    // Ids tell whole milliseconds.
    if (intendedMs < tally.beganAtMs - 1) tally.count(`${kind} after its time`)
    else tally.answered(kind, 'allowed', 'allowed', machineMs() - intendedMs)
  }

  #rejected(request: string, code: string): void {
    if (code === 'RequestThrottled') this.#tally().answered(request, 'allowed', 'throttled', 0)
    else this.#tally().failed(this.#measure, code)
  }

  #poll(device: HttpsDevice): void {
    if (this.#polling.has(device)) return
    this.#polling.add(device)
    const over = (): void => void this.#polling.delete(device)
    const path = `/things/${encodeURIComponent(device.plan.thingName)}/jobs`
    device.ask('PUT', `${path}/$next`, '{}', (status, body) => {
      const jobId = status === 200 ? /"jobId":"([^"]+)"/.exec(body)?.[1] : undefined
      const intendedMs = jobId === undefined ? undefined : intendedOf(this.#runId, jobId)
      if (jobId === undefined || intendedMs === undefined) {
        over()
        return
      }
      const foundAtMs = machineMs()
      if (this.#measure === 'notify') {
        this.#answered('notify', intendedMs)
      }
      const update = (report: object, next: (status: number, body: string) => void): void =>
        device.ask('POST', `${path}/${jobId}`, JSON.stringify(report), next)
      update({ status: 'IN_PROGRESS', statusDetails: { progress: '50' } }, () => {
        update({ status: 'SUCCEEDED' }, (updated, text) => {
          over()
          this.#updated(updated, text, intendedMs, foundAtMs)
        })
      })
    })
  }

  #updated(status: number, body: string, intendedMs: number, foundAtMs: number): void {
    if (this.#measure !== 'lifecycle') return
    const tally = this.#tally()
    if (status === 200) {
      this.#answered('lifecycle', intendedMs)
      tally.latency('found to SUCCEEDED', machineMs() - foundAtMs)
    } else tally.failed('lifecycle', `${status} ${body.slice(0, 60)}`)
  }
}

/** Parts of the polling interval. */
const SLICES = 10
