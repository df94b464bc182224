/** Light or dark: as the system has it until somebody chooses. */
import { applyMode, Mode } from '@cloudscape-design/global-styles'
import { useEffect, useState } from 'react'

const key = 'muster.color-mode'

/** Whether the page is dark, and how to change that. */
export interface ColorMode {
  readonly isDark: boolean
  readonly toggle: () => void
}

/** Shows the mode that was chosen in this browser, or the system's. */
export function useColorMode(): ColorMode {
  const [isDark, setDark] = useState(darkAtFirst)
  useEffect(() => applyMode(isDark ? Mode.Dark : Mode.Light), [isDark])
  const toggle = (): void => {
    keep(isDark ? 'light' : 'dark')
    setDark(!isDark)
  }
  return { isDark, toggle }
}

/** Shows the mode at once, before anything is drawn. */
export function applyFirstColorMode(): void {
  applyMode(darkAtFirst() ? Mode.Dark : Mode.Light)
}

function darkAtFirst(): boolean {
  const chosen = kept()
  return chosen === null ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark'
}

function kept(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    // A browser that blocks storage forgets the choice with the page.
    return null
  }
}

function keep(mode: 'light' | 'dark'): void {
  try {
    localStorage.setItem(key, mode)
  } catch {
    // As above.
  }
}
