export { killer, startNats, type TestNats, type TestProcess } from './nats-server.ts'
