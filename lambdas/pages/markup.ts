import { html as honoHtml, raw } from 'hono/html'
import { visible } from './visible.ts'

/** HTML that is safe to put into HTML: only `html` and `trusted` make it. */
export type Markup = ReturnType<typeof raw>

/** What a template takes. Strings are made visible and escaped; markup is put in as it is; nothing comes of `undefined` and `false`. */
export type Child = string | number | Markup | undefined | false | readonly Child[]

/**
 * A template that escapes by itself: html`<p>${reason}</p>`.
 * Invariant: no text reaches a page or a mail unescaped, nor with characters that hide or reorder it.
 */
export function html(strings: TemplateStringsArray, ...children: readonly Child[]): Markup {
  const markup = honoHtml(strings, ...children.map(shown))
  if (markup instanceof Promise) throw new TypeError('a template holds nothing to wait for')
  return markup
}

/** Text of ours that is markup already, such as the style. Never for anything a person wrote. */
export function trusted(text: string): Markup {
  return raw(text)
}

function shown(child: Child): Child {
  if (typeof child === 'string') return visible(child)
  return isList(child) ? child.map(shown) : child
}

function isList(child: Child): child is readonly Child[] {
  return Array.isArray(child)
}
