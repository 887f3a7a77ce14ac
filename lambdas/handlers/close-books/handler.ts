import type { Logger } from '@aws-lambda-powertools/logger'
import { type CloseBooksDeps, closeTheBooks } from '../../application/close-books.ts'

/** Every five minutes: what was done with the grants that are over. What was done outside a window is a warning; what failed is tried again. */
export function createHandler(deps: CloseBooksDeps, logger: Pick<Logger, 'error' | 'warn'>) {
  return async () => {
    const looks = await closeTheBooks(deps)
    for (const look of looks) {
      if (look.what === 'failed') logger.error('books could not be closed', { requestId: look.of, cause: look.error })
      else if (look.violations > 0) {
        logger.warn('a grant was used outside its window', { requestId: look.of, violations: look.violations })
      }
    }
    return { looks: looks.length, failed: looks.filter(({ what }) => what === 'failed').length }
  }
}
