/** Bundles the console into the folder named by the first argument: `node bundle.ts <folder>`. */
import { build } from 'vite'

await build({
  configFile: `${import.meta.dirname}/vite.config.ts`,
  logLevel: 'warn',
  build: { outDir: process.argv[2] ?? 'dist', emptyOutDir: true },
})
