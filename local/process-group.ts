/** Sends a signal to every process of the group led by `pid`; one that is gone already is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (!isNoSuchProcess(error)) throw error
  }
}

/** Whether any process of the group led by `pid` still exists. */
export function isGroupAlive(pid: number): boolean {
  try {
    return process.kill(-pid, 0)
  } catch (error) {
    if (isNoSuchProcess(error)) return false
    throw error
  }
}

// Not by `instanceof Error`: jest runs this in a realm of its own.
function isNoSuchProcess(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH'
}
