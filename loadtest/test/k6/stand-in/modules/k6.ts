/** Stands in for `k6`. */
import { wait } from './bridge.ts'

export function sleep(seconds: number): void {
  wait({ op: 'sleep', seconds })
}
