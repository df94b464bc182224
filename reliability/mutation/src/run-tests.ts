/**
 * The process of one mutant: runs the tests of a package with one module changed as it is loaded, so that nothing on the disk
 * changes, and sends its parent a `TestsRun`. All test files share one worker, the quick ones come first, and the first failure
 * ends the run.
 */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Plugin } from 'vitest/config'
import { BaseSequencer, startVitest, type TestSpecification } from 'vitest/node'
import type { Mutant } from './mutants-of.ts'
import { withMutant } from './mutants-of.ts'

/** What the parent sends, as JSON in the first argument. */
export interface TestsToRun {
  /** The folder of the package. */
  readonly folder: string
  /** The configuration of all tests. */
  readonly config: string
  /** None: the package as it is, and all its tests. */
  readonly planted?: { readonly path: string; readonly mutant: Mutant }
  /** How long each test file took, by its path; what is not in it comes first. */
  readonly fileMs: Readonly<Record<string, number>>
}

/** What came of it. */
export interface TestsRun {
  readonly tests: number
  /** Whether the module with the mutant was loaded. */
  readonly isPlanted: boolean
  /** The first test or module that failed. */
  readonly failed?: string
  readonly fileMs: Readonly<Record<string, number>>
}

const TIMES_AS_LONG_MAX = 10
/** For loading on a busy machine. */
const MS_MORE = 30_000

const { config, fileMs, folder, planted } = JSON.parse(process.argv[2] ?? '') as TestsToRun

class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const ms = (file: TestSpecification): number => fileMs[file.moduleId] ?? 0
    return files.toSorted((one, other) => ms(one) - ms(other))
  }
}

let tests = 0
let isPlanted = false
let timer: NodeJS.Timeout | undefined
const failed: string[] = []
const tookMs: Record<string, number> = {}
const mutantPlugin: Plugin = {
  name: 'mutant',
  enforce: 'pre',
  configureVitest({ defineCacheKeyGenerator }) {
    // Modules are kept under what is on the disk, which a mutant leaves as it is.
    defineCacheKeyGenerator(({ id }) => (id === planted?.path ? false : undefined))
  },
  load(id) {
    if (id !== planted?.path) return undefined
    isPlanted = true
    return withMutant(readFileSync(id, 'utf8'), planted.mutant)
  },
}
await startVitest(
  [],
  {
    root: folder,
    config,
    watch: false,
    bail: 1,
    isolate: false,
    maxWorkers: 1,
    passWithNoTests: true,
    setupFiles: [join(import.meta.dirname, 'seeded-properties.ts')],
    sequence: { sequencer: QuickFirst },
    ...(planted === undefined ? {} : { related: [planted.path] }),
    reporters: [
      {
        onTestCaseResult: (test) => {
          tests += 1
          if (test.result().state === 'failed') failed.push(test.fullName)
        },
        onTestModuleQueued: ({ moduleId }) => limit(moduleId),
        onTestModuleEnd: (module) => {
          clearTimeout(timer)
          tookMs[module.moduleId] = module.diagnostic().duration
          if (module.errors().length > 0) failed.push(`${module.relativeModuleId} does not load`)
        },
        onTestRunEnd: (_modules, errors) => {
          if (errors.length > 0) failed.push(String(errors[0]?.message))
        },
      },
    ],
  },
  { plugins: [mutantPlugin] },
)
tell()

/** A file of tests that takes this many times as long as without the mutant, and more, never ends. */
function limit(path: string): void {
  clearTimeout(timer)
  const ms = fileMs[path]
  if (ms === undefined) return
  timer = setTimeout(
    () => {
      failed.push(`${relative(folder, path)} does not end`)
      tell()
    },
    ms * TIMES_AS_LONG_MAX + MS_MORE,
  )
}

function tell(): void {
  const [first] = failed
  const run = { tests, isPlanted, fileMs: tookMs, ...(first !== undefined && { failed: first }) }
  // The parent ends what is left of this process group.
  process.send?.(run satisfies TestsRun, () => process.exit(0))
}
