#!/usr/bin/env node
import { join } from 'node:path'
import { App, Tags } from 'aws-cdk-lib'
import { loadAccessFile } from '../lib/access-file/load.ts'
import { contextOf } from '../lib/context.ts'
import { LapseStack } from '../lib/lapse-stack.ts'

/**
 * Context (`-c key=value`): `access` the access file (default `access.yaml`) · `publicUrl` where approvers reach the pages, if not
 * API Gateway's own address · `retentionDays` how long the archive cannot be changed · `boundaries` ARNs, with commas between, of
 * permissions boundaries one of which people must carry · `attachmentsPerUser` IAM's quota, if AWS has raised it (10) ·
 * `trail` where the files of the account's CloudTrail trail lie, `trailKey` the ARN of the KMS key they are encrypted with ·
 * `concurrency` `off` for an account whose Lambda quota is too small to reserve executions · `tags` `key=value,key=value` for everything.
 */
const app = new App()
const context = contextOf(app.node.getAllContext())
const { publicUrl, retentionDays, boundaries, attachmentsPerUser, trail, trailKey, concurrency, tags } = context

new LapseStack(app, 'Lapse', {
  description: 'Lapse: just-in-time IAM elevation that ends by itself',
  env: environment(),
  ...loadAccessFile(context.access ?? join(import.meta.dirname, '..', 'access.yaml')),
  publicUrl,
  archiveRetentionDays: retentionDays,
  boundaries,
  attachmentsPerUser,
  trail,
  trailKey,
  reservesConcurrency: concurrency === 'on',
})
for (const [key, value] of tags) Tags.of(app).add(key, value)

/** The account and region the CDK CLI has credentials for; without any (plain `synth`) the stack fits every region. */
function environment() {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env
  return account && region ? { account, region } : {}
}
