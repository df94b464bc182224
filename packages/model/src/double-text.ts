/**
 * A number of type double as AWS prints it: as Java does, so that `2` is `2.0` and a very large or
 * small one has an exponent, `1.0E21` (jobs J124, J126).
 */
export function doubleText(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e')
    return `${withPoint(digits)}E${Number(exponent)}`
  }
  return withPoint(Object.is(value, -0) ? '-0' : String(value))
}

function withPoint(digits: string): string {
  return digits.includes('.') ? digits : `${digits}.0`
}
