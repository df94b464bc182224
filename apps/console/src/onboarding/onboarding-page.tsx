import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { LinkedTabs } from '../ui/linked-tabs.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { TemplatesTable } from './templates-table.tsx'

/** The ways in: a device that is made here, one that claims itself, and the templates for it. */
export function OnboardingPage(): ReactNode {
  return (
    <Page
      title="Onboarding"
      description="From nothing to a device that is connected and has carried out its first job."
    >
      <LinkedTabs
        label="Onboarding"
        tabs={[
          { id: 'devices', label: 'Devices', content: <Ways /> },
          { id: 'templates', label: 'Provisioning templates', content: <TemplatesTable /> },
        ]}
      />
    </Page>
  )
}

function Ways(): ReactNode {
  return (
    <ColumnLayout columns={2}>
      <Way
        title="Make a device"
        to="/onboarding/device"
        verb="Make a device"
        steps={[
          'A thing, a key and a certificate, and the least policy that it needs.',
          'Its files to download, and lines to paste for common clients.',
          'The page waits for it to connect, and gives it its first job.',
        ]}
      >
        For one device at a time, with the operator at hand.
      </Way>
      <Way
        title="Claim a device"
        to="/onboarding/claim"
        verb="Claim a device"
        steps={[
          'A provisioning template says what becomes of a device that introduces itself.',
          'Each message of fleet provisioning is shown as it goes over the wire.',
          'The page waits for the device to connect, and gives it its first job.',
        ]}
      >
        For production lines, where devices share a claim and buy their own certificate with it.
      </Way>
    </ColumnLayout>
  )
}

function Way(props: {
  readonly title: string
  readonly to: string
  readonly verb: string
  readonly steps: readonly string[]
  readonly children: ReactNode
}): ReactNode {
  return (
    <Container
      fitHeight
      header={<Header variant="h2">{props.title}</Header>}
      footer={<PageButton to={props.to}>{props.verb}</PageButton>}
    >
      <SpaceBetween size="s">
        <Box color="text-body-secondary">{props.children}</Box>
        <ol>
          {props.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </SpaceBetween>
    </Container>
  )
}
