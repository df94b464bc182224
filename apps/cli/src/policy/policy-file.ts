/** Policy documents in files. */
import { readNamedFile } from '../flags/named-file.ts'

/**
 * Text of a policy document: the file itself, or the document inside what the AWS CLI prints for
 * GetPolicy (`policyDocument`, as text).
 *
 * @param named - what names it on the command line
 * @throws Error that says so when it cannot be read
 */
export function readPolicyFile(file: string, named = 'policy'): string {
  const text = readNamedFile(named, file, 'a policy document')
  try {
    const { policyDocument } = JSON.parse(text) as { policyDocument?: unknown }
    return typeof policyDocument === 'string' ? policyDocument : text
  } catch {
    return text
  }
}
