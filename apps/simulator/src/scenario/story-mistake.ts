/** Where a mistake is, by members and places, and what was expected. */
export interface StoryMistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}
