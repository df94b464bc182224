/** Policy documents in files. */
import { readFileSync } from 'node:fs'

/**
 * Text of a policy document: the file itself, or the document inside what the AWS CLI prints for
 * GetPolicy (`policyDocument`, as text).
 */
export function readPolicyFile(file: string): string {
  const text = readFileSync(file, 'utf8')
  try {
    const { policyDocument } = JSON.parse(text) as { policyDocument?: unknown }
    return typeof policyDocument === 'string' ? policyDocument : text
  } catch {
    return text
  }
}
