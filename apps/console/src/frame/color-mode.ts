/** Light or dark: as the system has it until somebody chooses. */
import { applyMode, Mode } from '@cloudscape-design/global-styles'
import { useSyncExternalStore } from 'react'

const key = 'muster.color-mode'
const watchers = new Set<() => void>()
let isDark = darkAtFirst()

/** Whether the page is dark, kept up to date. */
export function useIsDark(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => isDark,
  )
}

/** Shows the mode that was chosen in this browser, or the system's. */
export function applyColorMode(): void {
  applyMode(isDark ? Mode.Dark : Mode.Light)
}

/** Changes between light and dark, and keeps that. */
export function toggleColorMode(): void {
  isDark = !isDark
  keep(isDark ? 'dark' : 'light')
  applyColorMode()
  for (const watcher of watchers) watcher()
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
