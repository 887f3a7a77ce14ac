import { styleText } from 'node:util'
import type { Screen, Surroundings } from '../surroundings.ts'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow'
export type Ink = (style: Style, text: string) => string

/** Colours where a person reads them: not when piped, not with NO_COLOR (https://no-color.org), not on a dumb terminal. */
export function inkFor(screen: Screen, { environment }: Pick<Surroundings, 'environment'>): Ink {
  const hasColours = screen.isTerminal && !environment.NO_COLOR && environment.TERM !== 'dumb'
  return (style, text) => (hasColours ? styleText(style, text, { validateStream: false }) : text)
}
