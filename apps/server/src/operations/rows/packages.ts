import type { Account } from '@muster/model'
import { passingRole, tagging, type Permission } from '../../authorization/operator-permissions.ts'
import { packageVersion, softwarePackage } from '../../authorization/operator-resources.ts'
import type { Operations } from '../operation-row.ts'

/** neighbours N63: creating and changing look at what is indexed. */
const readsIndexing: Permission = { action: 'iot:GetIndexingConfiguration', resource: '*' }

const both = [softwarePackage, packageVersion] as const

/** The Software Package Catalog (neighbours N53, N63). */
export const packages: Operations<'iot'> = {
  CreatePackage: {
    rule: ({ catalog }) => catalog.createPackage.bind(catalog),
    resources: [softwarePackage],
    also: (account, input) => [readsIndexing, ...tagging(account, softwarePackage, input)],
  },
  GetPackage: {
    rule: ({ catalog }) => catalog.getPackage.bind(catalog),
    resources: [softwarePackage],
  },
  UpdatePackage: {
    rule: ({ catalog }) => catalog.updatePackage.bind(catalog),
    resources: [softwarePackage],
    also: () => [readsIndexing],
  },
  DeletePackage: {
    rule: ({ catalog }) => catalog.deletePackage.bind(catalog),
    resources: [softwarePackage],
  },
  ListPackages: { rule: ({ catalog }) => catalog.listPackages.bind(catalog) },
  CreatePackageVersion: {
    rule: ({ catalog }) => catalog.createPackageVersion.bind(catalog),
    resources: both,
    also: (account, input) => [readsIndexing, ...tagging(account, packageVersion, input)],
  },
  GetPackageVersion: {
    rule: ({ catalog }) => catalog.getPackageVersion.bind(catalog),
    resources: both,
  },
  UpdatePackageVersion: {
    rule: ({ catalog }) => catalog.updatePackageVersion.bind(catalog),
    resources: both,
    also: () => [readsIndexing],
  },
  DeletePackageVersion: {
    rule: ({ catalog }) => catalog.deletePackageVersion.bind(catalog),
    resources: both,
  },
  ListPackageVersions: { rule: ({ catalog }) => catalog.listPackageVersions.bind(catalog) },
  AssociateSbomWithPackageVersion: {
    rule: ({ catalog }) => catalog.associateSbom.bind(catalog),
    resources: both,
  },
  DisassociateSbomFromPackageVersion: {
    rule: ({ catalog }) => catalog.disassociateSbom.bind(catalog),
    resources: both,
  },
  ListSbomValidationResults: {
    rule: ({ catalog }) => catalog.listSbomValidationResults.bind(catalog),
    resources: both,
  },
  GetPackageConfiguration: { rule: ({ catalog }) => catalog.getPackageConfiguration.bind(catalog) },
  UpdatePackageConfiguration: {
    rule: ({ catalog }) => catalog.updatePackageConfiguration.bind(catalog),
    also: (_account: Account, { versionUpdateByJobsConfig }) =>
      passingRole(versionUpdateByJobsConfig?.roleArn),
  },
}
