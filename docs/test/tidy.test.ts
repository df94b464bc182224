/** The house rules that no linter knows. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const files = globSync(
  [
    '{apps,packages,loadtest,infra,bench,docs,release,reliability}/**/*.{ts,tsx,js,sh,yaml,yml}',
    '.ci/*',
    '*.*',
  ],
  {
    cwd: ROOT,
    exclude: (name) => /(^|\/)(node_modules|dist|\.muster|\.turbo|coverage)$/.test(name),
  },
).filter((file) => !file.endsWith('.md'))
const sources = files.filter((file) => /\/src\/.*\.tsx?$/.test(file))

const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

it('no source file is longer than 500 lines', () => {
  expect(sources.length).toBeGreaterThan(300)
  expect(sources.filter((file) => text(file).split('\n').length > 501)).toEqual([])
})

it('no file is named for a grab bag', () => {
  const bags = /(^|[-.])(utils?|helpers?|managers?|common|misc)([-.]|$)/
  expect(files.filter((file) => bags.test(basename(file)))).toEqual([])
})

it('files have kebab-case names', () => {
  const kebab = /^\.?[a-z0-9]+([-.][a-z0-9]+)*$/
  expect(
    files.filter((file) => file.includes('/')).filter((file) => !kebab.test(basename(file))),
  ).toEqual([])
})

it('nothing is left over from trying things out', () => {
  const scratch = /(^|\/)(zz|tmp|scratch|try|old|wip)([-.]|\/)|\.(orig|rej|bak)$/
  expect(files.filter((file) => scratch.test(file))).toEqual([])
})

it('no path of a developer’s machine is written anywhere', () => {
  // Put together here, so that this file does not find itself.
  const homes = new RegExp(String.raw`(["'\s(=]|file://)/(work|root|home/[a-z]+|Users/[a-z]+)/`)
  expect(files.filter((file) => homes.test(text(file)))).toEqual([])
})
