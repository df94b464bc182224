/** Names of a fleet's things, in order, and the way back from a name to its place. */

/** Things by place; places are in the order of names, as a store lists them. */
export interface ThingNames {
  readonly count: number
  nameOf(place: number): string
  /** @returns -1 for a name that is not among them */
  placeOf(name: string): number
}

const PREFIX = 'device-'

/** Things that nobody named: `device-0000001` and so on. */
export function countedNames(count: number): ThingNames {
  const digits = Math.max(7, String(count).length)
  return {
    count,
    nameOf: (place) => PREFIX + String(place + 1).padStart(digits, '0'),
    placeOf: (name) => {
      if (name.length !== PREFIX.length + digits || !name.startsWith(PREFIX)) return -1
      let number = 0
      for (let at = PREFIX.length; at < name.length; at += 1) {
        const digit = name.charCodeAt(at) - 48
        if (digit < 0 || digit > 9) return -1
        number = number * 10 + digit
      }
      return number >= 1 && number <= count ? number - 1 : -1
    },
  }
}

/** The first of some names. */
export function firstNames(names: ThingNames, count: number): ThingNames {
  if (count >= names.count) return names
  return {
    count,
    nameOf: (place) => names.nameOf(place),
    placeOf: (name) => {
      const place = names.placeOf(name)
      return place < count ? place : -1
    },
  }
}

/** Things of a registry, put in order. */
export function listedNames(names: Iterable<string>): ThingNames {
  const sorted = [...new Set(names)].sort()
  const places = new Map(sorted.map((name, place) => [name, place]))
  return {
    count: sorted.length,
    nameOf: (place) => sorted[place] as string,
    placeOf: (name) => places.get(name) ?? -1,
  }
}
