import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

// vitest keeps a token for its browser page: in this checkout, not in the home of who runs it.
process.env['XDG_DATA_HOME'] ??= join(import.meta.dirname, 'node_modules/.cache')

/** Tests that need programs from Debian: mosquitto, AWS CLI, curl, boto3, Docker, PostgreSQL. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ['{apps,packages}/*/test/**/*.clients.test.ts', 'docs/test/*.clients.test.ts'],
    globalSetup: [join(import.meta.dirname, 'vitest.rooms.ts')],
    setupFiles: [join(import.meta.dirname, 'vitest.setup.ts')],
    reporters: ['default', 'json'],
    outputFile: { json: 'reports/clients.json' },
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
  },
})
export default config
