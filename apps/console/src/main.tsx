/** The page's entry: mounts the console. */
import '@cloudscape-design/global-styles/index.css'
import './console.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { applyColorMode } from './frame/color-mode.ts'
import { makeLanguageUsable } from './ui/usable-language.ts'

makeLanguageUsable()
applyColorMode()
const root = document.querySelector('#root')
if (root) {
  // What nothing else caught would leave a blank page.
  const onUncaughtError = (error: unknown): void => {
    root.textContent = `The console failed: ${String(error)}. Reload the page to go on.`
  }
  createRoot(root, { onUncaughtError }).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
