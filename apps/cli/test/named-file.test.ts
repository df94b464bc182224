/** Files that a command line names and that cannot be what is expected of them. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError, type Argument, type Command, type Option } from 'commander'
import { expect, it, onTestFinished } from 'vitest'
import { inputFile, inputFiles, outputFile, readNamedFile } from '../src/flags/named-file.ts'
import { musterProgram } from '../src/program.ts'
import { musterHere } from './muster-here.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'muster-files-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function all(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(all)]
}

/** Everything of a command line that is a file, by command and name. */
function namedFiles(): ReadonlyMap<string, Option | Argument> {
  const found = new Map<string, Option | Argument>()
  for (const command of all(musterProgram())) {
    const files = [
      ...command.options.filter(({ flags }) => flags.endsWith('<file>')),
      ...command.registeredArguments.filter(({ description }) =>
        /^(file|policy doc)/.test(description),
      ),
    ]
    for (const file of files) {
      found.set(`${command.name()} ${'flags' in file ? file.flags : file.name()}`, file)
    }
  }
  return found
}

it('every file of a command line is looked at before anything is done', () => {
  const absent = join(folder(), 'no-folder', 'no-file')
  const files = [...namedFiles()]
  expect(files.map(([name]) => name)).toEqual(
    expect.arrayContaining(['up --iam <file>', 'load --html <file>', 'audit files']),
  )
  // With --live these are names of policies as well: they are looked at when that is known.
  const later = new Set(['diff old', 'diff new'])
  for (const [name, { parseArg }] of files) {
    if (later.has(name)) continue
    expect(() => parseArg?.(absent, undefined as never), name).toThrow(InvalidArgumentError)
  }
})

const MISTAKES: readonly (readonly [string, readonly string[], number, string])[] = [
  [
    'a flag',
    ['device', 'create', 'lamp', '--policy', 'none'],
    1,
    "option '--policy <file>' argument 'none' is invalid. there is no such file: expected a policy document",
  ],
  [
    'an argument',
    ['policy', 'audit', '.'],
    1,
    "command-argument value '.' is invalid for argument 'files'. it is a folder: expected a policy document",
  ],
  [
    'a flag of a command whose 1 is an answer',
    ['rehearse', '--job', '.'],
    2,
    "option '--job <file>' argument '.' is invalid. it is a folder: expected CreateJob’s input as JSON",
  ],
  [
    'what may be another thing',
    ['policy', 'diff', 'none', 'none'],
    2,
    '<old> none cannot be read: there is no such file: expected a policy document',
  ],
  [
    'a report',
    ['simulate', '--html', 'none/page.html'],
    1,
    "option '--html <file>' argument 'none/page.html' is invalid. there is no folder `none`: expected a file to write, in a folder that is there",
  ],
]

it.each(MISTAKES)(
  '%s is named with what is wrong and what was expected',
  async (_, flags, code, said) => {
    const ended = await musterHere(flags, { cwd: folder(), env: {} })
    expect(ended).toEqual({ code, stdout: '', stderr: `muster: ${said}\n` })
  },
)

it('a file that is read may be a pipe or lie behind links, but not behind a circle of them', () => {
  const here = folder()
  const at = (name: string): string => join(here, name)
  writeFileSync(at('file'), 'text')
  symlinkSync('file', at('link'))
  symlinkSync('circle', at('circle'))
  const read = inputFile('a text')
  expect([at('file'), at('link'), '/dev/null'].map(read)).toEqual([
    at('file'),
    at('link'),
    '/dev/null',
  ])
  expect(() => read(at('circle'))).toThrow('its links lead in a circle: expected a text')
  expect(() => read(at('file/below'))).toThrow('there is no such file: expected a text')
  expect(inputFiles('a text')(at('link'), [at('file')])).toEqual([at('file'), at('link')])
  expect(readNamedFile('--text', at('link'), 'a text')).toBe('text')
})

it('a file that is written may be there or not, but its folder must be', () => {
  const here = folder()
  const at = (name: string): string => join(here, name)
  writeFileSync(at('file'), '')
  for (const file of [at('file'), at('new'), '/dev/null']) expect(outputFile(file)).toBe(file)
  expect(() => outputFile(here)).toThrow('it is a folder: expected a file to write')
  expect(() => outputFile(at('file/new'))).toThrow(`\`${at('file')}\` is no folder: expected`)
})

it.skipIf(process.getuid?.() === 0)('a file of others is told as one', () => {
  const file = join(folder(), 'file')
  writeFileSync(file, '', { mode: 0 })
  expect(() => inputFile('a text')(file)).toThrow('this user may not: expected a text')
  expect(() => outputFile(file)).toThrow('this user may not: expected a file to write')
})
