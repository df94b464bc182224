/**
 * `iot:Certificate.…` keys (authz F8 to F12).
 */
import type { AttributeValues, CertificateAttributes } from './policy-context.ts'

/** authz F11. */
const valuesMax = 5
const valueLengthMax = 1024

const prefix = 'iot:certificate.'

const fields = [
  ['subject.alternativename.', 'Subject.AlternativeName.', 'subjectAlternativeName'],
  ['issuer.alternativename.', 'Issuer.AlternativeName.', 'issuerAlternativeName'],
  ['subject.', 'Subject.', 'subject'],
  ['issuer.', 'Issuer.', 'issuer'],
] as const

/**
 * Value of a key that starts `iot:certificate.`, in lower case.
 *
 * @returns a list for `.List` and `AvailableKeys`, undefined for what the certificate lacks, an
 *   index past the end (authz F10) and values that are never substituted (F11)
 */
export function certificateKey(
  attributes: CertificateAttributes,
  key: string,
): string | readonly string[] | undefined {
  const name = key.slice(prefix.length)
  if (name === 'serialnumber') return substitutable(attributes.serialNumber)
  if (name === 'availablekeys') return availableKeys(attributes)
  const field = fields.find(([start]) => name.startsWith(start))
  if (field === undefined) return undefined
  const [attribute = '', selector, ...rest] = name.slice(field[0].length).split('.')
  const values = valuesOf(attributes[field[2]], attribute)
  if (values === undefined || rest.length > 0) return undefined
  if (selector === 'list') return values.map(escaped)
  if (selector === undefined) return substitutable(values[0])
  return /^[1-9]\d?$/.test(selector) ? substitutable(values[Number(selector)]) : undefined
}

function valuesOf(
  attributes: AttributeValues | undefined,
  lowerName: string,
): readonly string[] | undefined {
  for (const [name, values] of Object.entries(attributes ?? {})) {
    if (name.toLowerCase() === lowerName && values.length > 0) return values.slice(0, valuesMax)
  }
  return undefined
}

/** authz F11: long values and values that could act as wildcards or variables have no value. */
function substitutable(value: string | undefined): string | undefined {
  if (value === undefined || value.length > valueLengthMax || /[*$+?#]/.test(value)) {
    return undefined
  }
  return escaped(value)
}

/** authz F12, X34: the service escapes, the author of a policy writes the same. */
function escaped(value: string): string {
  return value.replaceAll(/[,"\\=<>;]/g, String.raw`\$&`)
}

function availableKeys(attributes: CertificateAttributes): readonly string[] | undefined {
  const keys: string[] = []
  for (const [, shown, field] of fields) {
    for (const [name, values] of Object.entries(attributes[field] ?? {})) {
      const pascal = name.charAt(0).toUpperCase() + name.slice(1)
      if (values.length > 0) keys.push(`iot:Certificate.${shown}${pascal}`)
    }
  }
  if (attributes.serialNumber !== undefined) keys.push('iot:Certificate.SerialNumber')
  return keys.length === 0 ? undefined : keys
}
