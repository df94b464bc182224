/** The command lines that the pages show. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const RUN_WHOLE: readonly string[] = ['docs/clients.md', 'docs/identities.md']
const ROOT = join(import.meta.dirname, '..')

/** One command line, without its comment, on one line. */
export interface ShownCommand {
  readonly page: string
  readonly line: string
}

/**
 * Every command of every page: the lines of `sh` blocks, `npx …` within a sentence, and the rows of
 * tables that are headed `npx -y pnpm@12 …`. `docs/clients.md` and `docs/identities.md` are run whole,
 * by tests of their own.
 */
export function shownCommands(): readonly ShownCommand[] {
  const pages = globSync('**/*.md', {
    cwd: ROOT,
    exclude: (name) => /(^|\/)(node_modules|dist|\.muster|\.git)$/.test(name),
  })
  return pages
    .filter((page) => !RUN_WHOLE.includes(page) && page !== 'CHANGELOG.md')
    .toSorted()
    .flatMap((page) => {
      const text = readFileSync(join(ROOT, page), 'utf8')
      const lines = [...linesOfBlocks(text), ...withinSentences(text), ...rowsOfTables(text)]
      return [...new Set(lines)].map((line) => ({ page, line }))
    })
}

function linesOfBlocks(text: string): string[] {
  return [...text.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = '']) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.replace(/(^|\s+)#.*$/, '').trim())
      .filter((line) => line !== ''),
  )
}

function withinSentences(text: string): string[] {
  const prose = text.replaceAll(/^ *```.*?^ *```$/gms, '')
  return [...prose.matchAll(/`(npx [^`]*)`/g)]
    .map(([, line = '']) => line.replaceAll(/\s+/g, ' '))
    .filter((line) => !line.endsWith('…'))
}

/** The first cell of each row; a cell may name several, and leaves out `npx -y pnpm@12`. */
function rowsOfTables(text: string): string[] {
  return [...text.matchAll(/^\| `npx -y pnpm@12 …` .*\n\|[-|]+\|\n((?:\|.*\n)+)/gm)].flatMap(
    ([, rows = '']) =>
      rows
        .split('\n')
        .flatMap((row) =>
          [...(row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g)].map(
            ([, command]) => `npx -y pnpm@12 ${command}`,
          ),
        ),
  )
}
