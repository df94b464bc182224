/** Role aliases: constraints of the control plane's input structures (neighbours N103). */
import type { ServiceConstraints } from '../constraint.ts'
import { text, whole } from './build.ts'
import { marker, pageSize, roleArn } from './shapes.ts'

const roleAlias = text(1, 128, /^[\w=,@-]+$/u)
const credentialDurationSeconds = whole(900, 43_200)

export const roleAliases: ServiceConstraints<'iot'> = {
  CreateRoleAliasRequest: { roleAlias, roleArn, credentialDurationSeconds },
  UpdateRoleAliasRequest: { roleAlias, roleArn, credentialDurationSeconds },
  DescribeRoleAliasRequest: { roleAlias },
  DeleteRoleAliasRequest: { roleAlias },
  ListRoleAliasesRequest: { marker, pageSize },
}
