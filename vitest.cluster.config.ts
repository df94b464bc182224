import { join } from 'node:path'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

// vitest keeps a token for its browser page: in this checkout, not in the home of who runs it.
process.env['XDG_DATA_HOME'] ??= join(import.meta.dirname, 'node_modules/.cache')
process.env['MUSTER_UNDER_TEST'] = 'cluster'

const server = 'apps/server/test'

/**
 * The single process' tests that speak over sockets, unchanged, against a core with two gateways: real
 * clients, the scenarios of Jobs, the walkthrough. Over a local link, or over NATS with
 * `MUSTER_TEST_LINK=nats`; programs are those of `vitest.clients.config.ts`, and Debian's `nats-server`.
 */
const config: ViteUserConfig = defineConfig({
  test: {
    include: [
      `${server}/walkthrough.clients.test.ts`,
      `${server}/killed.test.ts`,
      `${server}/gateway-wire.test.ts`,
      `${server}/listeners-*.test.ts`,
      `${server}/http/device-https.test.ts`,
      `${server}/catalog/role-alias-credentials.test.ts`,
      `${server}/jobs/scenarios-wire.test.ts`,
      `${server}/provisioning/just-in-time.test.ts`,
      `${server}/shadows/shadows.test.ts`,
      `${server}/compatibility/*.test.ts`,
    ],
    globalSetup: [join(import.meta.dirname, 'vitest.rooms.ts')],
    setupFiles: [join(import.meta.dirname, 'vitest.setup.ts')],
    reporters: ['default', 'json'],
    outputFile: { json: 'reports/cluster.json' },
    testTimeout: 120_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
  },
})
export default config
