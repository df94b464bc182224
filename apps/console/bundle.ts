/** Bundles the console into the folder named by the first argument: `node bundle.ts <folder>`. */
import { build } from 'vite'
import { compressFolder } from './compress.ts'

const outDir = process.argv[2] ?? 'dist'
await build({
  configFile: `${import.meta.dirname}/vite.config.ts`,
  logLevel: 'warn',
  build: { outDir, emptyOutDir: true },
})
await compressFolder(outDir)
