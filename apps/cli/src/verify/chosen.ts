/** The scenarios or cases that flags name. */
import { readdirSync, readFileSync } from 'node:fs'

/**
 * Reads a file, or every file of a folder of ours, and picks.
 *
 * @param only - ids, separated by commas; all when absent
 * @param noun - what one is called
 * @throws Error naming what is missing
 */
export function chosen<S extends { readonly id: string }>(
  source: string | URL | undefined,
  only: string | undefined,
  noun: string,
  parse: (text: string) => readonly S[],
): readonly S[] {
  if (source === undefined)
    throw new Error(`expected --${noun}s FILE, or an account to run ours in`)
  const name = typeof source === 'string' ? source : `our ${noun}s`
  const wanted = only?.split(',')
  const all = textsOf(source).flatMap((text) => parse(text))
  const picked = all.filter(({ id }) => wanted === undefined || wanted.includes(id))
  const unknown = wanted?.filter((id) => picked.every((one) => one.id !== id)) ?? []
  if (unknown.length > 0) throw new Error(`${name}: no ${noun} ${unknown.join(', ')}`)
  if (picked.length === 0) throw new Error(`${name}: no ${noun}s`)
  return picked
}

function textsOf(source: string | URL): readonly string[] {
  if (typeof source === 'string') return [readFileSync(source, 'utf8')]
  return readdirSync(source)
    .filter((file) => file !== 'runner.json')
    .map((file) => readFileSync(new URL(file, source), 'utf8'))
}
