/**
 * Milliseconds of the machine's own clock, which nobody sets: the same in all processes of it, so that
 * one can time what another began.
 */
export function machineMs(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}
