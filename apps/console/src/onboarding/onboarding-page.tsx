import type { ReactNode } from 'react'
import { Page } from '../ui/page.tsx'

export function OnboardingPage(): ReactNode {
  return <Page title="Onboarding">{null}</Page>
}
