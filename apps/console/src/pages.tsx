/**
 * The console's pages: one row each, loaded when first opened. What a page is called in the side
 * navigation is told in `frame/navigation.ts`.
 */
import type { ComponentType } from 'react'

/** A page below `/console/`. */
export interface PageRow {
  /** Below `/console/`, with React Router's parameters: `jobs/:jobId`. */
  readonly path: string
  readonly load: () => Promise<ComponentType>
}

/** Every page; what matches no row is the page of links that lead nowhere. */
export const pages: readonly PageRow[] = [
  { path: 'jobs', load: async () => (await import('./jobs/jobs-page.tsx')).JobsPage },
  { path: 'jobs/:jobId', load: async () => (await import('./jobs/job-page.tsx')).JobPage },
  {
    path: 'create-job',
    load: async () => (await import('./jobs/create/create-job-page.tsx')).CreateJobPage,
  },
  {
    path: 'templates',
    load: async () => (await import('./templates/templates-page.tsx')).TemplatesPage,
  },
  {
    path: 'templates/:jobTemplateId',
    load: async () => (await import('./templates/template-page.tsx')).TemplatePage,
  },
  { path: 'things', load: async () => (await import('./things/things-page.tsx')).ThingsPage },
  {
    path: 'things/:thingName',
    load: async () => (await import('./things/thing-page.tsx')).ThingPage,
  },
  { path: 'groups', load: async () => (await import('./groups/groups-page.tsx')).GroupsPage },
  {
    path: 'groups/:groupName',
    load: async () => (await import('./groups/group-page.tsx')).GroupPage,
  },
  {
    path: 'certificates',
    load: async () => (await import('./certificates/certificates-page.tsx')).CertificatesPage,
  },
  {
    path: 'policies',
    load: async () => (await import('./policies/policies-page.tsx')).PoliciesPage,
  },
  {
    path: 'policies/:policyName',
    load: async () => (await import('./policies/policy-page.tsx')).PolicyPage,
  },
  {
    path: 'policies/:policyName/edit',
    load: async () => (await import('./policies/edit-policy-page.tsx')).EditPolicyPage,
  },
  {
    path: 'create-policy',
    load: async () => (await import('./policies/create-policy-page.tsx')).CreatePolicyPage,
  },
  { path: 'denials', load: async () => (await import('./denials/denials-page.tsx')).DenialsPage },
  {
    path: 'denials/:decisionId',
    load: async () => (await import('./denials/denial-page.tsx')).DenialPage,
  },
  { path: 'audit', load: async () => (await import('./audit/audit-page.tsx')).AuditPage },
  {
    path: 'onboarding',
    load: async () => (await import('./onboarding/onboarding-page.tsx')).OnboardingPage,
  },
  {
    path: 'simulator',
    load: async () => (await import('./simulator/simulator-page.tsx')).SimulatorPage,
  },
  { path: '*', load: async () => (await import('./frame/not-found-page.tsx')).NotFoundPage },
]
