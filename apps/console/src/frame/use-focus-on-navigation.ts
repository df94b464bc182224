/** Where the focus is after a page was opened: on its heading, so that it is read out. */
import { useEffect, useRef } from 'react'
import { useLocation } from 'react-router'

/** Moves the focus when the path changes; not at the first page, and not for filters and sorting. */
export function useFocusOnNavigation(): void {
  const { pathname } = useLocation()
  const focused = useRef(pathname)
  useEffect(() => {
    if (focused.current === pathname) return
    focused.current = pathname
    const heading = document.querySelector<HTMLElement>('main h1')
    if (!heading) return
    heading.tabIndex = -1
    heading.focus({ preventScroll: true })
  }, [pathname])
}
