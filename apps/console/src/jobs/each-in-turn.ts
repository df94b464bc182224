/** Does the same to several things, one after the other, and tells what each answered. */

/** What came of it. */
export interface InTurn {
  readonly done: readonly string[]
  readonly refused: readonly { readonly name: string; readonly cause: unknown }[]
}

/** Never rejects: who is refused does not keep the others from their turn. */
export async function eachInTurn(
  names: readonly string[],
  act: (name: string) => Promise<unknown>,
): Promise<InTurn> {
  const done: string[] = []
  const refused: { name: string; cause: unknown }[] = []
  for (const name of names) {
    try {
      await act(name)
      done.push(name)
    } catch (cause) {
      refused.push({ name, cause })
    }
  }
  return { done, refused }
}

/** An error that names who was refused and why; undefined when nobody was. */
export function refusalOf({ done, refused }: InTurn, verb: string): Error | undefined {
  if (refused.length === 0) return undefined
  const reasons = refused.map(
    ({ name, cause }) => `${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
  )
  const error = new Error(`${done.length} ${verb}. ${reasons.join(' ')}`)
  error.name = `${refused.length} refused`
  return error
}
