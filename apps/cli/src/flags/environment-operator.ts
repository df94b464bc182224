/** The operator of a server of this machine: the one that the environment names, or the well-known one. */

/** An access key of an operator. */
export interface Operator {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Temporary keys only. */
  readonly sessionToken?: string
}

/** The operator of a server that was told of no other. */
export const WELL_KNOWN_OPERATOR: Operator = { accessKeyId: 'test', secretAccessKey: 'test' }

/**
 * Who signs on a server of this machine.
 *
 * @throws Error when only one half of a key is set
 */
export function localOperator(): Operator {
  return environmentOperator(process.env) ?? WELL_KNOWN_OPERATOR
}

/**
 * The key in `MUSTER_ACCESS_KEY_ID` and `MUSTER_SECRET_ACCESS_KEY`; undefined when neither is set.
 *
 * @throws Error when only one of them is
 */
export function environmentOperator(
  environment: Readonly<Record<string, string | undefined>>,
): Operator | undefined {
  const accessKeyId = environment['MUSTER_ACCESS_KEY_ID'] ?? ''
  const secretAccessKey = environment['MUSTER_SECRET_ACCESS_KEY'] ?? ''
  if (accessKeyId === '' && secretAccessKey === '') return undefined
  if (accessKeyId === '' || secretAccessKey === '') {
    throw new Error('set both MUSTER_ACCESS_KEY_ID and MUSTER_SECRET_ACCESS_KEY, or neither')
  }
  return { accessKeyId, secretAccessKey }
}
