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
  {
    path: 'packages',
    load: async () => (await import('./packages/packages-page.tsx')).PackagesPage,
  },
  {
    path: 'packages/:packageName',
    load: async () => (await import('./packages/package-page.tsx')).PackagePage,
  },
  {
    path: 'ota-updates',
    load: async () => (await import('./ota/ota-page.tsx')).OtaPage,
  },
  {
    path: 'role-aliases',
    load: async () => (await import('./role-aliases/role-aliases-page.tsx')).RoleAliasesPage,
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
    path: 'certificates/:certificateId',
    load: async () => (await import('./certificates/certificate-page.tsx')).CertificatePage,
  },
  {
    path: 'certificates/:certificateId/rotate',
    load: async () => (await import('./certificates/rotate-page.tsx')).RotatePage,
  },
  {
    path: 'certificates/register-authority',
    load: async () =>
      (await import('./certificates/register-authority-page.tsx')).RegisterAuthorityPage,
  },
  {
    path: 'certificates/authorities/:certificateId',
    load: async () => (await import('./certificates/authority-page.tsx')).AuthorityPage,
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
    path: 'onboarding/device',
    load: async () => (await import('./onboarding/make-device-page.tsx')).MakeDevicePage,
  },
  {
    path: 'onboarding/claim',
    load: async () => (await import('./onboarding/claim-device-page.tsx')).ClaimDevicePage,
  },
  {
    path: 'onboarding/create-template',
    load: async () => (await import('./onboarding/create-template-page.tsx')).CreateTemplatePage,
  },
  {
    path: 'onboarding/templates/:templateName',
    load: async () => (await import('./onboarding/template-page.tsx')).TemplatePage,
  },
  {
    path: 'simulator',
    load: async () => (await import('./simulator/simulator-page.tsx')).SimulatorPage,
  },
  { path: '*', load: async () => (await import('./frame/not-found-page.tsx')).NotFoundPage },
]
