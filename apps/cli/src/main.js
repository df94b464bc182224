#!/usr/bin/env node
/**
 * `muster`: compiled code is kept beside the program, so that a second run starts at once.
 *
 * JavaScript, and `main.ts` is a link to it: for a TypeScript file that comes before the cache, Node
 * would load its type stripper, 16 MB and 0.1 s of every command's start. Behind it everything is
 * TypeScript that was stripped when it was cached.
 */
import { enableCompileCache, findPackageJSON } from 'node:module'
import { join } from 'node:path'

// In the package, built or not, and not in the system's temporary folder, Node's own choice: what
// runs here leaves nothing there. Where the folder cannot be written, Node goes on without.
const root = join(findPackageJSON(import.meta.url) ?? '', '..')
enableCompileCache(join(root, 'node_modules/.cache/compile'))

// A reader that closes early (`… | head`) is no fault.
process.stdout.on('error', (cause) => {
  if ('code' in cause && cause.code === 'EPIPE') process.exit(0)
  throw cause
})

const { runProgram } = await import('./program.ts')
await runProgram(process.argv)
