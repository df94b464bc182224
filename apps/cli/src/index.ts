/** For programs that are handed to `muster`: the types of what it calls. */
export type {
  Behaviour,
  BehaviourDevice,
  BehaviourFactory,
  BehaviourPublish,
} from '@muster/simulator'
