import { EXIT, type Exit } from '../exit.ts'
import { inkFor } from '../print/ink.ts'
import { printJson } from '../print/json.ts'
import { requestText } from '../print/request-text.ts'
import type { Surroundings } from '../surroundings.ts'
import { $Request } from './answers.ts'
import type { Api } from './api.ts'
import { parsedAnswer } from './api-command.ts'

/** Posts to a route of a request and shows what it has become. */
export async function changeRequest(
  api: Api,
  path: string,
  body: object | undefined,
  asJson: boolean,
  surroundings: Surroundings,
  headers: Readonly<Record<string, string>> = {},
): Promise<Exit> {
  const answer = await api.post(path, body, headers)
  const changed = parsedAnswer($Request, answer)
  const { out } = surroundings
  if (asJson) printJson(surroundings, answer)
  else out.write(requestText(changed, inkFor(out, surroundings)))
  return EXIT.ok
}
