/** Stands in for `k6/timers`. */
import { forget, target, tell } from './bridge.ts'

const names = new Map<number, string>()
let ids = 0

function start(run: () => void, ms: number, repeats: boolean): number {
  const id = ++ids
  const name = target(() => {
    if (!repeats) clearTimeout(id)
    run()
  })
  names.set(id, name)
  tell({ op: 'timer', target: name, ms, repeats })
  return id
}

export function setTimeout(run: () => void, ms: number): number {
  return start(run, ms, false)
}

export function setInterval(run: () => void, ms: number): number {
  return start(run, ms, true)
}

export function clearTimeout(id: number): void {
  const name = names.get(id)
  if (name === undefined) return
  names.delete(id)
  forget(name)
  tell({ op: 'no timer', target: name })
}

export function clearInterval(id: number): void {
  clearTimeout(id)
}
