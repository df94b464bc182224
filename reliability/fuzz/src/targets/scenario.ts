import { parseScenario, ScenarioError } from '@muster/simulator'
import type { TargetModule } from '../target.ts'

/** A scenario: every mistake in it has a place. */
export const reader: TargetModule['reader'] = () => (input) => {
  try {
    parseScenario(Buffer.from(input).toString('utf8'), 'fuzzed.yaml')
  } catch (cause) {
    if (!(cause instanceof ScenarioError)) throw cause
    const lost = cause.mistakes.find(({ column, line }) => !(line >= 1) || !(column >= 1))
    if (lost !== undefined) throw new Error(`a mistake has no place: ${lost.message}`, { cause })
  }
}
