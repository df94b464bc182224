/** What is typed of packages and versions, and what is wrong with it; pure. */

const PACKAGE = /^[a-zA-Z0-9_.-]{1,128}$/
const VERSION = /^[a-zA-Z0-9_.-]{1,64}$/
const ATTRIBUTE = /^([a-zA-Z0-9:_-]+)=(.+)$/

/** What is wrong with a package's name; undefined: nothing. */
export function packageNameProblem(name: string): string | undefined {
  return PACKAGE.test(name) ? undefined : 'Up to 128 letters, digits, dots, hyphens, underscores.'
}

/** What is wrong with a version's name; undefined: nothing. */
export function versionNameProblem(name: string): string | undefined {
  return VERSION.test(name) ? undefined : 'Up to 64 letters, digits, dots, hyphens, underscores.'
}

/**
 * Attributes, one a line: `url=https://…`.
 *
 * @returns undefined where a line is none
 */
export function attributesIn(text: string): Readonly<Record<string, string>> | undefined {
  const attributes: Record<string, string> = {}
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, key, value] = ATTRIBUTE.exec(line.trim()) ?? []
    if (key === undefined || value === undefined) return undefined
    attributes[key] = value
  }
  return attributes
}

/** A version's ARN in words: `lamp-os 1.0.0`. */
export function versionInWords(arn: string): string {
  const [, packageName, versionName] = /:package\/(.+)\/version\/(.+)$/.exec(arn) ?? []
  return packageName === undefined ? arn : `${packageName} ${versionName}`
}

/** A fleet query for the things that report a version of a package. */
export function installedQuery(packageName: string, versionName: string): string {
  return `shadow.name.$package.reported.${packageName}.version:${versionName}`
}
