/** Which mutants a run tries: as many for a line of one package as for a line of another. */
import type { Random } from '@muster/clock'
import { mutantsOf, type Mutant } from './mutants-of.ts'

/** A mutant and where it stands. */
export interface Chosen {
  readonly file: string
  readonly line: number
  readonly mutant: Mutant
}

/** What `chooseMutants` reads: a file by its path from the top of the checkout, and its text. */
export interface SourceFile {
  readonly file: string
  readonly source: string
}

/**
 * Cuts the lines that can hold a mistake into `count` stretches of one length, and takes a line of each and a mutant of that
 * line: so no mutant is taken twice. All lines, when there are fewer than `count`.
 */
export function chooseMutants(
  files: readonly SourceFile[],
  count: number,
  random: Random,
): readonly Chosen[] {
  const lines = files.flatMap(linesWithMutants)
  const stretches = Math.min(count, lines.length)
  return Array.from({ length: stretches }, (_, stretch) => {
    const at = Math.floor(((stretch + random()) / stretches) * lines.length)
    const onLine = lines[at] as readonly Chosen[]
    return onLine[Math.floor(random() * onLine.length)] as Chosen
  })
}

/** Every mutant of a file, or of one line of it. */
export function allMutants(source: SourceFile, line?: number): readonly Chosen[] {
  const all = linesWithMutants(source).flat()
  return line === undefined ? all : all.filter((one) => one.line === line)
}

function linesWithMutants({ file, source }: SourceFile): readonly (readonly Chosen[])[] {
  const byLine = new Map<number, Chosen[]>()
  for (const mutant of mutantsOf(source)) {
    const line = source.slice(0, mutant.start).split('\n').length
    const onLine = byLine.get(line) ?? []
    onLine.push({ file, line, mutant })
    byLine.set(line, onLine)
  }
  return [...byLine.values()]
}
