import { likelyName } from '@muster/model'

/** Shorter words are all alike. */
const LETTERS_MIN = 3

/** `; did you mean \`ota-wave\`?` where one of the words is near enough; else nothing. */
export function suggestion(word: string, words: readonly string[]): string {
  const meant = word.length < LETTERS_MIN ? undefined : likelyName(word, words)
  return meant === undefined ? '' : `; did you mean \`${meant}\`?`
}
