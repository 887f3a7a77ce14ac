/** Starts the execution of a request. */
export interface WorkflowStarter {
  /** Starts the execution named after the request. Starting it again changes nothing. */
  start(input: { readonly requestId: string; readonly firstWaitSeconds: number }): Promise<void>
}

/** Wakes the execution of a request that waits for its approvers. */
export interface WorkflowAnswers {
  /** Lets the execution go on to issue the grant. `gone`: the token is no longer waited for. */
  approve(taskToken: string, requestId: string): Promise<'told' | 'gone'>
  /** Ends this wait, because a stage is passed and the people of the next one are to be asked. */
  askNextStage(taskToken: string): Promise<'told' | 'gone'>
  /** Ends this wait, because a mail did not arrive and others are to be asked too. */
  askOthers(taskToken: string): Promise<'told' | 'gone'>
  /** Ends the wait without a grant. */
  close(taskToken: string, why: string): Promise<'told' | 'gone'>
}

/** Where the token of the state that waits for approvers is kept; it is never in a mail, a log or an event. */
export interface TaskTokenStore {
  keep(requestId: string, taskToken: string, expiresAt: Date): Promise<void>
  find(requestId: string): Promise<string | undefined>
}
