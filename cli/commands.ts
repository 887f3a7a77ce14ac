import type { Command } from './command.ts'
import { approve } from './commands/approve.ts'
import { cancel } from './commands/cancel.ts'
import { check } from './commands/check.ts'
import { completionOf } from './commands/completion.ts'
import { deny } from './commands/deny.ts'
import { doctor } from './commands/doctor.ts'
import { end } from './commands/end.ts'
import { entitlements } from './commands/entitlements.ts'
import { explainCommand } from './commands/explain.ts'
import { extend } from './commands/extend.ts'
import { findingsClose } from './commands/findings-close.ts'
import { findingsList } from './commands/findings-list.ts'
import { findingsShow } from './commands/findings-show.ts'
import { freeze } from './commands/freeze.ts'
import { list } from './commands/list.ts'
import { preview } from './commands/preview.ts'
import { replayCommand } from './commands/replay.ts'
import { report } from './commands/report.ts'
import { request } from './commands/request.ts'
import { reviewCreate } from './commands/review-create.ts'
import { reviewDownload } from './commands/review-download.ts'
import { reviewList } from './commands/review-list.ts'
import { revoke } from './commands/revoke.ts'
import { settle } from './commands/settle.ts'
import { status } from './commands/status.ts'
import { unfreeze } from './commands/unfreeze.ts'
import { verify } from './commands/verify.ts'

/** Every command, in the order help lists them. A new one is a file in `cli/commands/` and a line here. */
export const COMMANDS: readonly Command[] = [
  entitlements,
  preview,
  request,
  status,
  report,
  list,
  cancel,
  end,
  extend,
  approve,
  deny,
  settle,
  revoke,
  freeze,
  unfreeze,
  findingsList,
  findingsShow,
  findingsClose,
  reviewCreate,
  reviewList,
  reviewDownload,
  check,
  explainCommand,
  replayCommand,
  verify,
  doctor,
  completionOf(() => COMMANDS),
]
