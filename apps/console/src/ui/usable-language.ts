/** The browser's language, where it is none that formats know. */

/**
 * Replaces a language that is no language tag by English. A browser started without a locale calls
 * its own `en-US@posix`, and a library that formats numbers by it throws.
 */
export function makeLanguageUsable(): void {
  try {
    Intl.getCanonicalLocales(navigator.language)
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true })
  }
}
