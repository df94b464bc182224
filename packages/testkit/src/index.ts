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
  startServerProcess,
  type ReadyLine,
  type ServerProcess,
} from './server-process.ts'
export { movesClock, parseScenarios, type Scenario, type Step } from './scenario-format.ts'
export { runScenario, runScenarios, type ScenarioResult } from './scenario-runner.ts'
export type { CallResult, ReceivedMessage, ScenarioTarget } from './scenario-target.ts'
export { WireTarget, type WireEndpoints } from './wire-target.ts'
