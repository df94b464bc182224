/**
 * Between the modules that stand in for k6's and the host, inside the engine: everything crosses as
 * JSON. `__wait` stops the script until the host has an answer, as k6's calls that wait do.
 */

declare const __wait: (asked: string) => string
declare const __tell: (told: string) => string

/** What the host sends in while the script is idle. */
export interface HostEvent {
  readonly target: string
  readonly [member: string]: unknown
}

const listeners = new Map<string, (event: HostEvent) => void>()
let names = 0

/** Asks the host and stops until it answers. */
export function wait(asked: object): Record<string, unknown> {
  return JSON.parse(__wait(JSON.stringify(asked))) as Record<string, unknown>
}

/** Tells the host something; the answer is there at once. */
export function tell(told: object): Record<string, unknown> {
  return JSON.parse(__tell(JSON.stringify(told))) as Record<string, unknown>
}

/** A name that the host can send events to. */
export function target(listener: (event: HostEvent) => void): string {
  const name = `t${names++}`
  listeners.set(name, listener)
  return name
}

/** Nothing more will come for it. */
export function forget(name: string): void {
  listeners.delete(name)
}

/** A request that the host settles with an event. */
export function promised(told: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const name = target((event) => {
      forget(name)
      if (event['error'] === undefined) resolve()
      else reject(new Error(String(event['error'])))
    })
    const { error } = tell({ ...told, target: name })
    if (error === undefined) return
    forget(name)
    reject(new Error(String(error)))
  })
}

Reflect.set(globalThis, '__dispatch', (event: HostEvent): void => {
  listeners.get(event.target)?.(event)
})
