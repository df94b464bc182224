/** What is told and asked beside the results. */
import { createInterface } from 'node:readline/promises'

/** Asks a question on the terminal. @throws Error when there is none */
export async function isWanted(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new Error('there is no terminal to ask on: say --yes')
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^y(es)?$/i.test(await terminal.question(`${question} [y/N] `))
  } finally {
    terminal.close()
  }
}

/** Progress and questions: results alone go to stdout. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
