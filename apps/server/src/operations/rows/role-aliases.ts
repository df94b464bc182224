import { passingRole, tagging } from '../../authorization/operator-permissions.ts'
import { roleAlias } from '../../authorization/operator-resources.ts'
import type { Operations } from '../operation-row.ts'

/** Role aliases (neighbours N102, N103). What a device gets for one is no operation of AWS's models. */
export const roleAliases: Operations<'iot'> = {
  CreateRoleAlias: {
    rule: ({ roleAliases: aliases }) => aliases.create.bind(aliases),
    resources: [roleAlias],
    also: (account, input) => [
      ...tagging(account, roleAlias, input),
      ...passingRole(input.roleArn),
    ],
  },
  UpdateRoleAlias: {
    rule: ({ roleAliases: aliases }) => aliases.update.bind(aliases),
    resources: [roleAlias],
    also: (_account, { roleArn }) => passingRole(roleArn),
  },
  DescribeRoleAlias: {
    rule: ({ roleAliases: aliases }) => aliases.describe.bind(aliases),
    resources: [roleAlias],
  },
  DeleteRoleAlias: {
    rule: ({ roleAliases: aliases }) => aliases.delete.bind(aliases),
    resources: [roleAlias],
  },
  ListRoleAliases: { rule: ({ roleAliases: aliases }) => aliases.list.bind(aliases) },
}
