/** Shown in place of a page that failed to load or to draw. */
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { useRouteError } from 'react-router'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { pageFailure } from './page-failure.ts'

export function PageFailed(): ReactNode {
  const error = pageFailure(useRouteError())
  return (
    <Page title="This page failed">
      <SpaceBetween size="m">
        <ErrorNotice error={error} />
        <Button onClick={() => location.reload()}>Reload</Button>
      </SpaceBetween>
    </Page>
  )
}
