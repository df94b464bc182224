/** For links that lead nowhere. */
import Box from '@cloudscape-design/components/box'
import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'
import { PageLink } from '../ui/page-link.tsx'

export function NotFoundPage(): ReactNode {
  return (
    <Page title="Nothing here">
      <Box variant="p">
        This link leads nowhere. <PageLink to="/jobs">Go to the jobs</PageLink>
      </Box>
    </Page>
  )
}
