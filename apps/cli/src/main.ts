#!/usr/bin/env node
/** `muster`: compiled code is kept beside the program, so that a second run starts at once. */
import { enableCompileCache, findPackageJSON } from 'node:module'
import { join } from 'node:path'

// In the package, built or not, and not in the system's temporary folder, Node's own choice: what
// runs here leaves nothing there. Where the folder cannot be written, Node goes on without.
const root = join(findPackageJSON(import.meta.url) ?? '', '..')
enableCompileCache(join(root, 'node_modules/.cache/compile'))

// A reader that closes early (`… | head`) is no fault.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code === 'EPIPE') process.exit(0)
  throw cause
})

const { runProgram } = await import('./program.ts')
await runProgram(process.argv)
