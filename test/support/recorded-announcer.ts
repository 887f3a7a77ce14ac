import type { Announcer, Message } from '../../lambdas/application/ports/announcer.ts'
import { Faults } from './faults.ts'

type Kind = Message['kind']

export class RecordedAnnouncer implements Announcer {
  readonly messages: Message[] = []
  /** Whose mail cannot be handed over. */
  readonly unreachable = new Set<string>()
  readonly #faults: Faults

  constructor(faults = new Faults()) {
    this.#faults = faults
  }

  announce(message: Message): Promise<void> {
    return this.#faults.around('announcer.announce', () => {
      if (this.unreachable.has(message.to.id)) throw new Error('mailbox full')
      this.messages.push(message)
    })
  }

  /** `kind to`, in the order told. */
  get told(): readonly string[] {
    return this.messages.map(({ kind, to }) => `${kind} ${to.id}`)
  }

  of<K extends Kind>(kind: K): readonly Extract<Message, { kind: K }>[] {
    return this.messages.filter((message): message is Extract<Message, { kind: K }> => message.kind === kind)
  }
}
