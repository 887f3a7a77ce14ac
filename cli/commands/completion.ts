import * as z from 'zod/mini'
import { type Command, command } from '../command.ts'
import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { EXIT } from '../exit.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const
const SCRIPTS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

/** @param all every command there is, this one too. */
export function completionOf(all: () => readonly Command[]): Command {
  return command({
    name: 'completion',
    does: 'print a script that makes a shell complete lapse',
    examples: ['source <(lapse completion bash)', 'lapse completion fish | source'],
    arguments: [{ form: '<shell>', does: 'bash, zsh or fish', values: SHELLS }],
    given: z.object({ shell: z.enum(SHELLS, `must be one of ${SHELLS.join(', ')}`) }),
    async run({ shell }, { out }) {
      out.write(SCRIPTS[shell](all()))
      return EXIT.ok
    },
  })
}
