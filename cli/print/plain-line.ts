import { visibleLine } from '../../lambdas/pages/visible.ts'

/** Text that others wrote, safe on a terminal: one line, and nothing that moves the cursor, hides or reorders. */
export function plainLine(text: string): string {
  return visibleLine(text)
}
