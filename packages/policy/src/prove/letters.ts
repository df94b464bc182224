/**
 * The alphabet of a proof. Characters that a policy or property names are letters of their own; all
 * others behave alike within their class, so one letter stands for each class. Above them lie the
 * symbols: names of unknown values, such as "this device's thing", read as one letter.
 */

/** Sets of characters that values are made of. */
export type CharacterClass =
  | 'thing'
  | 'job'
  | 'segment'
  | 'topic'
  | 'attribute'
  | 'certificate'
  | 'hexadecimal'
  | 'any'

const members: Readonly<Record<CharacterClass, RegExp>> = {
  /** Names of things, thing types and groups. */
  thing: /^[a-zA-Z0-9:_-]$/,
  job: /^[a-zA-Z0-9_-]$/,
  /** One level of a topic. */
  segment: /^[^/+#\0]$/u,
  /** A topic's name: MQTT's wildcards stand in filters only. */
  topic: /^[^+#\0]$/u,
  attribute: /^[a-zA-Z0-9_.,@/:#=[\]-]$/,
  /** authz F11: other values are never substituted. */
  certificate: /^[^*$+?#]$/u,
  hexadecimal: /^[0-9a-f]$/,
  any: /^[^]$/u,
}

const classNames = Object.keys(members) as readonly CharacterClass[]

/** Whether a character belongs to a class. */
export function isMember(character: string, name: CharacterClass): boolean {
  return members[name].test(character)
}

/** What unnamed characters are drawn from, the most readable first. */
const pool = [
  ...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'),
  ...Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)),
  'é',
  '\0',
]

/** Letters of one question: numbers, characters first, then symbols. */
export class Letters {
  /** By letter: the character that stands for it. */
  readonly characters: readonly string[]
  readonly symbolCount: number
  readonly #letters = new Map<string, number>()
  readonly #byClasses = new Map<string, number>()
  readonly #sets = new Map<CharacterClass, readonly number[]>()

  /**
   * @param texts - whatever has characters that must be told apart
   * @param symbolCount - unknown values
   */
  constructor(texts: Iterable<string>, symbolCount: number) {
    const named = new Set(['/', '+', '#'])
    for (const text of texts) for (const character of text) named.add(character)
    const characters: string[] = []
    for (const character of [...pool, ...named]) {
      if (named.has(character)) {
        if (this.#letters.has(character)) continue
        this.#letters.set(character, characters.length)
        characters.push(character)
        continue
      }
      const classes = classesOf(character)
      if (this.#byClasses.has(classes)) continue
      this.#byClasses.set(classes, characters.length)
      characters.push(character)
    }
    this.characters = characters
    this.symbolCount = symbolCount
  }

  /** Characters and symbols together. */
  get count(): number {
    return this.characters.length + this.symbolCount
  }

  /** The letter of a character. */
  letterOf(character: string): number {
    const letter = this.#letters.get(character) ?? this.#byClasses.get(classesOf(character))
    // The pool has a character of every combination of classes.
    return letter ?? 0
  }

  /** Whether a letter is one character, rather than any of a class. */
  isNamed(letter: number): boolean {
    return this.#letters.has(this.characters[letter] ?? '')
  }

  /** The letter of a symbol. */
  symbolLetter(symbol: number): number {
    return this.characters.length + symbol
  }

  /** Characters of a class. */
  ofClass(name: CharacterClass): readonly number[] {
    let letters = this.#sets.get(name)
    if (letters === undefined) {
      letters = [...this.characters.keys()].filter((letter) =>
        isMember(this.characters[letter] ?? '', name),
      )
      this.#sets.set(name, letters)
    }
    return letters
  }
}

function classesOf(character: string): string {
  return classNames.map((name) => (isMember(character, name) ? '1' : '0')).join('')
}
