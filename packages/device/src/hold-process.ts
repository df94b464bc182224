/** Longest wait that a timer takes. */
const WAIT_MS_MAX = 2_147_483_647

let holders = 0
let timer: NodeJS.Timeout | undefined

/**
 * Keeps the process alive while a device is started: between connections it has nothing but
 * alarms, which by themselves let a process end.
 *
 * @returns lets go; calling it again does nothing
 */
export function holdProcess(): () => void {
  holders++
  timer ??= setInterval(() => {}, WAIT_MS_MAX)
  let held = true
  return () => {
    if (!held) return
    held = false
    if (--holders > 0) return
    clearInterval(timer)
    timer = undefined
  }
}
