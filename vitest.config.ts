import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

// vitest keeps a token for its browser page: in this checkout, not in the home of who runs it.
process.env['XDG_DATA_HOME'] ??= join(import.meta.dirname, 'node_modules/.cache')

const isTurbo = process.env['TURBO_HASH'] !== undefined

/**
 * Everything that needs nothing outside npm, of one package (from its folder) or of all (from
 * here). Client programs: `vitest.clients.config.ts`.
 */
const config: ViteUserConfig = defineConfig({
  test: {
    include: [
      '',
      'packages/*/',
      'apps/*/',
      'loadtest/',
      'bench/',
      'docs/',
      'release/',
      'reliability/*/',
    ].map((folder) => `${folder}test/**/*.test.ts`),
    exclude: ['**/node_modules/**', '**/*.clients.test.ts', '**/*.packages.test.ts'],
    globalSetup: [join(import.meta.dirname, 'vitest.rooms.ts')],
    setupFiles: [join(import.meta.dirname, 'vitest.setup.ts')],
    reporters: ['default', 'json'],
    // What turbo runs is summed up; a part that somebody runs meanwhile is not to take its place.
    outputFile: { json: `reports/${isTurbo ? 'test' : 'by-hand'}.json` },
    testTimeout: 90_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Twice the cores of a small machine, as many of these tests wait for real clients, timers and
    // processes; turbo runs two packages at once.
    maxWorkers: isTurbo ? 2 : 4,
  },
})
export default config
