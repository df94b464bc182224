/** Stands in for `k6/execution`. */
import { tell } from './bridge.ts'

export const scenario = {
  get iterationInTest(): number {
    return Number(tell({ op: 'iteration' })['iterationInTest'])
  },
}
