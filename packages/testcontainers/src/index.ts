export { MusterContainer } from './muster-container.ts'
export {
  StartedMusterContainer,
  type DeviceIdentity,
  type DeviceOptions,
  type Operator,
} from './started-muster-container.ts'
