import type { Fact } from '../request-facts.ts'

/** What a mail says, once. Text and HTML are both made from it, so neither can know something the other does not. */
export interface Letter {
  readonly subject: string
  readonly heading: string
  readonly blocks: readonly Block[]
  readonly organisation: string
  /** Of the one request it is about, if it is about one. */
  readonly requestId?: string | undefined
}

export type Block =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'warning'; readonly text: string }
  | { readonly kind: 'facts'; readonly title: string; readonly facts: readonly Fact[] }
  | { readonly kind: 'policy'; readonly json: string; readonly note: string }
  | { readonly kind: 'code'; readonly label: string; readonly code: string }
  | { readonly kind: 'link'; readonly label: string; readonly url: string }

export function words(text: string): Block {
  return { kind: 'words', text }
}

export function warning(text: string): Block {
  return { kind: 'warning', text }
}

export function facts(title: string, list: readonly Fact[]): Block {
  return { kind: 'facts', title, facts: list }
}
