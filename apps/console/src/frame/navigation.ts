/** The side navigation: its links, in order, under their headings. */

/** A link of the side navigation. */
export interface NavigationLink {
  readonly text: string
  /** Path below `/console`: `/jobs`. */
  readonly path: string
  /** Whether the page works through the admin API alone, which AWS does not have. */
  readonly needsAdmin?: true
}

/** Links that belong together. */
export interface NavigationSection {
  readonly title: string
  readonly links: readonly NavigationLink[]
}

/** Every section. */
export const navigation: readonly NavigationSection[] = [
  {
    title: 'Remote actions',
    links: [
      { text: 'Jobs', path: '/jobs' },
      { text: 'Templates', path: '/templates' },
      { text: 'Packages', path: '/packages' },
      { text: 'OTA updates', path: '/ota-updates' },
    ],
  },
  {
    title: 'Fleet',
    links: [
      { text: 'Things', path: '/things' },
      { text: 'Groups', path: '/groups' },
      { text: 'Onboarding', path: '/onboarding' },
    ],
  },
  {
    title: 'Security',
    links: [
      { text: 'Certificates', path: '/certificates' },
      { text: 'Policies', path: '/policies' },
      { text: 'Role aliases', path: '/role-aliases' },
      { text: 'Denials', path: '/denials', needsAdmin: true },
      { text: 'Audit', path: '/audit' },
    ],
  },
  {
    title: 'This server',
    links: [{ text: 'Simulator', path: '/simulator', needsAdmin: true }],
  },
]

/**
 * The link that stands for a page: its own, or that of the list above it.
 *
 * @param pathname - below `/console`: `/jobs/reboot`
 */
export function activePath(pathname: string): string | undefined {
  const first = `/${pathname.split('/')[1] ?? ''}`
  if (first === '/create-job') return '/jobs'
  if (first === '/create-policy') return '/policies'
  return navigation.flatMap(({ links }) => links).find(({ path }) => path === first)?.path
}

/** The sections with the links that lead somewhere; empty ones are left out. */
export function usableNavigation(hasAdmin: boolean): readonly NavigationSection[] {
  return navigation
    .map(({ title, links }) => ({
      title,
      links: links.filter(({ needsAdmin }) => hasAdmin || needsAdmin === undefined),
    }))
    .filter(({ links }) => links.length > 0)
}
