import { isLive, type KeptShadow, type ShadowState } from './shadow-state.ts'

/** Shadows that end with the process: for tests, and for whoever needs no more. */
export class MemoryShadowState implements ShadowState {
  readonly #things = new Map<string, Map<string, KeptShadow>>()

  get(thingName: string, shadowName: string): KeptShadow | undefined {
    return this.#things.get(thingName)?.get(shadowName)
  }

  put(thingName: string, shadowName: string, shadow: KeptShadow): void {
    const shadows = this.#things.get(thingName) ?? new Map<string, KeptShadow>()
    this.#things.set(thingName, shadows.set(shadowName, shadow))
  }

  names(thingName: string, after: string, limit: number): readonly string[] {
    return [...(this.#things.get(thingName) ?? [])]
      .filter(([name, shadow]) => name > after && isLive(shadow))
      .map(([name]) => name)
      .sort()
      .slice(0, limit)
  }

  forgetDeleted(untilMs: number): void {
    for (const [thingName, shadows] of this.#things) {
      for (const [name, shadow] of shadows) {
        if (!isLive(shadow) && shadow.deletedAtMs <= untilMs) shadows.delete(name)
      }
      if (shadows.size === 0) this.#things.delete(thingName)
    }
  }
}
