import { readFileSync } from 'node:fs'
import { TEST_CREDENTIALS, type TestServer } from '@muster/server/testkit'
import type { Target } from '@muster/fleet/control'

/** A test server as a fleet's target. */
export function endpointsOf(server: TestServer): Target {
  return {
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    endpoints: {
      controlUrl: server.httpUrl,
      dataHost: 'localhost',
      mqttPort: server.mqttPort,
      httpsPort: server.httpsPort,
      caPem: readFileSync(server.caFile, 'utf8'),
    },
  }
}
