/** What is wrong with the parameters of a managed template (jobs J91, J105). */
import type { DocumentParameter } from '@aws-sdk/client-iot'

/** A sentence for each parameter that needs attention, by its key. */
export function parameterFaults(
  parameters: readonly DocumentParameter[],
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const faults: Record<string, string> = {}
  for (const { key = '', regex, optional } of parameters) {
    const value = given[key] ?? ''
    if (value === '' && !optional) faults[key] = 'The template needs it.'
    else if (value !== '' && regex && !matches(regex, value)) faults[key] = `It matches ${regex}.`
  }
  return faults
}

function matches(regex: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${regex})$`, 'u').test(value)
  } catch {
    // Another dialect of expressions: the server judges.
    return true
  }
}
