/** A thread that fuzzes one target: a reader that hangs, or takes all memory, ends with its thread. */
import { parentPort, workerData } from 'node:worker_threads'
import { readCorpus, writeCorpus } from './corpus.ts'
import { Coverage } from './coverage.ts'
import { Fuzzer } from './fuzzer.ts'
import { Watched } from './watched.ts'
import type { FuzzOrder, FuzzResult } from './fuzz-target.ts'
import type { TargetModule } from './target.ts'

const { bounds, keep, shared, target } = workerData as FuzzOrder
const coverage = new Coverage(target.watches)
const module = (await import(`./targets/${target.name}.ts`)) as TargetModule
const watched = new Watched(shared)
const ports = {
  reading: (input: Uint8Array) => watched.reading(input),
  cpuUs: () => {
    const { system, user } = process.threadCpuUsage()
    return system + user
  },
}
const fuzzer = new Fuzzer(target, module, coverage, bounds, ports)
const known = readCorpus(target.name)
const began = performance.now()
await fuzzer.run(known)
const seconds = (performance.now() - began) / 1000
const { blocksReached, executions, faults } = fuzzer
if (keep) writeCorpus(target.name, await fuzzer.smallestCorpus())
const result: FuzzResult = {
  target: target.name,
  executions,
  seconds,
  known: known.length,
  corpus: fuzzer.corpus.length,
  blocksReached,
  blocks: coverage.size,
  faults,
}
parentPort?.postMessage(result, [])
