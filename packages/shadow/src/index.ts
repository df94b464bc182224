export {
  ShadowEngine,
  type AnsweredRequest,
  type ShadowAnswer,
  type ShadowCall,
  type ShadowMessage,
  type ShadowOperation,
  type ShadowPorts,
} from './engine.ts'
export { MemoryShadowState } from './memory-state.ts'
export {
  isLive,
  type DeletedShadow,
  type KeptShadow,
  type LiveShadow,
  type ShadowState,
} from './shadow-state.ts'
export { shadowTopic, type ShadowName } from './topics.ts'
