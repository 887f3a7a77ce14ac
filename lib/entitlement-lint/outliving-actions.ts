/** What keeps its effect when the grant is over, besides what AWS itself classes as permissions management. By hand; add what you find. */
export const OUTLIVING: Readonly<Record<string, string>> = {
  ...actions('makes credentials that stay valid when the grant is over', [
    'cognito-idp:AdminSetUserPassword',
    'ec2:CreateKeyPair',
    'ec2:ImportKeyPair',
    'iam:CreateAccessKey',
    'iam:CreateLoginProfile',
    'iam:CreateServiceSpecificCredential',
    'iam:ResetServiceSpecificCredential',
    'iam:UpdateAccessKey',
    'iam:UpdateLoginProfile',
    'iam:UploadSigningCertificate',
    'iam:UploadSSHPublicKey',
    'rolesanywhere:CreateTrustAnchor',
  ]),
  ...actions('gives a token of its own lifetime, valid for hours after the grant', [
    'codeartifact:GetAuthorizationToken',
    'ecr:GetAuthorizationToken',
    'redshift:GetClusterCredentials',
    'redshift:GetClusterCredentialsWithIAM',
    'redshift-serverless:GetCredentials',
    'sts:GetFederationToken',
    'sts:GetServiceBearerToken',
  ]),
  ...actions('opens a session that stays open when the grant is over', [
    'cloudshell:CreateSession',
    'ec2-instance-connect:OpenTunnel',
    'ec2-instance-connect:SendSSHPublicKey',
    'ec2-instance-connect:SendSerialConsoleSSHPublicKey',
    'ecs:ExecuteCommand',
    'rds-db:connect',
    'ssm:ResumeSession',
    'ssm:StartSession',
  ]),
  ...actions('shows a secret that stays known when the grant is over', [
    'secretsmanager:BatchGetSecretValue',
    'secretsmanager:GetSecretValue',
  ]),
  ...actions('sets something up that goes on acting when the grant is over', [
    'events:PutTargets',
    'lambda:CreateFunctionUrlConfig',
    'lambda:UpdateFunctionCode',
    'scheduler:CreateSchedule',
    'scheduler:UpdateSchedule',
    'ssm:CreateAssociation',
    'ssm:SendCommand',
  ]),
}

/** Role chaining: a role's session lasts up to twelve hours, whatever becomes of the grant that opened it. */
export const CHAINING = actions('opens the session of a role, which outlives the grant and has rights of its own', [
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoot',
])

function actions(why: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, why]))
}
