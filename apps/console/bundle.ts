/**
 * Bundles the console into the folder named by the first argument: `node bundle.ts <folder>`. With
 * `--while-asked` after it, whoever started it holds the other end of its stdin, and once that is
 * gone, killed too, it stops: a server that is killed again and again leaves no bundlers behind.
 */
import { rmSync } from 'node:fs'
import { build } from 'vite'
import { compressFolder } from './compress.ts'

const outDir = process.argv[2] ?? 'dist'
if (process.argv[3] === '--while-asked') {
  process.stdin.resume().once('end', () => {
    rmSync(outDir, { recursive: true, force: true })
    process.exit(1)
  })
}
await build({
  configFile: `${import.meta.dirname}/vite.config.ts`,
  logLevel: 'warn',
  build: { outDir, emptyOutDir: true },
})
await compressFolder(outDir)
process.stdin.destroy()
