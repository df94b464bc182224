/** Whether a command means a server that is not on this machine. Loads nothing: every command asks it. */

/** Flags that name AWS, or a server by its endpoints. */
export interface ElsewhereFlags {
  readonly endpoint?: string
  readonly dataEndpoint?: string
  readonly profile?: string
}

/** Whether any of them is given. */
export function isElsewhere({ dataEndpoint, endpoint, profile }: ElsewhereFlags): boolean {
  return endpoint !== undefined || dataEndpoint !== undefined || profile !== undefined
}
