/**
 * Writes `fidelity.md`: every rule of the wire specification (`rules.tsv`), where it is proven, and
 * what is said about it. A rule is proven by a test that names it: `jobs J41: …`.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rowOf } from '../apps/server/src/operations/operation-row.ts'
import { operations } from '../apps/server/src/operations/table.ts'
import { operationsOf } from '../packages/aws-protocol/src/sdk-schemas.ts'

/** One row of `rules.tsv`. */
export interface Rule {
  /** `jobs J41`. */
  readonly id: string
  readonly says: string
  /** Empty: judged by its tests. `partial`, `differs`, `outside`: as the note explains. */
  readonly status: string
  readonly note: string
}

const root = join(import.meta.dirname, '..')
const STATUSES: Readonly<Record<string, string>> = {
  proven: 'a test names the rule and passes',
  unproven: 'no test names it: it may hold all the same',
  partial: 'held in part; the note says what is missing',
  differs: 'deliberately different; the note says why',
  outside: 'outside the mission, or about AWS’s own operation',
}

/** The rules in the order of the specification. */
export function readRules(): Rule[] {
  const [, ...lines] = readFileSync(join(root, 'docs/rules.tsv'), 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [id = '', says = '', status = '', note = ''] = line.split('\t')
    return { id, says, status, note }
  })
}

/** Test files by the rules they name: in titles (comments do not count), in scenarios and cases. */
export function testsByRule(): Map<string, string[]> {
  const tests = new Map<string, Set<string>>()
  const add = (rule: string, file: string): void => {
    const files = tests.get(rule) ?? new Set()
    tests.set(rule, files.add(file))
  }
  for (const file of globSync('{packages,apps}/*/test/**/*.test.ts', { cwd: root })) {
    const text = readFileSync(join(root, file), 'utf8')
    for (const rule of rulesNamed(withoutComments(text))) add(rule, file)
  }
  for (const file of globSync('packages/jobs/test/scenarios/*.json', { cwd: root })) {
    const { scenarios } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      scenarios: { rules: string[] }[]
    }
    for (const rule of scenarios.flatMap(({ rules }) => rules)) add(`jobs ${rule}`, file)
  }
  for (const file of globSync('apps/cli/test/cases/*.json', { cwd: root })) {
    const { cases } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      cases: { rules?: string[] }[]
    }
    for (const rule of cases.flatMap(({ rules = [] }) => rules)) add(`neighbours ${rule}`, file)
  }
  return new Map([...tests].map(([rule, files]) => [rule, [...files].sort()]))
}

/** Source text without the comments that begin a line: what a comment says proves nothing. */
export function withoutComments(source: string): string {
  return source.replaceAll(/^\s*\/\*.*?\*\//gms, '').replaceAll(/^\s*\/\/.*$/gm, '')
}

/** `authz E1, E2`, `jobs J3 to J6` and `gateway G10` in a text, each rule once. */
export function rulesNamed(text: string): Set<string> {
  const named = new Set<string>()
  const list =
    /\b(authz|jobs|gateway|identities|neighbours) ([A-Z]\d+(?:(?:, | and | to |–)[A-Z]\d+)*)/g
  for (const [, spec = '', ids = ''] of text.matchAll(list)) {
    for (const part of ids.split(/, | and /)) {
      const [from = '', to = from] = part.split(/ to |–/)
      const letter = from.slice(0, 1)
      for (let n = Number(from.slice(1)); n <= Number(to.slice(1)); n += 1) {
        named.add(`${spec} ${letter}${n}`)
      }
    }
  }
  return named
}

/** The page as Markdown. */
export function fidelityPage(): string {
  const tests = testsByRule()
  const rows = readRules().map((rule) => {
    const files = tests.get(rule.id) ?? []
    const status = rule.status !== '' ? rule.status : files.length > 0 ? 'proven' : 'unproven'
    return { ...rule, status, files }
  })
  const count = (status: string): number => rows.filter((row) => row.status === status).length
  const lines = [
    '# Fidelity',
    '',
    'Every rule of the wire that Muster follows, by id, the tests that prove it, and where it stops.',
    'Written by `node docs/fidelity.ts` from `rules.tsv` and the tests; a test keeps it so.',
    '',
    '| status | rules | meaning |',
    '|---|---|---|',
    ...Object.entries(STATUSES).map(([name, means]) => `| ${name} | ${count(name)} | ${means} |`),
  ]
  for (const spec of ['authz', 'jobs', 'gateway', 'identities', 'neighbours']) {
    lines.push(
      '',
      `## ${spec}`,
      '',
      '| rule | says | status | tests | note |',
      '|---|---|---|---|---|',
    )
    for (const row of rows.filter(({ id }) => id.startsWith(spec))) {
      const links = row.files.slice(0, 3).map((file) => `[${shortName(file)}](../${file})`)
      if (row.files.length > 3) links.push(`and ${row.files.length - 3} more`)
      const cells = [row.id, row.says, row.status, links.join(', '), row.note]
      lines.push(`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    }
  }
  lines.push(...identityTable(), ...absentOperations())
  return `${lines.join('\n')}\n`
}

interface IdentityMatrix {
  readonly refusals: Readonly<Record<string, string>>
  readonly columns: Readonly<Record<string, string>>
  readonly rows: readonly Readonly<Record<string, string>>[]
}

/** Who may, by which policies: the table that a test holds the server to (identities I109). */
function identityTable(): string[] {
  const file = 'apps/server/test/identities/matrix.json'
  const matrix = JSON.parse(readFileSync(join(root, file), 'utf8')) as IdentityMatrix
  const columns = Object.keys(matrix.columns)
  return [
    '',
    '## Who may, by which policies',
    '',
    'Each cell: the policies that must allow, and what is answered where they do not.',
    `Held by [server/matrix](../${file.replace('.json', '.test.ts')}).`,
    '',
    `| identity | ${Object.values(matrix.columns).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...matrix.rows.map(
      (row) => `| ${[row['identity'], ...columns.map((column) => row[column])].join(' | ')} |`,
    ),
    '',
    ...Object.entries(matrix.refusals).map(([letter, says]) => `- ${letter}: ${says}`),
  ]
}

/** What is not there, by AWS's name: an operation of the SDK's without a row. */
function absentOperations(): string[] {
  const services = ['iot', 'iotdata', 'iot-jobs-data'] as const
  const absent = services.flatMap((service) => {
    const all = operationsOf(service).map(({ name }) => name)
    const names = all.filter((name) => rowOf(operations, service, name) === undefined).sort()
    return names.length === 0 ? [] : [{ service, all: all.length, names }]
  })
  const count = absent.reduce((sum, { names }) => sum + names.length, 0)
  return [
    '',
    `## Operations that answer 501: ${count}`,
    '',
    '| service | operations | of them 501 | which |',
    '|---|---|---|---|',
    ...absent.map(
      ({ service, all, names }) =>
        `| ${service} | ${all} | ${names.length} | ${names.join(', ')} |`,
    ),
  ]
}

function shortName(file: string): string {
  const area = dirname(file).split('/')[1] ?? ''
  return `${area}/${(file.split('/').at(-1) ?? '').replace(/\.test\.ts$|\.json$/, '')}`
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(root, 'docs/fidelity.md'), fidelityPage())
}
