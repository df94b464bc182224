export {
  connectMqtt,
  createDevice,
  jobsPolicy,
  mqttOptions,
  OPEN_POLICY,
  requestHttps,
  type CreateDeviceOptions,
  type HttpsAnswer,
  type TestDevice,
} from './test-device.ts'
export { startTestServer, TEST_CREDENTIALS, type TestServer } from './test-server.ts'
export {
  samePorts,
  startMuster,
  startServerProcess,
  type ReadyLine,
  type ServerProcess,
} from './server-process.ts'
export { startGateway, type TestGateway } from './cluster.ts'
export type { MeteredOperation } from '../src/metrics.ts'
export { OPERATION_BUCKETS, OperationSeconds } from '../src/operation-seconds.ts'
