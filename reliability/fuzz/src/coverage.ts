/** The counters of the instrumented modules of this thread, and where they stand. */
import { registerHooks } from 'node:module'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { instrument } from './instrument.ts'

/** More blocks than any target has. */
const BLOCKS_MAX = 65_536
const ROOT = new URL('../../../', import.meta.url)

/** A module that counts. */
interface Counted {
  readonly file: string
  readonly source: string
  readonly base: number
  readonly blocks: readonly number[]
}

/** Counters of the modules that a target watches. */
export class Coverage {
  /** By block. */
  readonly counters: Uint32Array = new Uint32Array(BLOCKS_MAX)
  readonly #modules: Counted[] = []
  readonly #words = new Set<string>()
  #size = 0

  /**
   * Instruments what is imported from now on, in this thread.
   *
   * @param watched - path prefixes from the root of the repository: `packages/broker/src/`
   */
  constructor(watched: readonly string[]) {
    Object.assign(globalThis, { __musterBlocks: this.counters })
    registerHooks({
      load: (url, context, nextLoad) => {
        const loaded = nextLoad(url, context)
        const path = url.startsWith(ROOT.href) ? url.slice(ROOT.href.length) : ''
        const isOurs = path.endsWith('.ts') && watched.some((prefix) => path.startsWith(prefix))
        if (!isOurs || loaded.source === undefined || loaded.source === null) return loaded
        return { format: 'module', shortCircuit: true, source: this.#add(url, text(loaded.source)) }
      },
    })
  }

  /** How many blocks there are. */
  get size(): number {
    return this.#size
  }

  /** Text that the modules compare with. */
  get words(): readonly string[] {
    return [...this.#words]
  }

  /** `packages/broker/src/topic.ts:12` */
  placeOf(block: number): string {
    const found = this.#modules.find(({ base, blocks }) => block < base + blocks.length)
    if (found === undefined) return 'nowhere'
    const at = found.blocks[block - found.base] ?? 0
    return `${found.file}:${found.source.slice(0, at).split('\n').length}`
  }

  #add(url: string, source: string): string {
    const base = this.#size
    const { blocks, code, words } = instrument(source, base)
    this.#modules.push({
      file: relative(fileURLToPath(ROOT), fileURLToPath(url)),
      source,
      base,
      blocks,
    })
    this.#size += blocks.length
    if (this.#size > BLOCKS_MAX) throw new Error(`more than ${BLOCKS_MAX} blocks are watched`)
    for (const word of words) this.#words.add(word)
    return code
  }
}

function text(source: string | NodeJS.TypedArray | ArrayBuffer): string {
  return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8')
}
